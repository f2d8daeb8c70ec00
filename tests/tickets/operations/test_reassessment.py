"""Filed terms do not move by themselves; a lead re-assesses them, and both deadlines stay.

MSA Business: High 8 working hours, 09:00-19:00 ET; Enterprise: High 4 h around the clock.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Contract, Customer, Edition
from entitlements.operations.contracts import change_edition, change_zone
from sla.calendar_draft import Draft
from sla.choices import ClockEventKind
from sla.models import Calendar, CalendarVersion
from sla.operations import change_calendar
from tests.factories.tickets import (
    kinds_of,
    make_ticket,
    newest_event,
    nothing_changes,
    told_of,
)
from tickets.choices import Basis, EventKind
from tickets.errors import InvalidTransition
from tickets.models import Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import answer_ticket
from tickets.operations.excuses import excuse_breach
from tickets.operations.reassessment import reassess_ticket
from tickets.operations.severity import change_severity
from tickets.reassessment import outlooks

pytestmark = pytest.mark.django_db

# Tue 10 Mar 2026, in UTC; ET is UTC-4.
NOON = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)
FIVE = datetime(2026, 3, 10, 21, 0, tzinfo=UTC)
SEVEN = datetime(2026, 3, 10, 23, 0, tzinfo=UTC)
# Wed 11 Mar, 12:00 ET, a day and an hour after the filing.
WEDNESDAY_NOON = datetime(2026, 3, 11, 16, 0, tzinfo=UTC)
WEDNESDAY = date(2026, 3, 11)


@pytest.fixture
def late_ticket(contact: User, customer: Customer) -> Ticket:
    """High, of Tue 17:00 ET: 2 h on Tuesday and 6 on Wednesday, due Wed 15:00 ET."""
    return make_ticket(contact, customer, now=FIVE)


def due_of(ticket: Ticket) -> datetime | None:
    ticket.refresh_from_db()
    assert ticket.response_clock is not None
    assert ticket.response_clock.replayed() == ticket.response_clock.figures
    return ticket.response_clock.due_at


def close_on(day: date, by: User, *, now: datetime = FIVE, key: str = "msa-business-hours") -> None:
    edit(by, now=now, key=key, own_closures={day: "Office move"})


def edit(
    by: User, *, now: datetime = FIVE, key: str = "msa-business-hours", **facts: object
) -> CalendarVersion:
    calendar = Calendar.objects.get(key=key)
    draft = Draft.of(calendar.current)
    values = {name: getattr(draft, name) for name in draft.__slots__} | facts
    return change_calendar(
        calendar,
        draft=Draft(**values),
        based_on=calendar.current.number,
        reason="Office move.",
        by=by,
        now=now,
    )


WEDNESDAY_15 = datetime(2026, 3, 11, 19, 0, tzinfo=UTC)
THURSDAY_15 = datetime(2026, 3, 12, 19, 0, tzinfo=UTC)


def test_an_added_closure_moves_nothing_until_it_is_reassessed(
    late_ticket: Ticket, administrator: User, duty_lead: User, engineer: User
) -> None:
    take_ticket(late_ticket, by=engineer, now=FIVE)
    close_on(WEDNESDAY, administrator)
    assert due_of(late_ticket) == WEDNESDAY_15

    reassess_ticket(
        late_ticket,
        basis=Basis.CALENDAR,
        reason="We move on Wednesday.",
        seen_due_at=THURSDAY_15,
        by=duty_lead,
        now=FIVE + timedelta(minutes=1),
    )

    assert due_of(late_ticket) == THURSDAY_15
    clock = late_ticket.response_clock
    assert clock is not None
    reassessed = clock.events.get(kind=ClockEventKind.REASSESSED)
    assert (reassessed.superseded_due_at, reassessed.reason) == (
        WEDNESDAY_15,
        "We move on Wednesday.",
    )
    assert clock.calendar_version.number == 2
    event = newest_event(late_ticket)
    assert kinds_of(late_ticket) == [EventKind.TAKEN, EventKind.REASSESSED]
    assert (event.by, event.reason) == (duty_lead, "We move on Wednesday.")
    assert event.details == {
        "basis": "calendar",
        "deadline": ["2026-03-11T19:00:00+00:00", "2026-03-12T19:00:00+00:00"],
    }
    assert told_of(event) == {"Priya Raman", "Mara Kovac"}


def test_edited_windows_move_nothing_until_they_are_reassessed(
    late_ticket: Ticket, administrator: User, duty_lead: User
) -> None:
    edit(administrator, windows={day: [["09:00", "13:00"]] for day in ("tue", "wed", "thu", "fri")})
    assert due_of(late_ticket) == WEDNESDAY_15

    # Nothing is left of Tuesday: 4 h on Wednesday, 4 on Thursday.
    reassess_ticket(
        late_ticket, basis=Basis.CALENDAR, reason="Shorter days.", by=duty_lead, now=FIVE
    )
    assert due_of(late_ticket) == datetime(2026, 3, 12, 17, 0, tzinfo=UTC)


def test_an_amended_contract_moves_nothing_until_it_is_reassessed(
    late_ticket: Ticket, contract: Contract, administrator: User, duty_lead: User
) -> None:
    enterprise = Edition.objects.get(key="msa-enterprise")
    change_edition(contract, edition=enterprise, reason="Upgrade.", by=administrator, now=FIVE)
    assert due_of(late_ticket) == WEDNESDAY_15
    assert late_ticket.edition.key == "msa-business"

    reassess_ticket(
        late_ticket, basis=Basis.CONTRACT, reason="They upgraded.", by=duty_lead, now=FIVE
    )

    assert due_of(late_ticket) == FIVE + timedelta(hours=4)
    assert late_ticket.edition == enterprise
    assert late_ticket.service_level.severity == Severity.HIGH
    clock = late_ticket.response_clock
    assert clock is not None
    assert (clock.ladder.key, late_ticket.weight) == ("highest", 4)


def test_a_deadline_of_better_terms_that_has_passed_counts_from_now(
    late_ticket: Ticket, contract: Contract, administrator: User, duty_lead: User
) -> None:
    enterprise = Edition.objects.get(key="msa-enterprise")
    change_edition(contract, edition=enterprise, reason="Upgrade.", by=administrator, now=FIVE)

    # Tue 21:00 ET would have been the deadline; four hours from Wed 12:00 are 16:00, later than
    # the 15:00 that was promised.
    reassess_ticket(
        late_ticket,
        basis=Basis.CONTRACT,
        reason="They upgraded.",
        by=duty_lead,
        now=WEDNESDAY_NOON,
    )
    assert due_of(late_ticket) == WEDNESDAY_15


def test_an_amended_zone_is_counted_from_the_filing(
    late_ticket: Ticket, contract: Contract, administrator: User, duty_lead: User
) -> None:
    change_zone(contract, zone="America/Chicago", reason="They moved.", by=administrator, now=FIVE)
    assert due_of(late_ticket) == WEDNESDAY_15

    reassess_ticket(late_ticket, basis=Basis.CONTRACT, reason="Moved.", by=duty_lead, now=FIVE)

    # 17:00 ET is 16:00 CT: 3 h on Tuesday, 5 from 09:00 CT on Wednesday: 14:00 CT, 15:00 ET.
    assert due_of(late_ticket) == WEDNESDAY_15
    assert late_ticket.response_clock is not None
    assert late_ticket.response_clock.zone == "America/Chicago"


def test_a_changed_severity_stays_on_the_edition_filed_under(
    late_ticket: Ticket, contract: Contract, administrator: User, engineer: User
) -> None:
    enterprise = Edition.objects.get(key="msa-enterprise")
    change_edition(contract, edition=enterprise, reason="Upgrade.", by=administrator, now=FIVE)

    change_severity(
        late_ticket, severity=Severity.MEDIUM, reason="A detour works.", by=engineer, now=FIVE
    )

    # Business, Medium: 12 working hours from Tue 17:00: 2 on Tuesday, 10 on Wednesday.
    assert due_of(late_ticket) == datetime(2026, 3, 11, 23, 0, tzinfo=UTC)
    assert late_ticket.edition.key == "msa-business"


def test_the_cap_of_a_raised_severity_moves_with_the_calendar(
    contact: User, customer: Customer, administrator: User, engineer: User, duty_lead: User
) -> None:
    # Medium, 12 h from Tue 11:00: 8 on Tuesday, 4 on Wednesday, due Wed 13:00 ET.
    ticket = make_ticket(contact, customer, severity=Severity.MEDIUM)
    # High from Wed 08:00 would be due Wed 17:00; the 13:00 of before stays.
    raised_at = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
    change_severity(ticket, severity=Severity.HIGH, reason="Worse.", by=engineer, now=raised_at)
    assert due_of(ticket) == datetime(2026, 3, 11, 17, 0, tzinfo=UTC)

    close_on(WEDNESDAY, administrator, now=raised_at)
    reassess_ticket(ticket, basis=Basis.CALENDAR, reason="Closed.", by=duty_lead, now=raised_at)

    assert due_of(ticket) == datetime(2026, 3, 12, 17, 0, tzinfo=UTC)


def test_a_clock_that_waits_for_a_call_waits_for_the_opening_of_today(
    foreign_contact: User, foreign_customer: Customer, administrator: User, duty_lead: User
) -> None:
    saturday = datetime(2026, 3, 14, 14, 12, tzinfo=UTC)
    ticket = make_ticket(
        foreign_contact, foreign_customer, severity=Severity.CRITICAL, now=saturday
    )
    # Enterprise, Critical: half an hour from Monday's opening, 09:00 ET.
    assert due_of(ticket) == datetime(2026, 3, 16, 13, 30, tzinfo=UTC)

    close_on(date(2026, 3, 16), administrator, now=saturday)
    reassess_ticket(ticket, basis=Basis.CALENDAR, reason="Closed.", by=duty_lead, now=saturday)

    assert due_of(ticket) == datetime(2026, 3, 17, 13, 30, tzinfo=UTC)
    assert ticket.response_clock is not None
    assert ticket.response_clock.waits_for_call


def test_a_miss_that_no_longer_is_one_loses_its_excuse(
    late_ticket: Ticket, administrator: User, duty_lead: User
) -> None:
    five_past = WEDNESDAY_15 + timedelta(minutes=5)
    excuse_breach(late_ticket, reason="Closed.", by=duty_lead, now=five_past)
    close_on(WEDNESDAY, administrator, now=five_past)

    reassess_ticket(
        late_ticket, basis=Basis.CALENDAR, reason="Closed.", by=duty_lead, now=five_past
    )

    assert due_of(late_ticket) == THURSDAY_15
    assert late_ticket.response_clock is not None
    assert late_ticket.response_clock.excused_at is None


def test_what_would_not_move_is_not_offered(late_ticket: Ticket, administrator: User) -> None:
    close_on(date(2026, 4, 1), administrator)
    assert outlooks(late_ticket, FIVE) == {}


def test_both_bases_are_offered_with_both_deadlines(
    late_ticket: Ticket, contract: Contract, administrator: User
) -> None:
    close_on(WEDNESDAY, administrator)
    change_zone(contract, zone="America/Chicago", reason="They moved.", by=administrator, now=FIVE)

    found = outlooks(late_ticket, FIVE)

    assert list(found) == [Basis.CALENDAR, Basis.CONTRACT]
    assert {one.before for one in found.values()} == {WEDNESDAY_15}
    assert {one.after for one in found.values()} == {THURSDAY_15}


@pytest.mark.parametrize("who", ["engineer", "administrator", "contact", "tam"])
def test_only_a_lead_reassesses(
    late_ticket: Ticket, administrator: User, who: str, request: pytest.FixtureRequest
) -> None:
    close_on(WEDNESDAY, administrator)
    user = request.getfixturevalue(who)
    with nothing_changes(), pytest.raises(NotAllowed):
        reassess_ticket(late_ticket, basis=Basis.CALENDAR, reason="x", by=user, now=FIVE)


def test_a_reassessment_says_why(late_ticket: Ticket, administrator: User, duty_lead: User) -> None:
    close_on(WEDNESDAY, administrator)
    with nothing_changes(), pytest.raises(InvalidInput, match="Say why"):
        reassess_ticket(late_ticket, basis=Basis.CALENDAR, reason=" ", by=duty_lead, now=FIVE)


def test_a_deadline_other_than_the_one_shown_is_refused(
    late_ticket: Ticket, administrator: User, duty_lead: User
) -> None:
    close_on(WEDNESDAY, administrator)
    with nothing_changes(), pytest.raises(InvalidTransition, match="not as shown"):
        reassess_ticket(
            late_ticket,
            basis=Basis.CALENDAR,
            reason="Closed.",
            seen_due_at=WEDNESDAY_15,
            by=duty_lead,
            now=FIVE,
        )


@pytest.mark.parametrize("basis", list(Basis))
def test_terms_that_are_todays_have_nothing_to_reassess(
    late_ticket: Ticket, duty_lead: User, basis: Basis
) -> None:
    with nothing_changes(), pytest.raises(InvalidTransition):
        reassess_ticket(late_ticket, basis=basis, reason="x", by=duty_lead, now=FIVE)


def test_a_stopped_clock_keeps_its_deadline(
    late_ticket: Ticket, administrator: User, engineer: User, duty_lead: User
) -> None:
    answer_ticket(late_ticket, body="We look.", qualified=True, by=engineer, now=FIVE)
    close_on(WEDNESDAY, administrator)
    with nothing_changes(), pytest.raises(InvalidTransition):
        reassess_ticket(late_ticket, basis=Basis.CALENDAR, reason="x", by=duty_lead, now=FIVE)


def test_a_clock_that_waits_for_a_call_waits_for_the_opening_in_the_amended_zone(
    foreign_contact: User,
    foreign_customer: Customer,
    foreign_contract: Contract,
    administrator: User,
    duty_lead: User,
) -> None:
    # Tue 23:00 ET.
    night = datetime(2026, 3, 11, 3, 0, tzinfo=UTC)
    ticket = make_ticket(foreign_contact, foreign_customer, now=night)
    assert ticket.response_clock is not None
    assert ticket.response_clock.waits_for_call
    change_zone(
        foreign_contract, zone="Europe/Berlin", reason="They moved.", by=administrator, now=night
    )
    filed_there = make_ticket(foreign_contact, foreign_customer, now=night)

    reassess_ticket(ticket, basis=Basis.CONTRACT, reason="Moved.", by=duty_lead, now=night)

    assert due_of(ticket) == due_of(filed_there)
    assert filed_there.response_clock is not None
    assert ticket.response_clock.started_at == filed_there.response_clock.started_at
