"""Rows written in one statement are what bulk_create would have written."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.new_rows import insert_rows
from notifications.models import Notice
from sla.choices import ClockEventKind
from sla.models import ClockEvent
from tests.factories.clocks import make_clock
from tests.factories.tickets import make_ticket
from tickets.choices import EventKind
from tickets.models import TicketEvent

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
