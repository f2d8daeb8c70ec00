"""Escalations as people meet them: the ladder's, the customer's, and the ladder itself."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.stack import Stack
from tests.browser.test_stories import CUSTOMER, eventually, file_a_ticket, unique
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

type Arrive = Callable[..., Visitor]


def test_a_manager_acknowledges_an_escalation_and_is_told_no_more_of_it(
    arrive: Arrive, stack: Stack
) -> None:
    """The demo files a ticket whose deadline passes within two minutes of each start."""
    manager = stack.person("support manager")

    def missed() -> list[str]:
        subjects = [str(mail["Subject"]) for mail in stack.mailbox.to(manager.email)]
        return [subject for subject in subjects if "deadline passed" in subject]

    eventually(missed, seconds=200)
    found = re.search(r"TK-(\d+)", missed()[0])
    assert found
    visitor = arrive("support manager")
    page = visitor.visit(f"/tickets/{found[1]}/")
    expect(page.get_by_text("Its repeats tell you no more").first).to_be_visible()
    page.get_by_role("button", name="Acknowledge", exact=True).click()

    expect(page.get_by_text(f"Acknowledged by {manager.name}").first).to_be_visible()
    expect(page.get_by_text("acknowledged the escalation").first).to_be_visible()
    expect(page.get_by_role("button", name="Acknowledge", exact=True)).to_have_count(0)
    visitor.look()
    engineer = arrive("support engineer")
    theirs = engineer.visit(f"/tickets/{found[1]}/")
    expect(theirs.get_by_text(f"Acknowledged by {manager.name}").first).to_be_visible()


def test_a_customer_escalates_and_is_answered(arrive: Arrive, stack: Stack) -> None:
    contact = arrive("technical contact", CUSTOMER)
    subject = unique("Scanner holds the night shift")
    number = file_a_ticket(contact, subject, kind="premium", severity="High")
    page = contact.page
    form = page.locator("form[action$='/escalation/']")
    page.locator("summary").filter(has_text="Escalate").click()
    form.locator("textarea").fill("Forty people wait for a plan.")
    form.locator("button[type=submit]").click()
    expect(page.get_by_text("owns it").first).to_be_visible()
    contact.look()

    lead = arrive("support manager")
    desk = lead.visit("/escalations/")
    row = desk.get_by_role("row").filter(has_text=subject)
    row.get_by_role("link", name=re.compile(re.escape(subject))).click()
    expect(desk.get_by_text("Forty people wait for a plan.").first).to_be_visible()
    desk.get_by_label("What happens now?").fill("Mara narrows the rule tonight.")
    desk.get_by_label("They hear from you again within").select_option(label="4 hours")
    desk.locator("form[action$='/answers/'] button[type=submit]").first.click()
    expect(desk.get_by_text("Mara narrows the rule tonight.").first).to_be_visible()
    lead.look()

    page = contact.visit(f"/tickets/{number}/")
    expect(page.get_by_text("Mara narrows the rule tonight.").first).to_be_visible()
    expect(page.get_by_text(re.compile("You hear again by")).first).to_be_visible()
    me = stack.person("technical contact", CUSTOMER)
    eventually(
        lambda: any(
            "on your escalation" in str(mail["Subject"]) and number in str(mail["Subject"])
            for mail in stack.mailbox.to(me.email)
        )
    )


def test_an_administrator_changes_a_ladder_after_seeing_what_it_means(arrive: Arrive) -> None:
    administrator = arrive("administrator")
    page = administrator.visit("/ladders/basic/edit/")
    row = page.get_by_role("group", name="Step 1", exact=True)
    row.get_by_label("When").fill("60")
    page.get_by_role("button", name="Show what it changes").click()
    effect = page.get_by_role("region", name="What it changes")
    expect(effect.get_by_text("60 %").first).to_be_visible()
    expect(page.get_by_text("Clocks that start after the saving")).to_be_visible()
    administrator.look()

    page.get_by_label("Reason").fill("Engineers want to know sooner.")
    page.get_by_role("button", name=re.compile("^Save version")).click()
    expect(page).to_have_url(re.compile(r"/ladders/basic/$"))
    expect(page.get_by_text("Engineers want to know sooner.").first).to_be_visible()
    expect(page.get_by_text("60 %").first).to_be_visible()
    administrator.look()
