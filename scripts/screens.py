"""A picture of every page, for whoever wants to look before they believe: `make screens`.

Signs in as each role, walks every page the role can reach, in light and dark, at 1440 and 390
pixels, and lays pictures with axe findings and transfer sizes into var/screens/ with an index.
Starts a portal of its own on throwaway data, so nothing running is touched.
"""

import html
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import django
from playwright.sync_api import Browser, Response, sync_playwright

from tests.browser.chromium import launch
from tests.browser.stack import Person, Stack, running_stack
from tests.browser.visitor import DESK, PHONE, Visitor

OUT = Path("var/screens")
LOOKS = (
    ("1440-light", DESK, False),
    ("1440-dark", DESK, True),
    ("390-light", PHONE, False),
    ("390-dark", PHONE, True),
)


@dataclass(frozen=True)
class Shot:
    """One picture and what was measured while it was taken. Units: kilobytes over the wire."""

    role: str
    page: str
    path: str
    look: str
    file: str
    kilobytes: float
    findings: tuple[str, ...]


def main() -> int:
    """Take all pictures. Returns 1 when axe or the browser found something."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportportal.settings")
    django.setup()
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.glob("*.png"):
        old.unlink()
    log = Path(tempfile.mkdtemp(prefix="portal-screens-")) / "log"
    with running_stack(log) as stack, sync_playwright() as playwright:
        browser = launch(playwright)
        shots = [shot for person in _cast(stack) for shot in _shots(browser, stack, person)]
        browser.close()
    _write_index(shots)
    found = sum(len(shot.findings) for shot in shots)
    print(f"{len(shots)} pictures, {found} findings: {OUT / 'index.html'}")
    return 1 if found else 0


def _cast(stack: Stack) -> list[Person | None]:
    """Nobody signed in, then one person of each role."""
    roles: dict[str, Person] = {}
    for person in stack.people:
        roles.setdefault(person.role, person)
    return [None, *roles.values()]


def _shots(browser: Browser, stack: Stack, person: Person | None) -> list[Shot]:
    from tests.browser.crawl import walk  # noqa: PLC0415 - needs Django set up

    role = person.role if person else "visitor"
    shots: list[Shot] = []
    pages: list[tuple[str, str]] = []
    for look, viewport, dark in LOOKS:
        visitor = Visitor.arrive(browser, stack.base_url, viewport=viewport, dark=dark)
        if person is not None:
            visitor.sign_in(person)
        sizes: list[float] = []
        visitor.page.on("response", _weigher(sizes))
        steps = pages or walk(visitor, "/" if person else "/plans/")
        found = []
        for name, path in steps:
            sizes.clear()
            visitor.problems.clear()
            visitor.page.goto(path)
            visitor.page.wait_for_load_state("networkidle")
            visitor.look()
            file = f"{role}-{name}-{look}.png".replace(" ", "-").replace(":", "-")
            visitor.page.screenshot(path=OUT / file, full_page=True)
            found.append((name, path))
            shots.append(Shot(role, name, path, look, file, sum(sizes), tuple(visitor.problems)))
            print(f"{role:20} {look:10} {name}")
        pages = found
        visitor.context.close()
    return shots


def _weigher(sizes: list[float]) -> Callable[[Response], None]:
    return lambda answer: sizes.append(_size(answer))


def _size(answer: Response) -> float:
    try:
        sizes = answer.request.sizes()
    except Exception:  # noqa: BLE001 - a page left early has no sizes to tell
        return 0.0
    return (sizes["responseBodySize"] + sizes["responseHeadersSize"]) / 1000


def _write_index(shots: list[Shot]) -> None:
    rows = []
    for role, page in dict.fromkeys((shot.role, shot.page) for shot in shots):
        mine = [shot for shot in shots if (shot.role, shot.page) == (role, page)]
        pictures = "".join(
            f'<a href="{shot.file}"><img src="{shot.file}" alt="{shot.look}" height="320"></a>'
            for shot in mine
        )
        findings = "".join(
            f"<li>{shot.look}: {html.escape(text)}</li>" for shot in mine for text in shot.findings
        )
        sizes = ", ".join(f"{shot.look} {shot.kilobytes:.0f} kB" for shot in mine)
        rows.append(
            f"<h2>{html.escape(role)}: {html.escape(page)}</h2><p>{html.escape(mine[0].path)} "
            f"&middot; {sizes}</p><ul>{findings}</ul><p>{pictures}</p>"
        )
    (OUT / "index.html").write_text(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Every page</title>"
        f"<h1>Every page</h1>{''.join(rows)}</html>"
    )


if __name__ == "__main__":
    sys.exit(main())
