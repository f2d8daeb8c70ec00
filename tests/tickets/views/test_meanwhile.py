"""What others did while somebody typed on a ticket's page: nobody decides past it unseen."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from tests.factories.tickets import kinds_of, make_ticket, newest_event
from tickets.models import Ticket
from tickets.operations.assignment import assign_ticket
from tickets.operations.conversation import write_message
from tickets.operations.lab import pass_to_lab
from tickets.operations.lifecycle import resolve_ticket
from tickets.operations.severity import change_severity
from tickets.operations.tags import change_tags

pytestmark = pytest.mark.django_db

KEPT = "Kept words 4711"


def _assigned(ticket: Ticket, other: User, lead: User) -> str:
    assign_ticket(ticket, to=other, by=lead, reason="You know the driver.")
    return "Jan Novak"


def _raised(ticket: Ticket, other: User, lead: User) -> str:
    change_severity(ticket, severity=Severity.CRITICAL, reason="All sites.", by=lead)
    return "changed the severity from High to <b>Critical</b>"


def _tagged(ticket: Ticket, other: User, lead: User) -> str:
    change_tags(ticket, add=["vip"], by=lead)
    return "vip"


@pytest.mark.parametrize(
    ("path", "typed", "meanwhile"),
    [
        ("severity", {"severity": 4, "reason": KEPT}, _assigned),
        ("severity", {"severity": 1, "reason": KEPT}, _raised),
        ("assignment", {"to": "self", "reason": KEPT}, _assigned),
        ("resolution", {"resolution": KEPT, "seen_message": 0}, _raised),
        ("lab-request", {"reason": KEPT}, _assigned),
        ("merge", {"into": "second", "reason": KEPT}, _assigned),
        ("split", {"message": "theirs", "subject": KEPT}, _assigned),
        ("tags", {"add": KEPT.lower()}, _tagged),
    ],
)
def test_what_would_go_past_a_colleague_shows_what_changed_and_keeps_what_was_typed(
    desk: Client,
    ticket: Ticket,
    customer: Customer,
    contact: User,
    engineer: User,
    other: User,
    duty_lead: User,
    path: str,
    typed: dict[str, Any],
    meanwhile: Callable[[Ticket, User, User], str],
) -> None:
    second = make_ticket(contact, customer)
    theirs = write_message(ticket, body="Another thing.", by=contact)
    stands_for = {"self": engineer.pk, "second": second.reference, "theirs": theirs.pk}
    form = {name: stands_for.get(value, value) for name, value in typed.items()}
    form |= {"submission_key": str(uuid.uuid4()), "seen_event": newest_event(ticket).pk}
    if path == "resolution":
        form["seen_message"] = theirs.pk
    told = meanwhile(ticket, other, duty_lead)
    before = kinds_of(ticket)

    answer = desk.post(f"/tickets/{ticket.number}/{path}/", form)

    page = answer.content.decode()
    notice = page.partition("The ticket changed meanwhile, so nothing was done.")[2][:1500]
    assert answer.status_code in {409, 422}
    assert told in notice
    assert KEPT.lower() in page.lower()
    assert kinds_of(ticket) == before
    # Seen now, it is sent as it came back.
    form["seen_event"] = newest_event(ticket).pk
    assert f'name="seen_event" value="{form["seen_event"]}"' in page
    if (path, meanwhile) != ("severity", _raised):
        again = desk.post(f"/tickets/{ticket.number}/{path}/", form)
        assert again.status_code == 302
        assert len(kinds_of(ticket)) > len(before)


def test_what_the_lab_found_does_not_go_past_a_message(
    desk: Client, ticket: Ticket, contact: User, duty_lead: User
) -> None:
    pass_to_lab(ticket, reason="Is it ours?", by=duty_lead)
    seen = newest_event(ticket).pk
    write_message(ticket, body="It was our own test file.", by=contact)
    answer = desk.post(
        f"/tickets/{ticket.number}/lab-answer/", {"finding": KEPT, "seen_event": seen}
    )
    assert answer.status_code == 409
    assert "It was our own test file." in answer.content.decode().partition("nothing was done")[2]
    assert KEPT in answer.content.decode()


def test_a_ticket_is_not_put_back_from_whoever_just_got_it(
    desk: Client, ticket: Ticket, engineer: User, other: User, duty_lead: User
) -> None:
    assign_ticket(ticket, to=engineer, by=duty_lead)
    seen = newest_event(ticket).pk
    _assigned(ticket, other, duty_lead)
    url = f"/tickets/{ticket.number}/assignment/removal/"
    answer = desk.post(url, {"seen_event": seen})
    assert answer.status_code == 409
    assert "Jan Novak" in answer.content.decode().partition("nothing was done")[2][:800]
    ticket.refresh_from_db()
    assert ticket.assignee == other


def test_what_ended_meanwhile_says_so_and_gives_the_words_back(
    desk: Client, ticket: Ticket, duty_lead: User
) -> None:
    seen = newest_event(ticket).pk
    resolve_ticket(ticket, resolution="Update to 12.4.3.", by=duty_lead)
    answer = desk.post(
        f"/tickets/{ticket.number}/severity/", {"severity": 4, "reason": KEPT, "seen_event": seen}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "nothing was done" in page
    assert KEPT in page


def test_ones_own_changes_and_a_colleagues_tag_stop_no_decision(
    desk: Client, ticket: Ticket, engineer: User, duty_lead: User
) -> None:
    seen = newest_event(ticket).pk
    assign_ticket(ticket, to=engineer, by=engineer)
    change_tags(ticket, add=["vip"], by=duty_lead)
    url = f"/tickets/{ticket.number}/severity/"
    form = {"severity": 4, "reason": "One desk.", "seen_event": seen}
    assert desk.post(url, form).status_code == 302
