"""What customers write about and what they are answered: the texts with their blanks filled in."""

import hashlib
import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from tickets.demo.companies import PRODUCTS, Company

TEXTS = Path(__file__).parent / "texts"

# How a turn of a text begins, before its colon.
ACKNOWLEDGED, ANSWERED, CUSTOMER, NOTED, LAB, LAB_ANSWERED, RESOLVED = (
    "ack",
    "answer",
    "customer",
    "note",
    "lab",
    "lab answer",
    "resolved",
)
GREETINGS = ("", "", "", "Hello,\n\n", "Good morning,\n\n", "Hi,\n\n", "Dear colleagues,\n\n")
FAREWELLS = ("", "", "", "\n\nRegards\n{author}", "\n\nThanks, {author}", "\n\n{author}")
ERRORS = ("0x1D2", "0x80070005", "1603", "E-4471", "0xC0000135", "E-2210", "552 5.3.4")
THREATS = ("Trojan.Gen.7", "Dropper.Agent.K", "Worm.Share.3", "Heur.Packed.12", "Riskware.Tool.9")
FILES = (
    "lblspool64.sys",
    "ledgerlink.dll",
    "scanbridge.exe",
    "rollout.ps1",
    "cadview_ext.dll",
    "docimport.exe",
    "timeclock.exe",
)
HOSTS = ("PC-{:04d}", "WS-{:04d}", "LT-{:04d}", "KIOSK-{:02d}")
SERVERS = ("FS-{:02d}", "DB-{:02d}", "APP-{:02d}", "TS-{:02d}", "BACKUP-{:02d}", "GW-{:02d}")


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said: `kind` is one of the words above."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """A text of the files, blanks still open.

    `severities` are believable ones, likeliest first; `kind` is a ticket kind or "" for an
    incident; `file` what kind of file the customer sends, or "".
    """

    subjects: tuple[str, ...]
    product: str
    severities: tuple[int, ...]
    description: str
    turns: tuple[Turn, ...]
    kind: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A story with its blanks filled for one ticket; `words` are what filled them."""

    subject: str
    description: str
    version: str
    turns: tuple[Turn, ...]
    words: dict[str, str]


@cache
def all_stories() -> tuple[Story, ...]:
    """Every story of the text files, in their order."""
    return tuple(
        _story(entry)
        for path in sorted(TEXTS.glob("*.toml"))
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["story"]
    )


def tell(
    story: Story,
    rng: random.Random,
    *,
    company: Company,
    contact: str,
    engineer: str,
    filed_at: datetime,
) -> Told:
    """Fill the blanks of a story for one ticket; the same `rng` state gives the same words."""
    words = _words(story, rng, company, filed_at)
    words |= {
        "contact": contact.split(maxsplit=1)[0],
        "engineer": engineer.split(maxsplit=1)[0],
        "author": contact,
    }
    frame = rng.choice(GREETINGS), rng.choice(FAREWELLS)
    return Told(
        subject=rng.choice(story.subjects).format_map(words),
        description=f"{frame[0]}{story.description}{frame[1]}".format_map(words),
        version=words["version"],
        turns=tuple(Turn(turn.kind, turn.text.format_map(words)) for turn in story.turns),
        words=words,
    )


def _words(
    story: Story, rng: random.Random, company: Company, filed_at: datetime
) -> dict[str, str]:
    local = filed_at.astimezone(ZoneInfo(company.zone))
    sites = rng.sample(company.sites, 2) if len(company.sites) > 1 else list(company.sites) * 2
    earlier = local - timedelta(days=rng.randint(1, 5))
    noticed = local - timedelta(minutes=rng.randint(15, 150))
    return {
        "company": company.name,
        "site": sites[0],
        "site2": sites[1],
        "n": str(_count(rng)),
        "few": str(rng.randint(3, 9)),
        "host": rng.choice(HOSTS).format(rng.randint(1, 97)),
        "server": rng.choice(SERVERS).format(rng.randint(1, 24)),
        "version": rng.choice(PRODUCTS[story.product][:3]),
        "build": f"{local:%Y-%m-%d}.{rng.randint(1, 5)}",
        "day": f"{earlier:%A}",
        "hour": f"{noticed:%H:%M}",
        "file": rng.choice(FILES),
        "error": rng.choice(ERRORS),
        "threat": rng.choice(THREATS),
        "hash": hashlib.sha256(rng.randbytes(16)).hexdigest(),
    }


def _count(rng: random.Random) -> int:
    return rng.choice((rng.randint(12, 60), rng.randint(60, 240), rng.randint(240, 900)))


def _story(entry: dict[str, object]) -> Story:
    return Story(
        subjects=_texts(entry["subject"]),
        product=str(entry["product"]),
        severities=tuple(int(value) for value in _texts(entry["severity"])),
        description=str(entry["description"]).strip(),
        turns=tuple(_turn(text) for text in _texts(entry["turns"])),
        kind=str(entry.get("kind", "")),
        file=str(entry.get("file", "")),
    )


def _texts(values: object) -> tuple[str, ...]:
    assert isinstance(values, Sequence)
    return tuple(str(value) for value in values)


def _turn(text: str) -> Turn:
    kind, _, words = text.partition(": ")
    return Turn(kind, words)
