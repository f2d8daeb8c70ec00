"""On the engineers' desk neither a lost network nor an expired session takes what was typed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.stack import Stack
from tests.browser.visitor import AT_SIGN_IN, Visitor

pytestmark = pytest.mark.browser

type Arrive = Callable[..., Visitor]

ENGINEER = "support engineer"
REASON = "Typed once, and never again"


def ticket_of_mine(visitor: Visitor) -> str:
    """One that no other story writes on: what is typed here stays behind as a draft."""
    page = visitor.visit("/queue/mine/")
    address = page.locator(".queue__title a:not([data-place])").nth(3).get_attribute("href")
    assert address
    return address


def form_of(page: Page, summary: str) -> Locator:
    return page.locator("details.fold").filter(has=page.locator("summary", has_text=summary))


@pytest.mark.parametrize(
    ("summary", "send"),
    [("Change severity", "Change severity"), ("Hand over", "Give it to them")],
)
def test_a_form_folded_away_is_open_again_with_its_words(
    summary: str, send: str, arrive: Arrive, stack: Stack
) -> None:
    visitor = arrive(ENGINEER)
    page = visitor.visit(ticket_of_mine(visitor))
    form = form_of(page, summary)
    form.locator("summary").click()
    choice = form.locator("select").first
    before = choice.input_value()
    choice.select_option(index=1)
    if choice.input_value() == before:
        choice.select_option(index=2)
    form.locator("textarea").first.fill(REASON)
    kept = choice.input_value()

    visitor.context.set_offline(True)
    visitor.expects_refusal = True
    form.get_by_role("button", name=send).click()
    expect(form.get_by_role("alert")).to_contain_text("What you typed is still here")
    expect(form.locator("textarea").first).to_have_value(REASON)
    visitor.context.set_offline(False)
    visitor.forget_lost_network()

    visitor.lose_session()
    form.get_by_role("button", name=send).click()
    visitor.sign_in_again(stack.person(ENGINEER))
    expect(form.locator("textarea").first).to_be_visible()
    expect(form.locator("textarea").first).to_have_value(REASON)
    expect(choice).to_have_value(kept)
    visitor.look()


def test_a_note_and_rows_that_were_chosen_are_there_again(arrive: Arrive, stack: Stack) -> None:
    visitor = arrive(ENGINEER)
    page = visitor.visit(ticket_of_mine(visitor))
    page.keyboard.press("n")
    page.locator("#composer-body").fill(REASON)
    visitor.lose_session()
    page.get_by_role("button", name="Save note").click()
    visitor.sign_in_again(stack.person(ENGINEER))
    expect(page.locator("#composer-body")).to_have_value(REASON)

    visitor.visit("/queue/")
    boxes = page.locator("tr[data-row] input[type=checkbox]")
    boxes.nth(1).check()
    boxes.nth(2).check()
    page.keyboard.press("s")
    words = page.locator(".bulkbar details[open] :is(textarea, input[type=text])").first
    words.fill(REASON)
    visitor.lose_session()
    page.get_by_role("button", name="Change state").click()
    visitor.sign_in_again(stack.person(ENGINEER))
    expect(page.locator("tr[data-row] input:checked")).to_have_count(2)
    expect(page.locator("[data-selected]")).to_have_text("2 selected")
    expect(words).to_have_value(REASON)


def test_a_part_that_is_renewed_leads_nobody_away_from_typed_words(
    arrive: Arrive, stack: Stack
) -> None:
    visitor = arrive(ENGINEER)
    page = visitor.visit(ticket_of_mine(visitor))
    form = form_of(page, "Hand over")
    form.locator("summary").click()
    form.locator("select").first.select_option(index=1)
    form.locator("textarea").first.fill(REASON)

    visitor.lose_session()
    page.evaluate("htmx.trigger('#ticket-news', 'news')")
    expect(page.get_by_role("alert")).to_contain_text("You are signed out")
    page.mouse.wheel(0, 4_000)
    page.wait_for_function("scrollY > 300")
    expect(page.get_by_role("alert")).to_be_in_viewport()
    expect(form.locator("textarea").first).to_have_value(REASON)
    form.get_by_role("button", name="Give it to them").click()
    visitor.sign_in_again(stack.person(ENGINEER))
    expect(form.locator("textarea").first).to_have_value(REASON)

    visitor.visit("/queue/")
    visitor.lose_session()
    page.evaluate("htmx.trigger('#queue-news', 'news')")
    page.wait_for_url(AT_SIGN_IN)
