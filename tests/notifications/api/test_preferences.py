"""Mail preferences through the API: one's own, read and chosen."""

import pytest

from accounts.models import AuditEvent, User
from notifications.choices import Reach, Topic
from notifications.operations.preferences import preferences_of
from tests.programs import program_of

PREFERENCES = "/api/v1/mail-preferences/"

pytestmark = pytest.mark.django_db


def test_who_never_chose_reads_the_defaults_of_their_side(contact: User, engineer: User) -> None:
    theirs = program_of(contact).get(PREFERENCES).json()
    assert theirs["topics"] == {
        "answers": "each",
        "changes": "each",
        "escalation": "each",
        "account": "each",
        "service": "each",
        "other": "each",
    }
    assert (theirs["digest_at"], theirs["quiet_from"], theirs["quiet_days"]) == ("08:00", None, [])
    assert "roster" in program_of(engineer).get(PREFERENCES).json()["topics"]


def test_what_is_chosen_is_kept_and_what_is_left_out_stays(contact: User) -> None:
    program = program_of(contact)
    first = {"topics": {"answers": "digest"}, "digest_at": "07:30"}
    assert program.put(PREFERENCES, first).status_code == 200
    then = {
        "topics": {"changes": "none"},
        "digest_at": "09:00",
        "quiet_from": "19:00",
        "quiet_until": "07:00",
        "quiet_days": [0, 4],
    }

    told = program.put(PREFERENCES, then).json()

    assert (told["topics"]["answers"], told["topics"]["changes"]) == ("digest", "none")
    assert (told["digest_at"], told["quiet_from"], told["quiet_days"]) == ("09:00", "19:00", [0, 4])
    assert preferences_of(contact).reach_of(Topic.ANSWERS) == Reach.DIGEST
    assert AuditEvent.objects.filter(action="mail preferences changed").count() == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "digest_at"),
        ({"digest_at": "25:00"}, "digest_at"),
        ({"digest_at": "08:00", "topics": {"roster": "each"}}, "topics"),
        ({"digest_at": "08:00", "topics": {"answers": "often"}}, "topics"),
        ({"digest_at": "08:00", "quiet_from": "19:00"}, "quiet_until"),
        ({"digest_at": "08:00", "quiet_days": [7]}, "quiet_days"),
        ({"digest_at": "08:00", "user": 1}, "user"),
    ],
)
def test_a_choice_that_is_none_is_refused_beside_its_field(
    body: dict[str, object], field: str, contact: User
) -> None:
    answer = program_of(contact).put(PREFERENCES, body)
    assert answer.status_code in {400, 422}
    assert field in answer.content.decode()
