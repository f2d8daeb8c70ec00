from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from icalendar import Calendar

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.models import Contract, Customer
from notifications.models import Notice
from tests.factories.tickets import TUESDAY, make_ticket, newest_event, nothing_changes, told_of
from tests.tickets.views.reading import words
from tickets.choices import EventKind
from tickets.errors import InvalidTransition
from tickets.models import ArrangedCall, Ticket
from tickets.operations.arranged_calls import arrange_call, cancel_call, move_call
from tickets.operations.assignment import take_ticket
from tickets.operations.lifecycle import close_ticket

pytestmark = pytest.mark.django_db

# Wed 11 Mar 2026, 10:00 ET.
TOMORROW = datetime.fromisoformat("2026-03-11T14:00:00+00:00")


@pytest.fixture
def ticket(contract: Contract, customer: Customer, contact: User) -> Ticket:
    return make_ticket(contact, customer)


def arrange(ticket: Ticket, by: User, **given: Any) -> ArrangedCall:
    facts: dict[str, Any] = {
        "starts_at": TOMORROW,
        "minutes": 45,
        "topic": "The plan for rule 7",
        "how": "+1 617 555 0142, room 4",
        "now": TUESDAY,
    }
    return arrange_call(ticket, by=by, **(facts | given))


def file_of(client: Client, call: ArrangedCall) -> Any:
    answer = client.get(f"/tickets/{call.ticket.number}/arranged-calls/{call.pk}/calendar/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    return calendar["method"], calendar.walk("VEVENT")[0]


def test_a_call_is_arranged_with_one_event_and_told_to_the_customer(
    ticket: Ticket, engineer: User
) -> None:
    call = arrange(ticket, engineer)
    assert (call.starts_at, call.minutes, call.revision) == (TOMORROW, 45, 0)
    event = newest_event(ticket)
    assert (event.kind, event.by) == (EventKind.CALL_ARRANGED, engineer)
    assert event.details == {"starts_at": TOMORROW.isoformat(), "topic": "The plan for rule 7"}
    assert told_of(event) == {"Priya Raman"}


def test_the_same_form_sent_twice_arranges_one_call(ticket: Ticket, engineer: User) -> None:
    call = arrange(ticket, engineer)
    with nothing_changes():
        assert arrange(ticket, engineer) == call

    cancel_call(call, by=engineer, now=TUESDAY)
    assert arrange(ticket, engineer) != call


def test_the_notice_of_a_call_says_when_it_is_in_the_readers_zone(
    ticket: Ticket, contact: User, engineer: User
) -> None:
    User.objects.filter(pk=contact.pk).update(timezone="Europe/Berlin")
    call = arrange(ticket, engineer)
    told = Notice.objects.get(recipient=contact, kind="call_arranged")
    assert "Wed 11 Mar, 15:00 CET, 45 min. " in told.body
    cancel_call(call, by=engineer, now=TUESDAY)
    told = Notice.objects.get(recipient=contact, kind="call_cancelled")
    assert "It was to be Wed 11 Mar, 15:00 CET." in told.body


def test_a_call_moves_and_is_called_off_with_an_event_each(
    ticket: Ticket, engineer: User, duty_lead: User
) -> None:
    take_ticket(ticket, by=engineer, now=TUESDAY)
    call = arrange(ticket, engineer)
    later = TOMORROW + timedelta(hours=2)
    moved = move_call(call, starts_at=later, minutes=30, by=duty_lead, now=TUESDAY)
    assert (moved.starts_at, moved.minutes, moved.revision) == (later, 30, 1)
    event = newest_event(ticket)
    assert event.kind == EventKind.CALL_MOVED
    assert told_of(event) == {"Priya Raman", "Mara Kovac"}
    with nothing_changes():
        move_call(call, starts_at=later, minutes=30, by=engineer, now=TUESDAY)
    cancelled = cancel_call(call, by=engineer, now=TUESDAY)
    assert (cancelled.cancelled_at, cancelled.revision) == (TUESDAY, 2)
    assert newest_event(ticket).kind == EventKind.CALL_CANCELLED
    with nothing_changes(), pytest.raises(InvalidTransition):
        cancel_call(call, by=engineer, now=TUESDAY)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("starts_at", {"starts_at": TUESDAY}),
        ("starts_at", {"starts_at": TUESDAY + timedelta(days=181)}),
        ("minutes", {"minutes": 9}),
        ("minutes", {"minutes": 241}),
        ("topic", {"topic": " "}),
        ("how", {"how": ""}),
    ],
)
def test_what_makes_no_call_is_refused_beside_its_field(
    ticket: Ticket, engineer: User, field: str, given: dict[str, Any]
) -> None:
    with nothing_changes(), pytest.raises(InvalidInput) as refusal:
        arrange(ticket, engineer, **given)
    assert refusal.value.field == field
    assert not ArrangedCall.objects.exists()


