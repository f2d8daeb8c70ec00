"""Open clocks re-assessed together after an edit: shown, decided, done in slices.

MSA Business: High 8 working hours, 09:00-19:00 ET. Filed Tue 10 Mar, 17:00 ET: due Wed 15:00 ET,
and Thu 15:00 ET once Wednesday is closed.
"""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.choices import Role
from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.models import Contract, Customer, Edition
from entitlements.operations.contracts import change_edition
from notifications.models import Notice
from sla.calendar_draft import Draft
from sla.long_runs import work_slice
from sla.models import Calendar, CalendarVersion
from sla.operations import change_calendar
from tests.factories.tickets import kinds_of, make_ticket, newest_event, told_of
from tests.tickets.views.reading import words
from tickets import bulk_reassessment
from tickets.bulk_reassessment import continue_reassessments
from tickets.choices import EventKind, ReassessmentOutcome, TicketKind
from tickets.errors import InvalidTransition
from tickets.models import BulkReassessment, Ticket
from tickets.operations.bulk_reassessment import (
    cancel_bulk_reassessment,
    reassess_calendar,
    reassess_contract,
)
from tickets.operations.conversation import answer_ticket

pytestmark = pytest.mark.django_db

FIVE = datetime(2026, 3, 10, 21, 0, tzinfo=UTC)
HALF_PAST = FIVE + timedelta(minutes=30)
WEDNESDAY_15 = datetime(2026, 3, 11, 19, 0, tzinfo=UTC)
THURSDAY_15 = datetime(2026, 3, 12, 19, 0, tzinfo=UTC)
REASON = "The whole region is closed on Wednesday."


@pytest.fixture(autouse=True)
def _half_past_five(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: HALF_PAST)
    monkeypatch.setattr("tickets.bulk_reassessment.database_now", lambda: HALF_PAST)
    monkeypatch.setattr("tickets.operations.bulk_reassessment.database_now", lambda: HALF_PAST)
    # The work is done here, by hand.
    monkeypatch.setattr("tickets.operations.bulk_reassessment._kick", lambda: None)


@pytest.fixture
def calendar(catalogue: Any) -> Calendar:
    return Calendar.objects.get(key="msa-business-hours")


@pytest.fixture
def tickets(contact: User, customer: Customer, contract: Contract) -> list[Ticket]:
    return [make_ticket(contact, customer, now=FIVE) for _ in range(3)]


def close_wednesday(calendar: Calendar, by: User) -> CalendarVersion:
    draft = Draft.of(calendar.current)
    facts = {name: getattr(draft, name) for name in draft.__slots__}
    return change_calendar(
        calendar,
        draft=Draft(**facts | {"own_closures": {date(2026, 3, 11): "Storm"}}),
        based_on=calendar.current.number,
        reason="Storm.",
        by=by,
        now=FIVE,
    )


def due_of(ticket: Ticket) -> datetime | None:
    clock = Ticket.objects.get(pk=ticket.pk).response_clock
    assert clock is not None
    assert clock.replayed() == clock.figures
    return clock.due_at


def outcomes(run: BulkReassessment) -> list[str]:
    return list(run.lines.order_by("pk").values_list("outcome", flat=True))


def finish() -> None:
    while continue_reassessments():
        pass


def begin(calendar: Calendar, lead: User) -> BulkReassessment:
    return reassess_calendar(calendar, seen=calendar.current.number, reason=REASON, by=lead)


def test_all_open_clocks_of_a_calendar_are_put_on_its_version_of_today(
    calendar: Calendar, tickets: list[Ticket], administrator: User, duty_lead: User
) -> None:
    close_wednesday(calendar, administrator)
    run = begin(calendar, duty_lead)
    assert [due_of(ticket) for ticket in tickets] == [WEDNESDAY_15] * 3

    finish()

    run.refresh_from_db()
    assert [due_of(ticket) for ticket in tickets] == [THURSDAY_15] * 3
    assert (run.is_complete, run.moved, run.kept, run.done) == (True, 3, 0, 3)
    assert outcomes(run) == [ReassessmentOutcome.MOVED] * 3
    for ticket in tickets:
        event = newest_event(ticket)
        assert kinds_of(ticket) == [EventKind.REASSESSED]
        assert (event.by, event.reason) == (duty_lead, REASON)
        assert "Priya Raman" in told_of(event)
    notice = Notice.objects.get(kind="bulk_reassessed")
    assert (notice.recipient, notice.path) == (duty_lead, run.get_absolute_url())


