"""What people write, told anew from the demo's stories with other names and numbers."""

import random
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.load.seed.copying import text

FOLDER = Path(__file__).resolve().parents[3] / "tickets" / "demo" / "texts"
VARIANTS = 40

_SITES = ("Dallas", "Newark", "Hamburg", "Columbus", "Leeds", "Porto", "Osaka", "Gdańsk", "Lyon")
_NAMES = ("Priya", "Daniel", "Lena", "Owen", "Fatima", "Noah", "Grace", "Pavel", "Mei", "Tomás")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_TAILS = (
    "We checked {n} machines at {site} and see it on {few} of them.",
    "The log of {server} is from {hour}; nothing else changed on {day}.",
    "Please tell me whether that also holds for {site2}.",
    "Error {error} came back once, then never again.",
    "I will look at {server} again tomorrow morning and write here.",
    "Our change window is on {day}, so there is no hurry before.",
)


@dataclass(frozen=True)
class Told:
    """One telling of a story, ready for COPY: what is filed, and what each side says."""

    subject: str
    description: str
    product: str
    customer: tuple[str, ...]
    staff: tuple[str, ...]
    resolution: str


def tell_stories(rng: random.Random) -> list[Told]:
    """Tell each of the demo's stories many times over."""
    stories = [
        story
        for path in sorted(FOLDER.glob("*.toml"))
        for story in tomllib.loads(path.read_text(encoding="utf-8"))["story"]
    ]
    return [_tell(story, rng) for story in stories for _ in range(VARIANTS)]


def _tell(story: dict[str, object], rng: random.Random) -> Told:
    words = _Words(rng)

    def fill(template: str) -> str:
        filled = re.sub(r"\{(\w+)\}", lambda found: words[found[1]], template.strip())
        return text(filled)

    said: dict[str, list[str]] = {"customer": [], "answer": [], "resolved": []}
    for turn in story["turns"]:  # type: ignore[attr-defined]  # a list in each story
        kind, _, body = str(turn).partition(": ")
        if kind in said:
            said[kind].append(body)
    subjects = story["subject"]
    subject = rng.choice(subjects if isinstance(subjects, list) else [subjects])
    return Told(
        subject=fill(subject)[:200],
        description=fill(str(story["description"])),
        product=str(story.get("product", "")),
        customer=_lines(said["customer"] or ["It is still the same."], fill, rng),
        staff=_lines(said["answer"] or ["We are looking at it."], fill, rng),
        resolution=fill((said["resolved"] or ["The cause was found and removed."])[0]),
    )


def _lines(bodies: list[str], fill: Callable[[str], str], rng: random.Random) -> tuple[str, ...]:
    """Six messages of different lengths, with no two alike."""
    return tuple(
        fill(" ".join([rng.choice(bodies), *rng.sample(_TAILS, rng.randrange(3))]))
        for _ in range(6)
    )


class _Words(dict[str, str]):
    """The words of one telling; a name nobody foresaw is a number."""

    def __init__(self, rng: random.Random) -> None:
        site, site2 = rng.sample(_SITES, 2)
        super().__init__(
            site=site,
            site2=site2,
            contact=rng.choice(_NAMES),
            server=f"{site[:3].upper()}-SRV-{rng.randrange(1, 90):02}",
            hour=f"{rng.randrange(24):02}:{rng.randrange(60):02}",
            day=rng.choice(_DAYS),
            n=str(rng.randrange(12, 900)),
            few=str(rng.randrange(2, 12)),
            version=f"12.{rng.randrange(2, 5)}.{rng.randrange(1, 9)}",
            error=f"0x{rng.randrange(16**8):08X}",
        )
        self._rng = rng

    def __missing__(self, name: str) -> str:
        self[name] = str(self._rng.randrange(100, 10_000))
        return self[name]
