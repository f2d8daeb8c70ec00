"""By keyboard alone through queue and ticket: the focus is always somewhere."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as TooLate

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

type Arrive = Callable[..., Visitor]

# What has the focus, in a word for the message; empty where nothing has it.
FOCUSED = """() => {
  const at = document.activeElement;
  return !at || at === document.body ? "" : at.tagName + "#" + at.id + "." + at.className;
}"""


def act(page: Page, what: str, *keys: str) -> None:
    """Press keys, wait for what they ask of the server, and expect a focus afterwards."""
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_load_state("networkidle")
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    # What the last key asked for may come only now; a focus that is lost stays lost.
    try:
        page.wait_for_function(FOCUSED, timeout=3_000)
    except TooLate:
        pytest.fail(f"{what}: the focus is lost")


def test_the_queue_is_walked_by_keyboard_and_keeps_the_focus(arrive: Arrive) -> None:
    visitor = arrive("support engineer")
    page = visitor.visit("/queue/")
    for what, keys in (
        ("down", ("j", "j")),
        ("up", ("k",)),
        ("choose", ("x",)),
        ("assign", ("a",)),
        ("leave the form", ("Escape",)),
        ("state", ("s",)),
        ("leave it too", ("Escape",)),
        ("palette", ("Control+k",)),
        ("leave the palette", ("Escape",)),
        ("search", ("/",)),
    ):
        act(page, what, *keys)
    expect(page.locator("tr[data-row] input:checked")).to_have_count(1)
    # A facet asks for its values when it opens; the tab leads on into them.
    for facet in page.locator("details.facet > summary").all():
        facet.focus()
        act(page, "facet", "Enter", "Tab")
        assert page.evaluate("document.activeElement.closest('details.facet') !== null")
        act(page, "close the facet", "Escape")
        expect(facet).to_be_focused()
    why = page.locator("[data-place]").nth(1)
    why.focus()
    act(page, "why it stands here", "Enter")
    expect(page.locator("#queue-place")).to_be_visible()
    act(page, "close it", "Escape")
    expect(why).to_be_focused()


def test_from_ticket_to_ticket_and_through_what_can_be_done_by_keyboard(arrive: Arrive) -> None:
    visitor = arrive("support engineer")
    page = visitor.visit("/queue/?view=mine")
    listed = page.locator("tr[data-row] .queue__title a:not([data-place])")
    addresses = [one.get_attribute("href") for one in listed.all()]
    assert len(addresses) > 2
    act(page, "first row", "j", "j")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(addresses[1] or "?")
    place = page.get_by_role("group", name="In the queue")
    expect(place).to_contain_text(f"2 of {len(addresses)}")
    with page.expect_navigation():
        page.keyboard.press("j")
    assert page.url.endswith(addresses[2] or "?")
    with page.expect_navigation():
        page.keyboard.press("k")
    assert page.url.endswith(addresses[1] or "?")
    visitor.look()
    assert page.locator(".breadcrumb a").first.get_attribute("href") == "/queue/?view=mine"

    for what, keys in (("severity", "v"), ("hand over", "a"), ("resolve", "e"), ("reply", "r")):
        page.locator("#main").focus()
        act(page, what, keys)
        assert page.evaluate("document.activeElement.matches('input, select, textarea')"), what
    page.locator("#main").focus()
    act(page, "note", "n")
    page.keyboard.type("Seen by keyboard.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".sending-out")).to_contain_text("Seen by keyboard.")
    expect(page.locator(".sending-out")).to_be_focused()
    page.keyboard.press("u")
    expect(page.locator(".sending-out")).to_have_count(0)
    expect(page.locator("#composer-body")).to_have_value("Seen by keyboard.")
    expect(page.locator("#composer-body")).to_be_focused()
    page.get_by_role("button", name="Discard draft").click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name="Discard draft").click()
    # The link is in the part that is renewed once it comes into sight.
    page.get_by_role("link", name="Look for tickets like this one").or_(
        page.locator("#similar + div a").first
    ).first.focus()
    act(page, "similar tickets", "ArrowDown")
    expect(page.get_by_role("link", name="Look for tickets like this one")).to_have_count(0)
    act(page, "the tickets found", "ArrowUp")
