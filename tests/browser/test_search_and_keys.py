"""Finding and doing things by keyboard alone: the palette, the search, single keys, the focus."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

type Arrive = Callable[..., Visitor]


def test_an_engineer_finds_and_takes_a_ticket_without_a_mouse(arrive: Arrive) -> None:
    visitor = arrive("support engineer")
    page = visitor.visit("/queue/?view=unassigned")
    first = page.locator(".queue tr[data-row]").first
    number = first.locator(".id").inner_text()
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Search and commands")
    field = palette.get_by_role("combobox", name="Search, or do something")
    expect(field).to_be_focused()
    page.keyboard.type(number)
    expect(palette.get_by_role("option").first).to_contain_text(number)
    expect(palette.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    visitor.look()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/tickets/{number.removeprefix('TK-')}/$"))
    visitor.settle()  # a key is heard once the page is whole
    page.keyboard.press("n")
    expect(page.locator("#composer-body")).to_be_focused()
    page.keyboard.type("tell nobody")  # a T in a text takes no ticket
    expect(page.locator("#composer-body")).to_have_value("tell nobody")
    page.locator("#composer-body").fill("")
    page.locator("#main").focus()
    page.keyboard.press("Control+k")
    palette.get_by_role("option", name=f"Take {number}").wait_for()
    page.keyboard.type("> take")
    expect(palette.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"You took {number}.")).to_be_visible()
    visitor.settle()
    page.keyboard.press("g")
    page.keyboard.press("m")
    expect(page.get_by_role("heading", level=1)).to_have_text("My work")
    expect(page.get_by_text(number).first).to_be_visible()
    visitor.look()


def test_a_form_that_is_fetched_is_typed_into_at_once(arrive: Arrive) -> None:
    visitor = arrive("support engineer")
    page = visitor.visit("/queue/")
    page.locator(".queue tr[data-row] .queue__title a:not([data-place])").first.click()
    visitor.settle()
    seen = page.locator("#ticket-news").get_attribute("data-version")
    expect(page.locator("#merge_into")).to_have_count(0)
    page.locator("#main").focus()
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Search and commands")
    page.keyboard.type("> merge")
    expect(palette.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#merge_into")).to_be_focused()
    fold = page.locator("details.fold").filter(has=page.locator("#merge_into"))
    assert fold.locator("[name=seen_event]").get_attribute("value") == seen
    page.keyboard.type("TK-1")
    page.locator("#merge_reason").fill("Typed once")
    visitor.look()
    visitor.expects_refusal = True
    fold.get_by_role("button", name="Merge it").click()
    expect(page.get_by_text("There is no ticket of this number.").first).to_be_visible()
    expect(page.locator("#merge_into")).to_have_value("TK-1")
    expect(page.locator("#merge_reason")).to_have_value("Typed once")


def test_without_script_such_a_form_has_a_page_of_its_own(arrive: Arrive) -> None:
    visitor = arrive("support engineer", script=False)
    page = visitor.visit("/queue/")
    page.locator(".queue tr[data-row] .queue__title a:not([data-place])").first.click()
    seen = page.locator("#ticket-news").get_attribute("data-version")
    page.locator("summary", has_text="Link a ticket").click()
    page.get_by_role("link", name="Link a ticket").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Link a ticket")
    page.go_back()
    page.locator("summary", has_text="Merge into another").click()
    page.get_by_role("link", name="Merge into another").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Merge into another")
    assert page.locator("[name=seen_event]").get_attribute("value") == seen
    visitor.look()
    visitor.expects_refusal = True
    page.locator("#merge_into").fill("TK-1")
    page.locator("#merge_reason").fill("Typed once")
    page.get_by_role("button", name="Merge it").click()
    expect(page.locator("#merge_reason")).to_be_visible()
    expect(page.locator("#merge_reason")).to_have_value("Typed once")
    expect(page.locator(".ticket-grid")).to_be_visible()


def test_the_search_is_reached_by_a_key_and_understands_operators(arrive: Arrive) -> None:
    visitor = arrive("technical contact", "Northwind Logistics")
    page = visitor.visit("/tickets/?state=ended")
    page.keyboard.press("/")
    expect(page.locator("#id_q")).to_be_focused()
    visitor.visit("/search/?q=printer+is%3Aopen+colour%3Ared")
    expect(page.get_by_text("“colour:” is no operator")).to_be_visible()
    expect(page.locator("mark").first).to_have_text(re.compile("print", re.IGNORECASE))
    page.locator("#main").focus()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="All shortcuts")
    expect(sheet).to_be_visible()
    visitor.look()
    sheet.get_by_role("button", name="Single keys").click()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(sheet).to_be_hidden()


def test_without_script_the_palettes_button_leads_to_the_search(arrive: Arrive) -> None:
    visitor = arrive("support engineer", script=False)
    page = visitor.visit("/queue/")
    page.get_by_role("link", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Search")
    page.get_by_role("searchbox").fill("severity:1")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_role("heading", level=2, name="Tickets")).to_be_visible()


def test_focus_stays_when_the_part_it_is_in_is_renewed(arrive: Arrive) -> None:
    visitor = arrive("support engineer")
    page = visitor.visit("/search/")
    page.evaluate(
        """() => {
          const place = document.createElement("div");
          place.id = "renewed";
          document.querySelector("main").append(place);
        }"""
    )

    def renew(typed: str) -> None:
        page.evaluate(
            "typed => htmx.ajax('GET', '/palette/?q=' + typed, { target: '#renewed' })", typed
        )
        expect(page.locator("#renewed .htmx-settling")).to_have_count(0)

    renew("roster")
    roster = page.locator("#renewed [href='/roster/']")
    # Without an id, by which htmx would find it itself.
    roster.evaluate("link => { link.removeAttribute('id'); link.focus(); }")
    renew("roster")
    expect(roster).to_be_focused()
    roster.evaluate("link => link.removeAttribute('id')")
    renew("nothingofthisname")
    expect(page.locator("#renewed")).to_be_focused()


def test_a_drawn_figure_leads_to_its_tickets_by_arrow_and_enter(arrive: Arrive) -> None:
    visitor = arrive("duty lead")
    page = visitor.visit("/insight/")
    drawing = page.get_by_role("group", name=re.compile("Tickets filed by hour of the week"))
    parts = drawing.get_by_role("link")
    assert parts.evaluate_all("all => all.filter(one => one.tabIndex === 0).length") == 1
    parts.first.focus()
    page.keyboard.press("End")
    expect(parts.last).to_be_focused()
    name = parts.last.get_attribute("aria-label") or ""
    expect(page.locator("[data-told]", has_text=name)).to_be_visible()
    page.keyboard.press("Enter")
    counted = re.search(r": (\d+) filed", name)
    assert counted is not None
    expect(page.locator("#total")).to_have_text(counted[1])
    visitor.look()
