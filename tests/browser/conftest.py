"""One portal and one browser for all stories."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.chromium import launch
from tests.browser.stack import Stack, running_stack
from tests.browser.visitor import Visitor

# As long as a visitor waits for anything else: a machine that does other things is no fault.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    log: Path = tmp_path_factory.mktemp("stack") / "log"
    with running_stack(log) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()


@pytest.fixture
def arrive(stack: Stack, browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Open a window, signed in as a person when a role is named."""
    visitors: list[Visitor] = []

    def open_window(role: str = "", company: str = "", **options: Any) -> Visitor:
        visitor = Visitor.arrive(browser, stack.base_url, **options)
        visitors.append(visitor)
        if role:
            visitor.sign_in(stack.person(role, company))
        return visitor

    yield open_window
    for visitor in visitors:
        visitor.leave()
