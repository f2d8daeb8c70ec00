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


@pytest.mark.parametrize(
    ("viewport", "dark"), [(DESK, False), (PHONE, True)], ids=["desk-light", "phone-dark"]
)
@pytest.mark.parametrize("role", ["", *ROLES])
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
