"""A message is kept as it was drawn, for whoever reads it alike, and for nobody else."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone, translation

from accounts.models import User
from supportportal.templatetags.thread import LONGEST_KEPT, _message, message

AT = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    _message.cache_clear()


def said(**changed: object) -> SimpleNamespace:
    author = User(pk=7, name="Ada Long", email="ada@north.example")
    known = {"pk": 3, "author": author, "body": "It **works** again.", "created_at": AT}
    return SimpleNamespace(**known | changed)


def test_the_same_message_is_drawn_once() -> None:
    assert message(said()) == message(said())
    assert _message.cache_info().misses == 1
    assert "<strong>works</strong>" in message(said())


def test_a_message_is_drawn_anew_by_what_its_reader_or_its_row_changes() -> None:
    before = message(said())

    assert "15:05 CET" in message(said(), zone="Europe/Berlin")
    with timezone.override("Europe/Berlin"):
        assert "15:05 CET" in message(said())
    assert "Ada Short" in message(said(author=User(pk=7, name="Ada Short", email="a@b.example")))
    assert "Deleted" in message(said(body="Deleted"))
    assert "Technical contact" in message(said(), "Technical contact")
    with translation.override("de"):
        message(said(author=None))
    assert "Ada Long" in before
    assert _message.cache_info().misses == 6


def test_a_long_message_is_not_kept() -> None:
    drawn = message(said(body="log " * LONGEST_KEPT))

    assert "log log" in drawn
    assert _message.cache_info().currsize == 0
