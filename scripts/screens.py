"""A picture of every page, for whoever wants to look before they believe: `make screens`.

Signs in as each role, walks every page the role can reach, in light and dark, at 1440 and 390
pixels, and lays pictures with axe findings and transfer sizes into var/screens/ with an index.
Starts a portal of its own on throwaway data, so nothing running is touched; with `--running` it
looks at the one `make demo` runs here. Roles may be named: `make screens ARGS="visitor TAM"`.
"""

import argparse
import html
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import django
from playwright.sync_api import Browser, Response, ViewportSize, sync_playwright

from tests.browser.chromium import launch
from tests.browser.stack import Person, read_people, running_stack
from tests.browser.visitor import Visitor

OUT = Path("var/screens")
LOOKS: tuple[tuple[str, ViewportSize, bool], ...] = (
    ("1440-light", {"width": 1440, "height": 900}, False),
    ("1440-dark", {"width": 1440, "height": 900}, True),
    ("390-dark", {"width": 390, "height": 844}, True),
    ("390-light", {"width": 390, "height": 844}, False),
)
# Pages no link leads to.
UNLINKED = (("not found", "/nowhere/"), ("components", "/components/"))


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
    asked = argparse.ArgumentParser(description="A picture of every page")
    asked.add_argument("--running", action="store_true", help="look at the demo that runs here")
    asked.add_argument("roles", nargs="*", help="only these roles; visitor is nobody signed in")
    given = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportportal.settings")
    django.setup()
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.glob("*.png"):
        old.unlink()
    shots: list[Shot] = []
    with _portal(running=given.running) as (address, people), sync_playwright() as playwright:
        browser = launch(playwright)
        for role, person in _cast(people):
            if not given.roles or role in given.roles:
                shots += _shots(browser, address, role, person)
        browser.close()
    _write_index(shots)
    found = sum(len(shot.findings) for shot in shots)
    print(f"{len(shots)} pictures, {found} findings: {OUT / 'index.html'}")
    return 1 if found else 0


@contextmanager
def _portal(*, running: bool) -> Iterator[tuple[str, Sequence[Person]]]:
    """Give the address and the people of a portal."""
    if running:
        told = json.loads(Path("var/demo.json").read_text())
        yield told["base_url"], read_people(told)
    else:
        log = Path(tempfile.mkdtemp(prefix="portal-screens-")) / "log"
        with running_stack(log) as stack:
            yield stack.base_url, stack.people


def _cast(people: Sequence[Person]) -> list[tuple[str, Person | None]]:
    """Nobody signed in, then one person of each role."""
    roles: dict[str, Person | None] = {"visitor": None}
    for person in people:
        roles.setdefault(person.role, person)
    return list(roles.items())


def _shots(browser: Browser, address: str, role: str, person: Person | None) -> list[Shot]:
    """Open each page once and look at it four times: a page's looks are all in its styles."""
    from tests.browser.crawl import walk  # noqa: PLC0415 - needs Django set up

    shots: list[Shot] = []
    visitor = Visitor.arrive(browser, address)
    if person is not None:
        visitor.sign_in(person)
    pages = list(walk(visitor, "/" if person else "/plans/"))
    visitor.expects_refusal = True
    sizes: list[float] = []
    visitor.page.on("response", _weigher(sizes))
    for name, path in [*pages, *UNLINKED]:
        sizes.clear()
        visitor.page.set_viewport_size(LOOKS[0][1])
        # A colour on its way from one theme to the other would be judged as too faint.
        visitor.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        answer = visitor.page.goto(path)
        if name == "components" and answer is not None and answer.status == 404:
            continue
        visitor.page.wait_for_load_state("networkidle")
        for look, viewport, dark in LOOKS:
            visitor.problems.clear()
            visitor.page.set_viewport_size(viewport)
            visitor.page.emulate_media(color_scheme="dark" if dark else "light")
            visitor.look()
            file = f"{role}-{name}-{look}.png".replace(" ", "-").replace(":", "-")
            visitor.page.screenshot(path=OUT / file, full_page=True, animations="disabled")
            shots.append(Shot(role, name, path, look, file, sum(sizes), tuple(visitor.problems)))
        print(f"{role:20} {name}", flush=True)
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
        rows.append(
            f"<h2>{html.escape(role)}: {html.escape(page)}</h2><p>{html.escape(mine[0].path)} "
            f"&middot; {mine[0].kilobytes:.0f} kB</p><ul>{findings}</ul><p>{pictures}</p>"
        )
    (OUT / "index.html").write_text(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Every page</title>"
        f"<h1>Every page</h1>{''.join(rows)}</html>"
    )


if __name__ == "__main__":
    sys.exit(main())
