"""Every page each role can reach: there, accessible, quiet, and no wider than the screen."""

from collections.abc import Callable

import pytest

from tests.browser.crawl import walk
from tests.browser.visitor import DESK, PHONE, Visitor

pytestmark = pytest.mark.browser

ROLES = (
    "technical contact",
    "portal user",
    "company manager",
    "support engineer",
    "lab analyst",
    "duty lead",
    "support manager",
    "TAM",
    "administrator",
)


# The roles that between them reach every page, once more as on a phone at night.
ON_A_PHONE = ("", "technical contact", "support engineer", "administrator")


@pytest.mark.parametrize(
    ("role", "viewport", "dark"),
    [
        *((role, DESK, False) for role in ("", *ROLES)),
        *((role, PHONE, True) for role in ON_A_PHONE),
    ],
    ids=[
        *(f"{role or 'visitor'}-desk" for role in ("", *ROLES)),
        *(f"{role or 'visitor'}-phone" for role in ON_A_PHONE),
    ],
)
def test_every_page_is_in_order(
    arrive: Callable[..., Visitor], role: str, viewport: dict[str, int], *, dark: bool
) -> None:
    visitor = arrive(role, viewport=viewport, dark=dark)
    names = []
    for name, _ in walk(visitor, "/" if role else "/plans/"):
        names.append(name)
        visitor.look()
    # Each role has more than a front page; a crawl that found nothing would prove nothing.
    assert len(names) >= 4, names
