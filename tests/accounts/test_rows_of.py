"""Rows of SQL that is written out are those that Django would have read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.columns import columns_of, rows_of
from accounts.models import User
from sla.models import CalendarVersion

pytestmark = pytest.mark.django_db


def test_a_row_has_each_value_as_django_reads_it_and_what_is_told_beside(
    engineer: User, contract: object
) -> None:
    for model in (User, CalendarVersion):  # Lists, days and JSON among them.
        expected = model._default_manager.order_by("pk").last()
        assert expected is not None
        statement = (
            f"SELECT {columns_of(model, 'it')}, it.id + 1 AS after"
            f" FROM {model._meta.db_table} AS it WHERE it.id = %s"
        )
        with CaptureQueriesContext(connection) as asked:
            (row,) = rows_of(model, statement, [expected.pk])
            for field in model._meta.concrete_fields:
                assert getattr(row, field.attname) == getattr(expected, field.attname)
        assert len(asked) == 1
        assert row == expected
        assert not row._state.adding
        assert row.after == expected.pk + 1  # type: ignore[attr-defined]  # told beside


def test_no_row_is_no_row() -> None:
    statement = f"SELECT {columns_of(User, 'it')} FROM accounts_user AS it WHERE it.id = %s"
    assert rows_of(User, statement, [0]) == []
