"""What scripts say by themselves is said in the reader's language."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from supportportal.script_words import SENTENCES

SCRIPTS = "".join(
    path.read_text(encoding="utf-8")
    for path in sorted((Path(settings.BASE_DIR) / "static" / "js").glob("*.js"))
)
_ASKED = re.compile(r"""inWords\((?:\w+ \? )?"([^"]+)"(?: : "([^"]+)")?""")


def test_the_table_holds_what_the_scripts_ask_for_and_no_more() -> None:
    asked = {text for found in _ASKED.findall(SCRIPTS) for text in found if text}
    assert asked == set(SENTENCES)


@pytest.mark.django_db
def test_a_page_in_german_brings_the_scripts_words(client: Client) -> None:
    page = client.get("/accounts/login/", headers={"Accept-Language": "de"}).text
    found = re.search(r'<script id="script-words" type="application/json">(.*?)</script>', page)
    assert found is not None
    words = json.loads(found[1])
    assert words["Sending, %1 of %2 MB"] == "Wird gesendet, %1 von %2 MB"
    assert [
        key
        for key, said in words.items()
        if set(re.findall(r"%\d", key)) != set(re.findall(r"%\d", said))
    ] == []


@pytest.mark.django_db
def test_a_page_in_english_brings_none(client: Client) -> None:
    page = client.get("/accounts/login/", headers={"Accept-Language": "en"}).text
    assert "script-words" not in page