def test_a_ticket_answered_meanwhile_keeps_its_deadline_and_says_why(
    calendar: Calendar,
    tickets: list[Ticket],
    administrator: User,
    duty_lead: User,
    engineer: User,
) -> None:
    close_wednesday(calendar, administrator)
    run = begin(calendar, duty_lead)
    answer_ticket(tickets[1], body="Send the log.", qualified=True, by=engineer, now=HALF_PAST)

    finish()

    run.refresh_from_db()
    assert (run.moved, run.kept) == (2, 1)
    assert due_of(tickets[1]) == WEDNESDAY_15
    line = run.lines.get(ticket=tickets[1])
    assert (line.outcome, line.after) == (ReassessmentOutcome.KEPT, None)
    assert "same moment" in line.why


def test_another_edit_meanwhile_leaves_what_would_not_come_out_as_shown(
    calendar: Calendar, tickets: list[Ticket], administrator: User, duty_lead: User
) -> None:
    close_wednesday(calendar, administrator)
    run = begin(calendar, duty_lead)
    draft = Draft.of(calendar.current)
    facts = {name: getattr(draft, name) for name in draft.__slots__}
    both = {date(2026, 3, 11): "Storm", date(2026, 3, 12): "Storm"}
    change_calendar(
        calendar,
        draft=Draft(**facts | {"own_closures": both}),
        based_on=2,
        reason="It lasts.",
        by=administrator,
        now=HALF_PAST,
    )

    finish()

    run.refresh_from_db()
    assert (run.moved, run.kept) == (0, 3)
    assert {due_of(ticket) for ticket in tickets} == {WEDNESDAY_15}
    assert all("not as shown" in line.why for line in run.lines.all())


def test_a_stretch_is_committed_with_its_position_and_cancelling_keeps_the_rest(
    calendar: Calendar,
    tickets: list[Ticket],
    administrator: User,
    duty_lead: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bulk_reassessment, "STRETCH", 1)
    monkeypatch.setattr(
        bulk_reassessment,
        "work_slice",
        bulk_reassessment_slice,
    )
    close_wednesday(calendar, administrator)
    run = begin(calendar, duty_lead)
    assert continue_reassessments() is True

    cancel_bulk_reassessment(run, by=duty_lead)

    assert continue_reassessments() is False
    run.refresh_from_db()
    assert (run.is_cancelled, run.moved, run.done) == (True, 1, 1)
    assert outcomes(run) == ["moved", "waiting", "waiting"]
    assert [due_of(ticket) for ticket in tickets] == [THURSDAY_15, WEDNESDAY_15, WEDNESDAY_15]
    with pytest.raises(InvalidTransition):
        cancel_bulk_reassessment(run, by=duty_lead)


def bulk_reassessment_slice(run: BulkReassessment, stretch: Any) -> bool:
    return work_slice(run, stretch, seconds=0.0001)


def test_while_somebody_is_at_it_nobody_else_asks_again_and_again(
    calendar: Calendar, tickets: list[Ticket], administrator: User, duty_lead: User
) -> None:
    close_wednesday(calendar, administrator)
    run = begin(calendar, duty_lead)
    BulkReassessment.objects.update(
        lease=uuid.uuid4(), leased_until=timezone.now() + timedelta(days=9999)
    )
    assert continue_reassessments() is False
    assert outcomes(run) == [ReassessmentOutcome.WAITING] * 3


def test_all_open_clocks_of_a_contract_are_put_on_its_terms_of_today(
    contract: Contract, tickets: list[Ticket], administrator: User, duty_lead: User
) -> None:
    enterprise = Edition.objects.get(key="msa-enterprise")
    change_edition(contract, edition=enterprise, reason="Upgrade.", by=administrator, now=FIVE)
    run = reassess_contract(contract, seen=1, reason="They upgraded.", by=duty_lead)

    finish()

    run.refresh_from_db()
    assert (run.moved, run.kept) == (3, 0)
    # Enterprise answers High in 4 hours around the clock, from the filing.
    assert {due_of(ticket) for ticket in tickets} == {FIVE + timedelta(hours=4)}
    assert {Ticket.objects.get(pk=one.pk).edition for one in tickets} == {enterprise}


