"""Enter, Back and a refused form do what somebody meant, and nothing else."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_composer import box, first_of_mine
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

type Arrive = Callable[..., Visitor]


def chosen(page: Page) -> int:
    return page.locator("tr[data-row] input:checked").count()


def test_ctrl_enter_saves_a_note_whose_draft_is_kept_and_discards_nothing(arrive: Arrive) -> None:
    desk = arrive("support engineer")
    page = desk.visit(first_of_mine(desk))
    page.get_by_text("Internal note", exact=True).first.click()
    box(page).fill("The printer is a red herring")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    # Enter on what is merely chosen sends nothing.
    page.locator("[name=kind][value=note]").press("Enter")
    expect(box(page)).to_have_value("The printer is a red herring")
    box(page).press("Control+Enter")
    expect(page.locator(".sending-out")).to_contain_text("The printer is a red herring")


def test_enter_in_the_bar_does_what_the_field_is_of(arrive: Arrive) -> None:
    desk = arrive("duty lead")
    page = desk.visit("/queue/?view=unassigned")
    row = page.locator("tr[data-row]").first
    name = row.locator(".queue__title a").first.inner_text()
    row.locator("input").check()
    row.locator("input").press("Enter")
    assert chosen(page) == 1
    page.locator(".bulkbar summary", has_text="Tags").click()
    page.get_by_label("Put on").fill("enter-key")
    page.get_by_label("Put on").press("Enter")
    expect(page.get_by_text(re.compile("1 changed: .enter-key"))).to_be_visible()
    # It is nobody's still: it was not taken.
    expect(page.locator("tr[data-row]", has_text=name).get_by_text("enter-key")).to_be_visible()


def test_back_chooses_no_row(arrive: Arrive) -> None:
    desk = arrive("support engineer")
    page = desk.visit("/queue/")
    page.locator("tr[data-row] input").nth(2).check()
    page.locator("tr[data-row] .queue__title a").first.click()
    page.wait_for_url(re.compile("/tickets/"))
    page.go_back()
    expect(page.locator("[data-selected]")).to_have_text(re.compile("^(Selected|0 selected)$"))
    assert chosen(page) == 0


def test_a_page_that_came_back_goes_on_at_its_own_address(arrive: Arrive) -> None:
    desk = arrive("duty lead")
    desk.expects_refusal = True
    page = desk.visit("/queue/?severity=2")
    page.locator("tr[data-row] input").first.check()
    page.locator(".bulkbar summary", has_text="State").click()
    page.get_by_role("button", name="Change state").click()
    expect(page.get_by_text("Choose a state.", exact=True)).to_be_visible()
    assert page.url.endswith("/queue/?severity=2")
    # What was chosen is chosen still, and the breadcrumb of a ticket leads back to this list.
    assert chosen(page) == 1
    page.locator("tr[data-row] .queue__title a").first.click()
    page.locator(".breadcrumb a[href^='/queue/']").click()
    expect(page).to_have_url(re.compile(r"/queue/\?severity=2$"))


def test_what_a_colleague_changed_is_told_though_ones_own_note_goes_out_meanwhile(
    arrive: Arrive,
) -> None:
    one, other = arrive("support engineer"), arrive("duty lead")
    address = first_of_mine(one)
    page, colleagues = one.visit(address), other.visit(address)
    page.get_by_text("Internal note", exact=True).first.click()
    box(page).fill("Looking into it")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator(".sending-out")).to_be_visible()
    page.get_by_text("Reply to customer", exact=True).first.click()
    box(page).fill("As it is so urgent, restart it now.")
    colleagues.get_by_text("Internal note", exact=True).first.click()
    box(colleagues).fill("Do not restart it")
    colleagues.get_by_role("button", name="Save note").click()
    expect(page.locator(".sending-out")).to_have_count(0, timeout=40_000)
    one.expects_refusal = True
    page.get_by_role("button", name=re.compile("^Send(?! and)")).click()
    expect(
        page.get_by_text(re.compile("while you were writing|goes out in a few seconds")).first
    ).to_be_visible()
    expect(box(page)).to_have_value("As it is so urgent, restart it now.")
    assert page.url.endswith(address)
