"""No page of customers says to a German reader what it says to an English one.

What stands on a page in both languages alike is what somebody wrote, or a word that both have:
everything else was never translated.
"""

import re
import zoneinfo
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import models

from tests.supportportal.test_languages import catalogue
from tests.supportportal.test_route_matrix import (
    CAST,
    TABLE,
    address_of,
    arguments,  # noqa: F401 - a fixture
    clients,  # noqa: F401 - a fixture
    pages,
)

READERS = ("manager", "contact")
# For programs and who writes them; articles are what somebody wrote.
LEFT_OUT = {"api/", "health/", "health/live/", "knowledge/<slug:slug>/"}
# What is called so everywhere.
_NAMES = re.compile(
    r"Orrin|Support$|MSA |Deutsch|English|Español|https://|Excel |.*Webhooks$|Version 1"
    r"|Management Server|The plan, 30 min"
)
# What is typed as it stands: the search's operators, the parts of a call, a fingerprint.
_TYPED = re.compile(r"[-\w]+:\S|-\w+$|\"tls|[0-9a-f]{12}…|webhook-|whsec_|(type|timestamp|data)$")
_WORD = re.compile(r"[a-z]{3}")
_SAID = {"aria-label", "placeholder", "title", "alt", "data-label", "data-confirm"}


class _Reader(HTMLParser):
    """Collects what a page says: its texts, and the attributes people hear or see."""

    def __init__(self) -> None:
        super().__init__()
        self.said: set[str] = set()
        self._is_silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_silent = tag in {"script", "style"}
        self.said |= {_plain(value) for name, value in attrs if name in _SAID and value}

    def handle_endtag(self, tag: str) -> None:
        self._is_silent = False

    def handle_data(self, data: str) -> None:
        if not self._is_silent:
            self.said.add(_plain(data))


def _plain(text: str) -> str:
    return " ".join(text.split()).removesuffix(" · Orrin Support").strip(":(), ")


def texts_of(page: str) -> set[str]:
    """Everything a page says, but for names and what is typed as it stands."""
    reader = _Reader()
    reader.feed(page)
    return {
        text
        for text in reader.said
        if _WORD.search(text) and not _NAMES.match(text) and not _TYPED.match(text)
    }


def data() -> Iterator[str]:
    """What the tables hold, each value by itself, and the places of time zones."""
    for model in apps.get_models():
        fields = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
        ]
        for row in model._default_manager.values_list(*fields) if fields else ():
            yield from (_plain(value) for value in row if isinstance(value, str))
    for zone in zoneinfo.available_timezones():
        yield zone.partition("/")[2].replace("_", " ")


@pytest.mark.django_db
def test_nothing_is_left_in_english(request: pytest.FixtureRequest) -> None:
    addresses = request.getfixturevalue("arguments")
    readers = request.getfixturevalue("clients")
    alike = {text for text, (_, said) in catalogue("de").items() if text in said}
    known = alike | set(data())
    left = {}
    for route, _ in pages():
        who = next((one for one in READERS if TABLE[route][CAST.index(one)] == 200), None)
        if who is None or route in LEFT_OUT:
            continue
        english, german = (
            readers[who].get(address_of(route, addresses), headers={"Accept-Language": language})
            for language in ("en", "de")
        )
        if english.streaming:
            _ = [list(answer) for answer in (english, german)]  # to their ends, which close files
        elif german.headers["Content-Type"].startswith("text/html"):
            both = texts_of(english.text) & texts_of(german.text)
            if both - known:
                left[route] = both - known
    assert left == {}