@pytest.mark.parametrize("who", ["engineer", "administrator", "tam"])
def test_only_leads_decide_it(
    who: str,
    request: pytest.FixtureRequest,
    calendar: Calendar,
    tickets: list[Ticket],
    administrator: User,
) -> None:
    close_wednesday(calendar, administrator)
    with pytest.raises(NotAllowed):
        begin(calendar, request.getfixturevalue(who))


def test_a_lead_who_is_one_no_more_moves_nothing(
    calendar: Calendar, tickets: list[Ticket], administrator: User, duty_lead: User
) -> None:
    close_wednesday(calendar, administrator)
    run = begin(calendar, duty_lead)
    User.objects.filter(pk=duty_lead.pk).update(roles=[Role.ENGINEER])

    finish()

    run.refresh_from_db()
    assert (run.moved, run.kept) == (0, 3)


def test_it_needs_a_reason_something_that_differs_and_to_be_alone(
    calendar: Calendar, tickets: list[Ticket], administrator: User, duty_lead: User
) -> None:
    with pytest.raises(InvalidTransition, match="Nothing differs"):
        begin(calendar, duty_lead)
    close_wednesday(calendar, administrator)
    with pytest.raises(InvalidInput, match="Say why"):
        reassess_calendar(calendar, seen=2, reason=" ", by=duty_lead)
    with pytest.raises(InvalidTransition, match="changed meanwhile"):
        reassess_calendar(calendar, seen=1, reason=REASON, by=duty_lead)
    begin(calendar, duty_lead)
    with pytest.raises(InvalidTransition, match="already"):
        begin(calendar, duty_lead)


def test_what_differs_under_a_contract_is_found_in_the_same_number_of_queries(
    contract: Contract,
    contact: User,
    customer: Customer,
    tickets: list[Ticket],
    administrator: User,
    duty_lead: User,
    client: Client,
) -> None:
    enterprise = Edition.objects.get(key="msa-enterprise")
    change_edition(contract, edition=enterprise, reason="Upgrade.", by=administrator, now=FIVE)
    client.force_login(duty_lead)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as made:
            assert (
                client.get(reverse("contract_tickets", args=[contract.number])).status_code == 200
            )
        return len(made)

    queries()
    few = queries()
    for _ in range(4):
        make_ticket(contact, customer, now=FIVE)
        make_ticket(contact, customer, kind=TicketKind.BREAK_FIX, now=FIVE)
    assert queries() <= few + 1


def test_the_page_shows_what_would_differ_and_a_lead_has_it_done(
    calendar: Calendar, tickets: list[Ticket], administrator: User, duty_lead: User, client: Client
) -> None:
    close_wednesday(calendar, administrator)
    client.force_login(duty_lead)
    address = reverse("calendar_tickets", args=[calendar.key])
    shown = words(client.get(address))
    assert "Re-assess all 3" in shown
    assert "3 later, 0 earlier" in shown
    assert "Wed 11 Mar, 15:00 ET Thu 12 Mar, 15:00 ET later" in shown

    refused = client.post(address, {"seen": "2", "reason": ""})
    assert refused.status_code == 422
    assert "each customer sees the reason" in words(refused)
    assert client.post(address, {"seen": "1", "reason": REASON}).status_code == 409

    done = client.post(address, {"seen": "2", "reason": REASON})
    run = BulkReassessment.objects.get()
    assert (done.status_code, done.headers["Location"]) == (302, run.get_absolute_url())
    assert "Re-assessing each ticket" in words(client.get(run.get_absolute_url()))
    assert "They are being re-assessed" in words(client.get(address))
    progress = reverse("bulk_reassessment_progress", args=[run.pk])
    assert "HX-Refresh" not in client.get(progress)

    finish()

    assert client.get(progress)["HX-Refresh"] == "true"
    page = words(client.get(run.get_absolute_url()))
    assert "Shown to differ 3 Re-assessed 3 Left as they were 0" in page
    assert page.count("Due Thu 12 Mar, 15:00 ET") == 3


def test_an_engineer_reads_what_would_differ_and_cannot_have_it_done(
    calendar: Calendar, tickets: list[Ticket], administrator: User, engineer: User, client: Client
) -> None:
    close_wednesday(calendar, administrator)
    client.force_login(engineer)
    address = reverse("calendar_tickets", args=[calendar.key])
    assert "Re-assess all" not in words(client.get(address))
    assert client.post(address, {"seen": "2", "reason": REASON}).status_code == 403
    assert not BulkReassessment.objects.exists()
