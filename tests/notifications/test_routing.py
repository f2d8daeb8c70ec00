"""How a notice reaches somebody: the matrix of choice, urgency and hour."""

from datetime import UTC, datetime, time

import pytest

from accounts.models import User
from notifications.choices import Reach, Topic
from notifications.models import Preferences
from notifications.routing import route_mail

# Tue 10 Mar 2026 in New York, UTC-4: noon, and three at night. Quiet from 22:00 until 07:00.
NOON = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)
NIGHT = datetime(2026, 3, 10, 7, 0, tzinfo=UTC)
SEVEN = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
EIGHT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
EIGHT_TOMORROW = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)


def preferences(reach: str, digest_at: time = time(8)) -> Preferences:
    return Preferences(
        user=User(timezone="America/New_York"),
        choices={Topic.ANSWERS.value: reach},
        digest_at=digest_at,
        quiet_from=time(22),
        quiet_until=time(7),
        quiet_days=[0, 1, 2, 3, 4, 5, 6],
    )


#  choice    at     urgent must   24x7   expected        until
MATRIX = [
    ("each", NOON, False, False, False, Reach.EACH, None),
    ("each", NIGHT, False, False, False, Reach.DIGEST, SEVEN),
    ("each", NIGHT, False, False, True, Reach.EACH, None),
    ("each", NIGHT, True, False, False, Reach.EACH, None),
    ("digest", NOON, False, False, False, Reach.DIGEST, EIGHT_TOMORROW),
    ("digest", NIGHT, False, False, False, Reach.DIGEST, EIGHT),
    ("digest", NIGHT, False, False, True, Reach.DIGEST, EIGHT),
    ("digest", NOON, True, False, False, Reach.EACH, None),
    ("digest", NOON, False, True, False, Reach.EACH, None),
    ("digest", NIGHT, False, True, False, Reach.DIGEST, SEVEN),
    ("none", NOON, False, False, False, Reach.NONE, None),
    ("none", NIGHT, False, False, True, Reach.NONE, None),
    # Never none: urgent, and a customer's own critical ticket.
    ("none", NOON, True, False, False, Reach.EACH, None),
    ("none", NIGHT, True, False, False, Reach.EACH, None),
    ("none", NOON, False, True, False, Reach.EACH, None),
    ("none", NIGHT, False, True, False, Reach.DIGEST, SEVEN),
    ("none", NIGHT, False, True, True, Reach.EACH, None),
]


@pytest.mark.parametrize(("choice", "now", "urgent", "must", "always", "reach", "until"), MATRIX)
def test_a_mail_goes_the_way_of_the_matrix(
    choice: str,
    now: datetime,
    *,
    urgent: bool,
    must: bool,
    always: bool,
    reach: Reach,
    until: datetime | None,
) -> None:
    route = route_mail(
        preferences(choice),
        Topic.ANSWERS,
        urgent=urgent,
        must_reach=must,
        around_the_clock=always,
        now=now,
    )
    assert route == (reach, until)


def test_a_digest_due_in_quiet_hours_comes_at_their_end() -> None:
    route = route_mail(
        preferences("digest", digest_at=time(5)),
        Topic.ANSWERS,
        urgent=False,
        must_reach=False,
        around_the_clock=False,
        now=NOON,
    )
    assert route == (Reach.DIGEST, datetime(2026, 3, 11, 11, 0, tzinfo=UTC))


@pytest.mark.parametrize("topic", Topic)
def test_who_chose_nothing_is_mailed_at_once(topic: Topic) -> None:
    route = route_mail(
        Preferences(user=User(timezone="America/New_York")),
        topic,
        urgent=False,
        must_reach=False,
        around_the_clock=False,
        now=NIGHT,
    )
    assert route == (Reach.EACH, None)
