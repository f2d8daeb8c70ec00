"""Choosing how mail comes: what is kept, what is refused, what is recorded."""

from datetime import time
from typing import Any

import pytest
from django.db import IntegrityError

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from notifications.choices import Reach, Topic
from notifications.models import Preferences
from notifications.operations.preferences import choose_mail, preferences_of
from tests.racing import race

pytestmark = pytest.mark.django_db

CHOICE: dict[str, Any] = {
    "reaches": {Topic.ANSWERS: Reach.DIGEST, Topic.CHANGES: Reach.NONE},
    "digest_at": time(7, 30),
    "quiet_from": time(19),
    "quiet_until": time(7),
    "quiet_days": [4, 0],
}


def test_a_choice_is_kept_and_recorded(contact: User) -> None:
    choose_mail(contact, by=contact, **CHOICE)

    kept = preferences_of(contact)
    assert kept.reach_of(Topic.ANSWERS) == Reach.DIGEST
    assert kept.reach_of(Topic.CHANGES) == Reach.NONE
    assert kept.reach_of(Topic.ESCALATION) == Reach.EACH
    assert (kept.digest_at, kept.quiet_from, kept.quiet_until) == (time(7, 30), time(19), time(7))
    assert kept.quiet_days == [0, 4]
    event = AuditEvent.objects.get(action="mail preferences changed")
    assert (event.by, event.subject) == (contact, contact.name)
    assert event.changes == {
        "digest": ["08:00", "07:30"],
        "quiet hours": ["", "19:00 to 07:00"],
        "quiet days": ["", "Monday, Friday"],
        "Answers and messages": ["Each at once", "In the digest"],
        "Changes of a ticket": ["Each at once", "Not by e-mail"],
    }


def test_the_same_choice_again_is_no_change(contact: User) -> None:
    choose_mail(contact, by=contact, **CHOICE)
    choose_mail(contact, by=contact, **CHOICE)
    assert AuditEvent.objects.filter(action="mail preferences changed").count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quiet_until": None}, "quiet_until"),
        ({"quiet_from": None}, "quiet_from"),
        ({"quiet_until": time(19)}, "quiet_until"),
        ({"quiet_days": []}, "quiet_days"),
    ],
)
def test_half_of_quiet_hours_is_refused(contact: User, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        choose_mail(contact, by=contact, **(CHOICE | wrong))
    assert refusal.value.field == field
    assert not Preferences.objects.exists()
    assert not AuditEvent.objects.filter(action="mail preferences changed").exists()


def test_nobody_chooses_for_somebody_else(contact: User, administrator: User) -> None:
    with pytest.raises(NotAllowed):
        choose_mail(contact, by=administrator, **CHOICE)
    assert not Preferences.objects.exists()


def test_days_go_with_their_hours(contact: User) -> None:
    choose_mail(contact, by=contact, **(CHOICE | {"quiet_from": None, "quiet_until": None}))
    kept = preferences_of(contact)
    assert (kept.quiet_days, kept.quiet_hours) == ([], None)


@pytest.mark.parametrize(
    "wrong",
    [{"quiet_until": None}, {"quiet_from": time(7), "quiet_until": time(7)}, {"quiet_days": []}],
)
def test_the_database_refuses_half_of_quiet_hours(contact: User, wrong: dict[str, Any]) -> None:
    whole = {"quiet_from": time(19), "quiet_until": time(7), "quiet_days": [0]}
    with pytest.raises(IntegrityError, match="quiet_hours_are_whole_or_absent"):
        Preferences.objects.create(user=contact, **(whole | wrong))


@pytest.mark.django_db(transaction=True)
def test_two_first_choices_at_once_leave_one(contact: User) -> None:
    outcomes = race(*[lambda: choose_mail(contact, by=contact, **CHOICE)] * 2)
    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert Preferences.objects.count() == 1
