"""Drafts: one a place and kind, the author's alone, and no window loses another's words."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.models import Customer
from tests.factories.tickets import TUESDAY, make_ticket, nothing_changes
from tests.racing import race
from tickets.choices import DraftKind
from tickets.errors import DraftChanged
from tickets.models import Draft, Ticket
from tickets.operations.conversation import answer_ticket, write_note
from tickets.operations.drafts import (
    Place,
    discard_draft,
    discard_sent,
    drafts_on,
    filing_draft,
    forget_old_drafts,
    save_draft,
)

WINDOW, OTHER_WINDOW = uuid.UUID(int=1), uuid.UUID(int=2)


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


def save(ticket: Ticket, by: User, text: str, **given: Any) -> Draft | None:
    facts = {"kind": DraftKind.ANSWER, "form": WINDOW, **given}
    kind = facts.pop("kind")
    return save_draft(kind, ticket, fields={"body": [text]}, by=by, **facts)


def kept(ticket: Ticket, by: User, kind: DraftKind = DraftKind.ANSWER) -> str:
    return drafts_on(ticket, by=by)[kind].text("body")


@pytest.mark.django_db
def test_a_draft_is_kept_and_read_by_its_author_alone(
    ticket: Ticket, engineer: User, duty_lead: User, contact: User
) -> None:
    save(ticket, engineer, "Please send")

    assert kept(ticket, engineer) == "Please send"
    assert drafts_on(ticket, by=duty_lead) == drafts_on(ticket, by=contact) == {}


@pytest.mark.django_db
def test_a_draft_leaves_no_trace_on_the_ticket(ticket: Ticket, engineer: User) -> None:
    with nothing_changes():
        save(ticket, engineer, "Please send")
        discard_draft(DraftKind.ANSWER, ticket, by=engineer)

    assert not Draft.objects.exists()


@pytest.mark.django_db
def test_answer_and_note_are_drafts_of_their_own(ticket: Ticket, engineer: User) -> None:
    save(ticket, engineer, "For the customer")
    save(ticket, engineer, "For colleagues", kind=DraftKind.NOTE)

    assert kept(ticket, engineer) == "For the customer"
    assert kept(ticket, engineer, DraftKind.NOTE) == "For colleagues"


@pytest.mark.django_db
def test_a_window_saves_over_its_own_words_and_over_those_it_has_seen(
    ticket: Ticket, engineer: User
) -> None:
    save(ticket, engineer, "One")
    newest = save(ticket, engineer, "Two")
    assert newest is not None
    save(ticket, engineer, "Three", form=OTHER_WINDOW, seen=newest.revision)

    assert kept(ticket, engineer) == "Three"


@pytest.mark.django_db
def test_newer_words_of_another_window_stay_and_the_older_window_is_told_of_them(
    ticket: Ticket, engineer: User
) -> None:
    first = save(ticket, engineer, "First")
    assert first is not None
    save(ticket, engineer, "Newer", form=OTHER_WINDOW, seen=first.revision)

    with pytest.raises(DraftChanged) as told:
        save(ticket, engineer, "Older window", seen=first.revision)
    assert told.value.newer.text("body") == kept(ticket, engineer) == "Newer"


@pytest.mark.django_db
def test_a_window_knows_its_words_by_the_name_it_gave_them(ticket: Ticket, engineer: User) -> None:
    named = uuid.uuid4()
    save(ticket, engineer, "Sent and left", revision=named)
    newer = save(ticket, engineer, "Typed on the next page", form=OTHER_WINDOW, seen=named)

    assert newer is not None
    assert newer.revision != named


@pytest.mark.django_db
def test_a_form_emptied_again_has_no_draft(ticket: Ticket, engineer: User) -> None:
    save(ticket, engineer, "One")

    assert save(ticket, engineer, "  ") is None
    assert drafts_on(ticket, by=engineer) == {}


@pytest.mark.django_db
def test_sending_lets_go_of_the_words_that_were_sent_and_of_no_others(
    ticket: Ticket, engineer: User
) -> None:
    save(ticket, engineer, "Newer", form=OTHER_WINDOW)
    discard_sent(DraftKind.ANSWER, ticket, by=engineer, form=WINDOW, seen=None)
    assert kept(ticket, engineer) == "Newer"

    discard_sent(DraftKind.ANSWER, ticket, by=engineer, form=OTHER_WINDOW, seen=None)
    assert drafts_on(ticket, by=engineer) == {}


@pytest.mark.django_db
def test_words_saved_while_they_were_being_sent_are_no_draft(
    ticket: Ticket, engineer: User
) -> None:
    answer_ticket(ticket, body="Sent", qualified=False, by=engineer, submission_key=WINDOW)
    save(ticket, engineer, "Sent")
    save(ticket, engineer, "Still a note", kind=DraftKind.NOTE)

    assert set(drafts_on(ticket, by=engineer)) == {DraftKind.NOTE}
    # Nor are they in the way of the next ones.
    save(ticket, engineer, "The next answer", form=OTHER_WINDOW)
    assert kept(ticket, engineer) == "The next answer"
    write_note(ticket, body="Still a note", by=engineer, submission_key=WINDOW)
    assert set(drafts_on(ticket, by=engineer)) == {DraftKind.ANSWER}


@pytest.mark.django_db
def test_who_may_not_write_here_has_no_draft_here(
    ticket: Ticket, contact: User, engineer: User, foreign_contact: User, customer: Customer
) -> None:
    refused: list[tuple[User, DraftKind, Place]] = [
        (contact, DraftKind.ANSWER, ticket),
        (contact, DraftKind.NOTE, ticket),
        (engineer, DraftKind.REPLY, ticket),
        (foreign_contact, DraftKind.REPLY, ticket),
        (foreign_contact, DraftKind.FILING, customer),
        (contact, DraftKind.FILING, ticket),
        (contact, DraftKind.REPLY, customer),
    ]
    for person, kind, place in refused:
        with pytest.raises(NotAllowed):
            save_draft(kind, place, fields={"body": ["x"]}, by=person, form=WINDOW)


@pytest.mark.django_db
def test_a_new_tickets_draft_keeps_its_choices_and_nothing_else_of_the_request(
    customer: Customer, contact: User
) -> None:
    fields = {
        "subject": ["Printers"],
        "criteria": ["all down", "no way around"],
        "csrfmiddlewaretoken": ["secret"],
        "description": ["a\0b"],
    }
    save_draft(DraftKind.FILING, customer, fields=fields, by=contact, form=WINDOW)

    draft = filing_draft(customer, by=contact)
    assert draft is not None
    assert draft.fields == {
        "subject": ["Printers"],
        "description": ["ab"],
        "criteria": ["all down", "no way around"],
    }


@pytest.mark.django_db
def test_words_that_could_not_be_sent_are_not_kept(ticket: Ticket, engineer: User) -> None:
    save(ticket, engineer, "x" * 50_000)
    with pytest.raises(InvalidInput):
        save(ticket, engineer, "x" * 50_001)


@pytest.mark.django_db
def test_a_draft_is_forgotten_after_thirty_days(ticket: Ticket, engineer: User) -> None:
    save(ticket, engineer, "One", now=TUESDAY)

    assert forget_old_drafts(now=TUESDAY + timedelta(days=30)) == 0
    assert forget_old_drafts(now=TUESDAY + timedelta(days=30, seconds=1)) == 1


@pytest.mark.django_db
def test_the_database_holds_one_draft_a_place(ticket: Ticket, engineer: User) -> None:
    facts: dict[str, Any] = {"fields": {}, "form": WINDOW, "saved_at": TUESDAY}
    Draft.objects.create(author=engineer, kind=DraftKind.NOTE, ticket=ticket, **facts)
    with pytest.raises(IntegrityError, match="one_draft_a_ticket"), transaction.atomic():
        Draft.objects.create(author=engineer, kind=DraftKind.NOTE, ticket=ticket, **facts)
    with pytest.raises(IntegrityError, match="of_a_ticket_or_of_filing"), transaction.atomic():
        Draft.objects.create(author=engineer, kind=DraftKind.FILING, ticket=ticket, **facts)


@pytest.mark.django_db(transaction=True)
def test_of_two_windows_that_begin_at_once_one_is_told(ticket: Ticket, engineer: User) -> None:
    outcomes = race(
        lambda: save(ticket, engineer, "One"),
        lambda: save(ticket, engineer, "Two", form=OTHER_WINDOW),
    )

    assert sorted(type(one).__name__ for one in outcomes) == ["Draft", "DraftChanged"]
    winner = next(one for one in outcomes if isinstance(one, Draft))
    assert kept(ticket, engineer) == winner.text("body")


@pytest.mark.django_db(transaction=True)
def test_a_window_that_saves_twice_at_once_is_told_of_no_other(
    ticket: Ticket, engineer: User
) -> None:
    outcomes = race(*(lambda words=words: save(ticket, engineer, words) for words in ("A", "A B")))

    assert [type(one) for one in outcomes] == [Draft, Draft]
    assert kept(ticket, engineer) in {"A", "A B"}
