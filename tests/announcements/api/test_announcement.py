"""Announcements through the API."""

import pytest

from accounts.models import User
from announcements.audience import Concern
from announcements.choices import Audience, Kind, Level
from announcements.operations import Words, announce, end_announcement, update_announcement
from entitlements.models import Customer
from tests.programs import program_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contract", "tuesday")]

ALL = "/api/v1/announcements/"


def test_each_reads_what_concerns_them_and_acknowledges_it(
    contact: User, colleague: User, foreign_contact: User, customer: Customer, administrator: User
) -> None:
    ours = announce(
        Words(Kind.PROBLEM, Level.IMPORTANT, "Slow updates", "We work on it."),
        Concern(Audience.CHOSEN, customers=(customer.pk,)),
        by=administrator,
    )
    update_announcement(ours, body="Half of it works.", by=administrator)
    program = program_of(contact)
    told = program.get(ALL).json()["results"]
    assert [(one["title"], one["is_acknowledged"]) for one in told] == [("Slow updates", False)]
    assert [one["body"] for one in told[0]["updates"]] == ["Half of it works."]
    done = program.post(f"{ALL}{ours.pk}/reading/")
    assert (done.status_code, done.json()["is_acknowledged"]) == (200, True)
    other = program_of(colleague).get(f"{ALL}{ours.pk}/").json()
    assert other["is_acknowledged"] is False
    stranger = program_of(foreign_contact)
    assert stranger.get(f"{ALL}{ours.pk}/").status_code == 404
    assert stranger.post(f"{ALL}{ours.pk}/reading/").status_code == 404
    assert stranger.get(ALL).json()["results"] == []


def test_they_are_listed_by_state(contact: User, administrator: User) -> None:
    notice = announce(
        Words(Kind.NOTICE, Level.URGENT, "Maintenance", "On Sunday."),
        Concern(Audience.EVERYBODY),
        by=administrator,
    )
    program = program_of(contact)
    assert len(program.get(f"{ALL}?state=current").json()["results"]) == 1
    end_announcement(notice, body="It is over.", by=administrator)
    assert program.get(f"{ALL}?state=current").json()["results"] == []
    assert program.get(f"{ALL}?state=other").status_code == 400