@pytest.mark.parametrize("person", ["contact", "manager", "foreign_contact", "administrator"])
def test_only_whoever_answers_arranges(
    request: pytest.FixtureRequest, ticket: Ticket, engineer: User, person: str
) -> None:
    by = request.getfixturevalue(person)
    call = arrange(ticket, engineer)
    with nothing_changes():
        for act in (
            lambda: arrange(ticket, by),
            lambda: move_call(call, starts_at=TOMORROW, minutes=30, by=by, now=TUESDAY),
            lambda: cancel_call(call, by=by, now=TUESDAY),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_an_ended_ticket_gets_no_call(ticket: Ticket, contact: User, engineer: User) -> None:
    close_ticket(ticket, by=contact, now=TUESDAY)
    with pytest.raises(InvalidTransition):
        arrange(ticket, engineer)


def test_the_database_holds_a_calls_length(ticket: Ticket, engineer: User) -> None:
    with pytest.raises(IntegrityError, match="a_call_takes_ten"), transaction.atomic():
        ArrangedCall.objects.create(
            ticket=ticket, starts_at=TOMORROW, minutes=5, topic="x", how="x", arranged_by=engineer
        )


def test_both_sides_take_it_into_their_calendars_and_it_keeps_its_name(
    client: Client, ticket: Ticket, contact: User, engineer: User
) -> None:
    call = arrange(ticket, engineer)
    client.force_login(contact)
    method, first = file_of(client, call)
    assert method == "PUBLISH"
    assert first.decoded("dtstart") == TOMORROW
    assert first.decoded("dtend") == TOMORROW + timedelta(minutes=45)
    assert str(first["summary"]) == f"{ticket.reference} The plan for rule 7"
    assert str(first["location"]) == "+1 617 555 0142, room 4"
    cancel_call(call, by=engineer, now=TUESDAY)
    client.force_login(engineer)
    method, second = file_of(client, call)
    assert (method, str(second["status"])) == ("CANCEL", "CANCELLED")
    assert second["uid"] == first["uid"]
    assert (first["sequence"], second["sequence"]) == (0, 1)


def test_nobody_else_sees_a_call(
    client: Client, ticket: Ticket, engineer: User, foreign_contact: User
) -> None:
    call = arrange(ticket, engineer)
    client.force_login(foreign_contact)
    path = f"/tickets/{ticket.number}/arranged-calls/{call.pk}/calendar/"
    assert client.get(path).status_code == 404


def test_an_engineer_arranges_on_the_page_and_the_customer_reads_it_there(
    client: Client, ticket: Ticket, contact: User, engineer: User, tuesday: datetime
) -> None:
    client.force_login(engineer)
    typed = {"topic": "The plan", "starts_at": "2026-03-11T10:00", "minutes": "30", "how": ""}
    path = f"/tickets/{ticket.number}/arranged-calls/"
    refused = client.post(path, typed)
    assert refused.status_code == 422
    assert "Say how it is joined." in words(refused)
    assert 'value="The plan"' in refused.content.decode()
    client.post(path, typed | {"how": "Room 4"})
    client.force_login(contact)
    page = client.get(ticket.get_absolute_url())
    # The engineer's zone is the contact's, New York.
    for said in ("Wed 11 Mar, 10:00 ET", "The plan, 30 min", "Room 4", "Add to calendar"):
        assert said in words(page)
    assert "arranged a call for Wed 11 Mar, 10:00 ET: The plan" in words(page)
    assert "Arrange a call" not in words(page)
