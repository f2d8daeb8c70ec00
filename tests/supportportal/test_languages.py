"""The portal speaks German and Spanish: the catalogues are whole, and the reader is asked."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation.template import templatize

from accounts.models import AuditEvent, User
from entitlements.catalogue_texts import TEXTS
from tests.tickets.views.reading import words

LANGUAGES = ("de", "es")
APPS = (
    "accounts",
    "announcements",
    "entitlements",
    "knowledge",
    "notifications",
    "sla",
    "supportportal",
    "tickets",
)
_CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
_STRING = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_IN_TEMPLATE = re.compile(rf"\b(?:_|n?gettext)\({_STRING}")
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
_TAG = re.compile(r"<[^>]*>")

type Entry = tuple[str, list[str]]


def catalogue(code: str) -> dict[str, Entry]:
    """The entries of a .po: the plural by the message, and what it is said as."""
    path = settings.LOCALE_PATHS[0] / code / "LC_MESSAGES" / "django.po"
    entries: dict[str, Entry] = {}
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#"):
                assert "fuzzy" not in line, f"{code} guesses: {block}"
                continue
            if not line.startswith('"'):
                name, _, line = line.partition(" ")  # noqa: PLW2901 - the rest of the line
            fields[name] = fields.get(name, "") + ast.literal_eval(line)
        if fields.get("msgid"):
            said = [text for key, text in fields.items() if key.startswith("msgstr")]
            entries[fields["msgid"]] = (fields.get("msgid_plural", ""), said)
    return entries


def texts_of_code() -> Iterator[str]:
    """Each message that the code marks, without gettext's own tools."""
    root = Path(settings.BASE_DIR)
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            found = _IN_TEMPLATE.findall(templatize(path.read_text(encoding="utf-8")))
            yield from (ast.literal_eval(text).replace("%%", "%") for text in found)
    for app in APPS:
        for path in (root / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in _CALLS:
                    first = node.args[0]
                    if isinstance(first, ast.Constant):
                        yield str(first.value)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_text_of_the_code_is_translated(code: str) -> None:
    entries = catalogue(code)
    assert sorted(set(texts_of_code()) - set(entries)) == []
    assert [key for key, (_, said) in entries.items() if not all(said)] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_has_the_placeholders_and_tags_of_its_text(code: str) -> None:
    for key, (plural, said) in catalogue(code).items():
        assert len(said) == (2 if plural else 1), key
        for form, text in enumerate(said):
            wanted = set(_PLACEHOLDER.findall(plural or key))
            found = set(_PLACEHOLDER.findall(text))
            # One of it may be said without its number: "once a year".
            assert found == wanted or (plural and not form and found < wanted), key
            assert sorted(_TAG.findall(text)) == sorted(_TAG.findall(key)), key
            assert key.endswith(" ") == text.endswith(" "), key


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_is_compiled_is_what_is_written(code: str) -> None:
    path = settings.LOCALE_PATHS[0] / code / "LC_MESSAGES" / "django.mo"
    with path.open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for key, (plural, said) in catalogue(code).items():
        if plural:
            assert [compiled.ngettext(key, plural, count) for count in (1, 2)] == said
        else:
            assert [compiled.gettext(key)] == said


def test_the_texts_of_the_catalogue_of_plans_are_marked() -> None:
    source = (Path(settings.BASE_DIR) / "entitlements/catalogue/catalogue.json").read_text()
    levels = {"Basic", "Medium", "High", "Highest"}
    assert [text for text in TEXTS if f'"{text}"' not in source and text not in levels] == []
    shown = set(re.findall(r'"(?:audience|means)": "([^"]+)"', source))
    for criteria in re.findall(r'"criteria": \[([^\]]*)\]', source):
        shown |= set(re.findall(r'"([^"]+)"', criteria))
    assert shown - set(TEXTS) == set()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accepted", "code", "heading"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de", "Anmelden"),
        ("es-MX", "es", "Iniciar sesión"),
        ("fr-FR,en;q=0.5", "en", "Sign in"),
        ("", "en", "Sign in"),
    ],
)
def test_a_visitor_reads_what_the_browser_asks_for(
    client: Client, accepted: str, code: str, heading: str
) -> None:
    page = client.get("/accounts/login/", headers={"Accept-Language": accepted})
    assert f'<html lang="{code}"' in page.text
    assert f"<h1>{heading}</h1>" in page.text
    assert page.headers["Content-Language"] == code
    assert {"Accept-Language", "Cookie"} <= set(page.headers["Vary"].split(", "))


@pytest.mark.django_db
def test_a_visitors_choice_stays_in_the_browser(client: Client) -> None:
    answer = client.post("/language/", {"language": "es", "_page": "/knowledge/?q=x"})
    assert answer.headers["Location"] == "/knowledge/?q=x"
    page = client.get("/knowledge/", headers={"Accept-Language": "de"})
    assert '<html lang="es"' in page.text
    client.post("/language/", {"language": "xx"})
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "es"


@pytest.mark.django_db
def test_a_choice_leads_to_no_foreign_page(client: Client) -> None:
    answer = client.post("/language/", {"language": "es", "_page": "//evil.example/"})
    assert answer.headers["Location"] == "/"


@pytest.mark.usefixtures("contract")
def test_a_customers_choice_goes_with_the_person(client: Client, contact: User) -> None:
    client.force_login(contact)
    client.post("/language/", {"language": "de"})
    contact.refresh_from_db()
    assert contact.language == "de"
    row = AuditEvent.objects.latest("pk")
    assert (row.by, row.changes) == (contact, {"language": ["", "de"]})
    elsewhere = Client()
    elsewhere.force_login(contact)
    page = elsewhere.get("/", headers={"Accept-Language": "es"})
    assert '<html lang="de"' in page.text
    assert "Neues Ticket" in words(page)
    assert "Premium-Vorfälle" in words(page)


@pytest.mark.usefixtures("contract")
def test_a_page_that_is_not_translated_says_so(client: Client, contact: User) -> None:
    client.force_login(contact)
    home, api = (
        client.get(address, headers={"Accept-Language": "de"}).text for address in ("/", "/api/")
    )
    assert '<main id="main" class="page" tabindex="-1">' in home
    assert '<main id="main" class="page" tabindex="-1" lang="en">' in api


@pytest.mark.django_db
def test_staff_read_english(client: Client, engineer: User) -> None:
    client.force_login(engineer)
    page = client.get("/queue/", headers={"Accept-Language": "de"})
    assert '<html lang="en"' in page.text
    assert 'name="language"' not in client.get("/plans/").text


@pytest.mark.django_db
def test_programs_hear_english(client: Client, catalogue: object) -> None:
    answer = client.get("/api/v1/tickets/", headers={"Accept-Language": "de"})
    assert "Content-Language" not in answer.headers
    assert answer.json() == client.get("/api/v1/tickets/").json()


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("de", ["Tarife", "Premium-Vorfälle pro Jahr", "8 Arbeitsstunden", "Unbegrenzt", "Mo–Fr"]),
        ("es", ["Planes", "Incidentes premium al año", "8 horas laborables", "lun–vie"]),
    ],
)
def test_plans_are_compared_in_the_readers_words(
    client: Client, code: str, said: list[str]
) -> None:
    page = words(client.get("/plans/", headers={"Accept-Language": code}))
    assert [text for text in said if text not in page] == []


@pytest.mark.django_db
def test_an_error_is_said_in_the_readers_words(client: Client) -> None:
    page = client.get("/nowhere/", headers={"Accept-Language": "es"})
    assert page.status_code == 404
    assert "No hay ninguna página en esta dirección" in words(page)
