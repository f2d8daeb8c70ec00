"""One cause, several customers: one broadcast reaches each thread, and none learns of another."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

type Arrive = Callable[..., Visitor]

WORDS = "We withdrew the rule. Please update one computer and print a page."


def test_one_broadcast_reaches_each_customers_own_thread(arrive: Arrive) -> None:
    lead = arrive("support engineer")
    page = lead.visit("/queue/?tag=rule-7")
    rows = page.locator(".queue tr[data-row]")
    expect(rows).not_to_have_count(0)
    page.goto("/outbreaks/")
    page.get_by_role("link", name=re.compile("printer drivers")).click()
    table = page.get_by_role("region", name="Tickets table")
    expect(table).to_be_visible()
    lead.look()
    companies = table.locator("td[data-label=Customer]").all_inner_texts()
    assert len(set(companies)) == 4
    ours = table.get_by_role("row").filter(has_text="Northwind Logistics").get_by_role("link")
    address = ours.get_attribute("href")
    page.locator("form.panel textarea").fill(WORDS)
    page.get_by_label("Kind of answer").select_option("acknowledgement")
    page.get_by_role("button", name=re.compile("^Send to ")).click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("Send|Yes")).click()
    expect(page.get_by_text(WORDS)).to_be_visible()
    lead.look()

    customer = arrive("technical contact", "Northwind Logistics")
    thread = customer.visit(str(address))
    expect(thread.get_by_text(WORDS)).to_be_visible()
    said = thread.locator("body").inner_text()
    for other in set(companies) - {"Northwind Logistics"}:
        assert other not in said
    assert "outbreak" not in said.lower()
