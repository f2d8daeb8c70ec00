"""The feed, as a calendar program reads it."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from accounts.choices import Role
from sla.operations.roster_feeds import make_roster_feed, revoke_roster_feed
from sla.operations.shifts import give_shift, remove_shift
from tests.factories import entitlements as factory
from tests.factories.roster import NOW, make_shift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def other(db):
    return factory.make_staff_member("Tomas Herrera", Role.ENGINEER)


def events_of(secret: str) -> list[Any]:
    """What a program without a session finds at the address."""
    answer = Client().get(f"/roster/{secret}.ics")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"
    return Calendar.from_ical(answer.content).walk("VEVENT")


def test_it_has_only_the_persons_own_shifts_in_utc(engineer, other, duty_lead):
    make_shift(engineer, duty_lead, 24, 8)
    make_shift(other, duty_lead, 32, 8)
    _, secret = make_roster_feed(by=engineer, now=NOW)

    (event,) = events_of(secret)

    assert event.decoded("dtstart") == datetime(2026, 3, 11, 15, tzinfo=UTC)
    assert event.decoded("dtend") == datetime(2026, 3, 11, 23, tzinfo=UTC)
    assert str(event["summary"]) == "Engineer on duty"


def test_a_shift_keeps_its_uid_and_a_removed_or_given_one_leaves(engineer, other, duty_lead):
    first = make_shift(engineer, duty_lead, 24, 8)
    second = make_shift(engineer, duty_lead, 48, 8)
    third = make_shift(engineer, duty_lead, 72, 8)
    _, secret = make_roster_feed(by=engineer, now=NOW)
    before = {str(event["uid"]) for event in events_of(secret)}

    remove_shift(first, reason="Ill", by=duty_lead, now=NOW)
    give_shift(second, person=other, reason="Ill", by=duty_lead, now=NOW)

    (event,) = events_of(secret)
    assert str(event["uid"]) in before
    assert str(event["uid"]).startswith(f"shift-{third.pk}@")
    assert len(before) == 3


def test_a_wrong_or_revoked_secret_finds_nothing(client, engineer):
    feed, secret = make_roster_feed(by=engineer, now=NOW)

    assert client.get("/roster/wrong.ics").status_code == 404
    assert client.get(f"/roster/{feed.digest}.ics").status_code == 404
    assert client.get(f"/roster/{secret}.ics").status_code == 200
    revoke_roster_feed(feed, by=engineer, now=NOW)
    assert client.get(f"/roster/{secret}.ics").status_code == 404


@pytest.mark.parametrize("change", [{"is_active": False}, {"roles": []}])
def test_the_feed_of_somebody_who_left_finds_nothing(client, engineer, change):
    _, secret = make_roster_feed(by=engineer, now=NOW)
    type(engineer).objects.filter(pk=engineer.pk).update(**change)

    assert client.get(f"/roster/{secret}.ics").status_code == 404


def test_the_address_is_shown_once_and_works(client, engineer, duty_lead):
    make_shift(engineer, duty_lead, 24, 8)
    client.force_login(engineer)

    page = client.post("/roster/feed/").content.decode()
    again = client.get("/roster/").content.decode()

    (secret, *_) = re.findall(r"http://testserver/roster/([\w-]{43})\.ics", page)
    assert len(events_of(secret)) == 1
    assert secret not in again
    assert "End feed" in again
    client.post("/roster/feed/revocation/")
    assert Client().get(f"/roster/{secret}.ics").status_code == 404
