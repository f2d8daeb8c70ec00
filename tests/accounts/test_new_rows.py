"""Rows written in one statement are what bulk_create would have written."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.new_rows import insert_row, insert_rows
from notifications.models import Notice
from sla.choices import ClockEventKind
from sla.models import ClockEvent
from tests.factories.clocks import make_clock
from tests.factories.tickets import make_ticket
from tickets.choices import EventKind
from tickets.models import Ticket, TicketEvent

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 10, 15, 0, 0, 123456, tzinfo=UTC)


def notice(recipient: User, key: str, **given: Any) -> Notice:
    facts = {"kind": "test", "subject": "S", "body": "B", "created_at": AT}
    return Notice(recipient=recipient, key=key, **{**facts, **given})


def stored(row: Any) -> dict[str, Any]:
    """A row as the database has it, without its key."""
    fresh = type(row).objects.get(pk=row.pk)
    return {field.attname: getattr(fresh, field.attname) for field in fresh._meta.concrete_fields}


def test_each_kind_of_value_comes_back_as_it_was_given(
    engineer: User, contact: User, contract: Any, customer: Any
) -> None:
    ticket = make_ticket(contact, customer)
    details = {"step": "50 %", "it’s": ['"', None, 1.5, "☃"], "late": False}
    event = TicketEvent(ticket=ticket, kind=EventKind.ESCALATED, at=AT, details=details)
    clock = make_clock("medium", timedelta(hours=4), AT)
    change = ClockEvent(
        clock=clock, kind=ClockEventKind.MISSED, at=AT, recorded_at=AT, target=timedelta(hours=4)
    )
    for row in (event, change):
        (written,) = insert_rows([row])
        assert written is row
        assert not row._state.adding
        expected = {
            field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields
        }
        assert stored(row) == expected


def test_keys_follow_the_order_of_the_rows_and_it_is_one_statement(engineer: User) -> None:
    rows = [notice(engineer, f"k{number}", subject=f"S{number}") for number in range(50)]
    with CaptureQueriesContext(connection) as captured:
        insert_rows(rows)
    assert len(captured) == 1
    assert {row.pk: row.key for row in rows} == dict(Notice.objects.values_list("pk", "key"))


def test_what_is_there_already_is_left_out_when_asked(engineer: User, contact: User) -> None:
    insert_rows([notice(engineer, "told", subject="First")])
    rows = [notice(contact, key) for key in ("a", "told", "b")]

    fresh = insert_rows(rows, unless_there="key")

    assert [row.key for row in fresh] == ["a", "b"]
    assert all(Notice.objects.get(pk=row.pk).key == row.key for row in fresh)
    assert Notice.objects.get(key="told").subject == "First"

    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([notice(engineer, "told")])


def test_too_long_a_text_is_refused_and_not_cut(engineer: User) -> None:
    with pytest.raises(DataError), transaction.atomic():
        insert_rows([notice(engineer, "x" * 121)])
    assert not Notice.objects.exists()


def test_no_rows_are_no_query() -> None:
    with CaptureQueriesContext(connection) as captured:
        assert insert_rows([]) == []
    assert not captured.captured_queries


def test_one_row_is_written_as_save_writes_it(contact: User, customer: Any, contract: Any) -> None:
    by_save = make_ticket(contact, customer, kind="break_fix")
    clock = make_clock("medium", timedelta(hours=4), AT)
    given = {
        field.attname: getattr(by_save, field.attname)
        for field in Ticket._meta.concrete_fields
        if not field.primary_key and not field.generated
    }
    own = {
        "number": Ticket.next_number(),
        "response_clock_id": clock.pk,
        "tags": ["a", "b, c"],
        "submission_key": uuid.uuid4(),
    }
    row = Ticket(**{**given, **own})

    with CaptureQueriesContext(connection) as captured:
        assert insert_row(row) is row
    assert len(captured) == 1
    fresh = Ticket.objects.get(pk=row.pk)
    # When it is due is copied from the clock by the database.
    worked_out = {"id", "rank", "answer_due_at", "answer_at_risk_at"}
    for field in Ticket._meta.concrete_fields:
        if field.attname not in worked_out:
            assert getattr(fresh, field.attname) == getattr(row, field.attname), field.attname
    assert fresh.answer_due_at == clock.due_at
    assert row.rank == fresh.rank  # Read when it is asked for.
    row.subject = "Changed"
    row.save()
    assert Ticket.objects.get(pk=row.pk).subject == "Changed"


def test_a_row_that_may_not_be_there_is_refused(contact: User, customer: Any) -> None:
    there = make_ticket(contact, customer, kind="break_fix")
    there.pk, there._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_row(there)
