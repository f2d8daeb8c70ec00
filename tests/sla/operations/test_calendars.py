"""Calendars made and changed: a version each, one audit row each, and what is refused."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from entitlements.models import Plan
from sla.calendar_draft import Draft
from sla.errors import CalendarConflict
from sla.models import Calendar, CalendarVersion
from sla.operations import change_calendar, create_calendar
from tests.factories import entitlements as factory
from tests.racing import race, refusals

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
WORKING_DAYS = ("mon", "tue", "wed", "thu", "fri")
BERLIN = Draft(
    zone="Europe/Berlin",
    windows={day: [["08:00", "12:00"], ["13:00", "17:00"]] for day in WORKING_DAYS},
    country="DE",
    subdivision="BY",
)


@pytest.fixture
def calendar(catalogue: dict[str, Any]) -> Calendar:
    return Calendar.objects.get(key="msa-business-hours")


def draft_of(calendar: Calendar, **facts: Any) -> Draft:
    draft = Draft.of(calendar.current)
    return Draft(**{name: getattr(draft, name) for name in draft.__slots__} | facts)


def add_closure(calendar: Calendar, by: User, *, based_on: int = 1) -> CalendarVersion:
    return change_calendar(
        calendar,
        draft=draft_of(calendar, own_closures={date(2026, 3, 11): "Office move"}),
        based_on=based_on,
        reason="We move.",
        by=by,
        now=NOW,
    )


@pytest.mark.django_db
def test_a_calendar_is_made_with_its_first_version(administrator: User) -> None:
    calendar = create_calendar(
        name="Munich hours", draft=BERLIN, reason="A new office.", by=administrator, now=NOW
    )

    version = calendar.current
    assert (calendar.key, version.number, version.by) == ("munich-hours", 1, administrator)
    assert (version.reason, version.created_at) == ("A new office.", NOW)
    # Corpus Christi 2026 is a holiday in Bavaria, and not in all of Germany.
    assert version.closure_name(date(2026, 6, 4)) == "Corpus Christi"
    audit = AuditEvent.objects.get(subject_type="sla.calendar")
    assert (audit.action, audit.reason, audit.by) == (
        "calendar made",
        "A new office.",
        administrator,
    )
    assert audit.changes["Monday"] == ["", "08:00–12:00 and 13:00–17:00"]
    assert audit.changes["Holidays"] == ["", "Germany, Bayern"]


@pytest.mark.django_db
def test_a_change_adds_a_version_and_one_audit_row(calendar: Calendar, administrator: User) -> None:
    first = calendar.current
    version = add_closure(calendar, administrator)

    assert (version.number, version.by, version.reason) == (2, administrator, "We move.")
    assert set(version.closures) - set(first.closures) == {date(2026, 3, 11)}
    assert version.closure_name(date(2026, 3, 11)) == "Office move"
    assert version.closure_name(date(2026, 7, 3)) == "Independence Day (observed)"
    first.refresh_from_db()
    assert date(2026, 3, 11) not in first.closures
    audit = AuditEvent.objects.get(subject_type="sla.calendar")
    assert (audit.action, audit.changes) == (
        "calendar changed",
        {"Closed on 11 Mar 2026": ["", "Office move"]},
    )


@pytest.mark.django_db
def test_a_holiday_that_is_worked_is_left_out_with_its_observed_days(
    calendar: Calendar, administrator: User
) -> None:
    version = change_calendar(
        calendar,
        draft=draft_of(calendar, skipped_holidays=("Independence Day",)),
        based_on=1,
        reason="We work.",
        by=administrator,
        now=NOW,
    )
    assert date(2026, 7, 3) not in version.closures
    assert date(2026, 7, 4) not in version.closures
    assert date(2027, 7, 5) not in version.closures
    assert date(2026, 12, 25) in version.closures


@pytest.mark.django_db
def test_an_edit_of_an_older_version_is_refused(calendar: Calendar, administrator: User) -> None:
    add_closure(calendar, administrator)
    with pytest.raises(CalendarConflict, match="Chidi Bello saved version 2 while"):
        change_calendar(
            calendar,
            draft=draft_of(calendar, zone="Europe/Berlin"),
            based_on=1,
            reason="x",
            by=administrator,
            now=NOW,
        )
    assert calendar.current.number == 2


@pytest.mark.parametrize("who", ["engineer", "duty_lead", "support_manager", "tam", "contact"])
@pytest.mark.django_db
def test_only_an_administrator_changes_calendars(
    calendar: Calendar, who: str, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        add_closure(calendar, user)
    with pytest.raises(NotAllowed):
        create_calendar(name="Mine", draft=BERLIN, reason="x", by=user)
    assert CalendarVersion.objects.count() == Calendar.objects.count() == 3


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        ({"windows": {}}, "week", "never opens"),
        ({"windows": {"mon": [["09:00", "12:00"], ["11:00", "15:00"]]}}, "week", "overlaps"),
        ({"windows": {"mon": [["9", "12:00"]]}}, "week", "is not a time"),
        ({"zone": "Mars/Olympus"}, "zone", "not a time zone"),
        ({}, None, "This is what version 1 says already"),
    ],
)
@pytest.mark.django_db
def test_what_makes_no_calendar_is_said_beside_its_field(
    calendar: Calendar, administrator: User, facts: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words) as refused:
        change_calendar(
            calendar,
            draft=draft_of(calendar, **facts),
            based_on=1,
            reason="x",
            by=administrator,
        )
    assert refused.value.field == field
    assert calendar.versions.count() == 1


@pytest.mark.django_db
def test_a_change_says_why(calendar: Calendar, administrator: User) -> None:
    with pytest.raises(InvalidInput, match="Say why"):
        change_calendar(
            calendar,
            draft=draft_of(calendar, zone="Europe/Berlin"),
            based_on=1,
            reason=" ",
            by=administrator,
        )


@pytest.mark.parametrize(
    ("name", "words"),
    [("MSA business hours", "Another calendar"), ("—", "letters or"), ("New", "letters or")],
)
@pytest.mark.django_db
def test_a_calendar_has_a_name_of_its_own(
    calendar: Calendar, administrator: User, name: str, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        create_calendar(name=name, draft=BERLIN, reason="x", by=administrator)


@pytest.mark.django_db
def test_the_database_refuses_to_change_a_version(calendar: Calendar, administrator: User) -> None:
    version = add_closure(calendar, administrator)
    version.reason = "Another reason."
    with pytest.raises(DatabaseError), transaction.atomic():
        version.save()


@pytest.mark.django_db(transaction=True)
def test_of_two_edits_at_once_one_is_saved() -> None:
    factory.load_project_catalogue()
    assert Plan.objects.exists()
    administrator = factory.the_administrator()
    calendar = Calendar.objects.get(key="msa-business-hours")

    outcomes = race(
        lambda: add_closure(calendar, administrator), lambda: add_closure(calendar, administrator)
    )

    assert len(refusals(outcomes, CalendarConflict)) == 1
    assert list(calendar.versions.values_list("number", flat=True)) == [2, 1]
    assert AuditEvent.objects.filter(action="calendar changed").count() == 1
