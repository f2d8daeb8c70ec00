"""Two people at once: what one does, the other learns of without losing place or words."""

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.stack import Stack
from tests.browser.test_stories import CUSTOMER, eventually, file_a_ticket, unique
from tests.browser.visitor import DESK, Visitor

pytestmark = pytest.mark.browser

type Arrive = Callable[..., Visitor]

# What is sent can be taken back for ten seconds. Units: milliseconds.
GONE_OUT = 25_000


def listening(page: Page) -> None:
    """Wait until the page is told what happens."""
    expect(page.locator("[data-live]")).to_have_attribute("data-is-live", "yes")


def test_a_new_ticket_is_told_in_the_queue_without_moving_a_row(arrive: Arrive) -> None:
    engineer, contact = arrive("support engineer"), arrive("technical contact", CUSTOMER)
    queue = engineer.visit("/queue/?view=open")
    listening(queue)
    row = queue.locator("tr[data-row]").nth(2)
    row.locator("input[type=checkbox]").check()
    chosen = row.locator(".id").inner_text()
    numbers = queue.locator("tr[data-row] .id").all_inner_texts()

    subject = unique("Badge printers offline")
    file_a_ticket(contact, subject, kind="break_fix", severity="Critical")

    news = queue.locator("#queue-news")
    expect(news).to_contain_text(re.compile(r"\d+ new"))
    assert queue.locator("tr[data-row] .id").all_inner_texts() == numbers
    # The bar of what is chosen lies over the row behind it, but over none on a screen that fits.
    queue.set_viewport_size({"width": DESK["width"], "height": 4000})
    engineer.look()
    queue.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
    news.get_by_role("button", name="Show").click()
    expect(queue.get_by_role("row").filter(has_text=subject)).to_be_visible()
    again = queue.locator("tr[data-row]").filter(has_text=chosen)
    expect(again.locator("input[type=checkbox]")).to_be_checked()
    expect(news).to_be_empty()


def test_colleagues_see_each_other_and_the_customer_sees_nobody(arrive: Arrive) -> None:
    contact = arrive("technical contact", CUSTOMER)
    subject = unique("Scanner queue")
    number = file_a_ticket(contact, subject, kind="break_fix", severity="Low")
    listening(contact.page)
    mara, theo = arrive("support engineer"), arrive("duty lead")
    desk = mara.visit(f"/tickets/{number}/")
    listening(desk)
    other = theo.visit(f"/tickets/{number}/")
    here = other.locator("[data-here]")
    expect(here).to_have_text(re.compile("is here$"))
    expect(desk.locator("[data-here]")).to_have_text("Theo Hartmann is here")

    desk.locator("#composer-body").press_sequentially("Let me")
    expect(here).to_have_text(re.compile("is writing$"))
    theo.look()
    desk.locator("#composer-body").blur()
    expect(here).to_have_text(re.compile("is here$"))

    desk.goto(f"/queue/?view=open&q={quote(subject)}")
    expect(here).to_be_hidden()
    # Who has gone back to the queue sees there who is still at it.
    looks = desk.locator(".queue__here")
    expect(looks).to_have_attribute("aria-label", "Theo Hartmann is here")
    mara.look()
    other.goto("/queue/")
    expect(looks).to_have_count(0)
    assert "is here" not in contact.page.locator("body").inner_text()
    assert contact.page.locator("[data-here]").count() == 0


def test_an_answer_past_somebody_elses_is_stopped_and_kept(arrive: Arrive) -> None:
    contact = arrive("technical contact", CUSTOMER)
    number = file_a_ticket(contact, unique("VPN drops"), kind="break_fix", severity="Low")
    engineer = arrive("support engineer")
    desk = engineer.visit(f"/tickets/{number}/")
    listening(desk)
    desk.locator("#composer-body").fill("Please send the log.")

    page = contact.page
    page.get_by_label("Your reply").fill("It is the firewall: rule 12.")
    page.get_by_role("button", name=re.compile("^Reply")).first.click()

    news = desk.locator("#ticket-news")
    expect(news).to_contain_text("It is the firewall: rule 12.")
    expect(desk.locator("#composer-body")).to_have_value("Please send the log.")
    engineer.look()

    engineer.expects_refusal = True
    desk.get_by_role("radio", name=re.compile("Acknowledgement")).check()
    desk.get_by_role("button", name=re.compile("^Send Ctrl|^Send$")).first.click()
    conflict = desk.locator(".news--conflict")
    expect(conflict).to_contain_text("It is the firewall: rule 12.")
    expect(desk.locator("#composer-body")).to_have_value("Please send the log.")
    engineer.look()
    engineer.expects_refusal = False
    desk.locator("#composer-body").fill("Then rule 12 it is.")
    desk.get_by_role("button", name=re.compile("^Send Ctrl|^Send$")).first.click()
    expect(desk.locator(".sending-out")).to_contain_text("Then rule 12 it is.")

    # It reaches the customer's open page by itself, and only after the moment to take it back.
    expect(page.locator("#ticket-news")).to_contain_text("Then rule 12 it is.", timeout=GONE_OUT)
    expect(desk.locator(".sending-out")).to_have_count(0)
    expect(desk.locator(".thread > .msg:focus")).to_contain_text("Then rule 12 it is.")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".thread")).to_contain_text("Then rule 12 it is.")
    contact.look()


def test_what_was_sent_is_taken_back_and_nobody_hears_of_it(arrive: Arrive, stack: Stack) -> None:
    contact = arrive("technical contact", CUSTOMER)
    number = file_a_ticket(contact, unique("Wrong window"), kind="break_fix", severity="Low")
    plain = arrive("support engineer", script=False)
    desk = plain.page
    desk.goto(f"/tickets/{number}/")
    desk.locator("#composer-body").fill("Meant for somebody else.")
    desk.get_by_role("radio", name=re.compile("Acknowledgement")).check()
    desk.locator("form.composer button.if-reply.btn-primary").click()
    desk.locator(".sending-out").get_by_role("button", name="Undo").click()
    expect(desk.get_by_text("Taken back: nobody has read it.")).to_be_visible()
    expect(desk.locator("#composer-body")).to_have_value("Meant for somebody else.")

    desk.locator("#composer-body").fill("Meant for you.")
    desk.locator("form.composer button.if-reply.btn-primary").click()
    me = stack.person("technical contact", CUSTOMER)
    told = f"TK-{number} "
    eventually(
        lambda: any(
            told in str(mail["Subject"]) and "answered" in str(mail["Subject"])
            for mail in stack.mailbox.to(me.email)
        ),
        seconds=40,
    )
    page = contact.visit(f"/tickets/{number}/")
    expect(page.locator(".thread")).to_contain_text("Meant for you.")
    assert "somebody else" not in page.content()


def test_undo_on_a_slow_line_is_not_lost_where_the_page_is_renewed_meanwhile(
    arrive: Arrive,
) -> None:
    contact = arrive("technical contact", CUSTOMER)
    number = file_a_ticket(contact, unique("Wrong window"), kind="break_fix", severity="Low")
    desk, colleague = arrive("support engineer"), arrive("duty lead", script=False)
    page = desk.visit(f"/tickets/{number}/")
    colleague.page.goto(f"/tickets/{number}/")
    page.locator("#composer-body").fill("Meant for somebody else.")
    page.get_by_role("radio", name=re.compile("Acknowledgement")).check(force=True)
    page.locator("form.composer button.if-reply.btn-primary").click()
    undo = page.locator(".sending-out").get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    listening(page)

    asked: list[Route] = []
    page.route("**/health/live/", lambda route: asked.append(route))  # noqa: PLW0108 - it marks what it is given
    undo.click()
    tag = colleague.page.get_by_label("Add a tag")
    tag.fill("billing")
    with page.expect_response(lambda answer: answer.url.endswith(f"/tickets/{number}/")):
        tag.press("Enter")
    page.wait_for_timeout(300)  # until what was asked for stands, as it did
    asked[0].continue_()
    expect(page.get_by_text("Taken back: nobody has read it.")).to_be_visible()
    expect(page.locator("#composer-body")).to_have_value("Meant for somebody else.")


def test_a_dead_network_takes_nothing_that_was_typed(arrive: Arrive) -> None:
    contact = arrive("technical contact", CUSTOMER)
    number = file_a_ticket(contact, unique("Tunnel"), kind="break_fix", severity="Low")
    engineer = arrive("support engineer")
    lost = re.compile("No connection: nothing was sent.")

    page = contact.visit("/tickets/new/")
    subject = unique("Typed in a tunnel")
    page.get_by_label("Subject").fill(subject)
    page.get_by_label("Description").fill("Half an hour of writing.")
    page.locator("#id_product").select_option(label="Endpoint Protection")
    page.locator("#id_kind_break_fix").check()
    page.get_by_role("radio", name="Low", exact=True).check()
    contact.context.set_offline(True)
    page.get_by_role("button", name="Create ticket").click()
    expect(page.get_by_text(lost)).to_be_visible()
    expect(page.get_by_label("Description")).to_have_value("Half an hour of writing.")
    contact.look()
    contact.context.set_offline(False)
    page.get_by_role("button", name="Create ticket").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)

    desk = engineer.visit(f"/tickets/{number}/")
    desk.locator("#composer-body").fill("Please restart it.")
    desk.get_by_role("radio", name=re.compile("Acknowledgement")).check()
    engineer.context.set_offline(True)
    desk.locator("form.composer button.if-reply.btn-primary").click()
    expect(desk.get_by_text(lost)).to_be_visible()
    expect(desk.locator("#composer-body")).to_have_value("Please restart it.")
    engineer.context.set_offline(False)
    desk.locator("form.composer button.if-reply.btn-primary").click()
    expect(desk.locator(".sending-out")).to_contain_text("Please restart it.")

    queue = engineer.visit("/queue/mine/")
    queue.locator("tr[data-row] input[type=checkbox]").first.check()
    engineer.context.set_offline(True)
    queue.locator(".queue-form").evaluate("form => form.requestSubmit()")
    expect(queue.get_by_text(lost)).to_be_visible()
    expect(queue.locator("tr[data-row] input[type=checkbox]").first).to_be_checked()
    engineer.context.set_offline(False)
    for visitor in (contact, engineer):
        visitor.forget_lost_network()


def test_one_keeps_ones_own_columns_and_learns_why_a_ticket_is_first(arrive: Arrive) -> None:
    engineer = arrive("support engineer")
    queue = engineer.visit("/queue/?view=open")
    queue.locator("summary", has_text="Columns and rows").click()
    queue.get_by_label("Tier").uncheck()
    queue.get_by_label("Compact").check()
    queue.get_by_role("button", name="Save", exact=True).click()
    expect(queue.get_by_role("columnheader", name="Tier")).to_be_hidden()
    expect(queue.get_by_role("columnheader", name="Customer")).to_be_visible()
    engineer.look()

    first = queue.locator("tr[data-row]").first
    first.hover()
    first.locator("[data-place]").click()
    expect(queue.locator("#queue-place")).to_contain_text("there counts, in this order:")
    engineer.look()

    elsewhere = arrive("support engineer").visit("/queue/?view=open")
    expect(elsewhere.get_by_role("columnheader", name="Tier")).to_be_hidden()
    elsewhere.locator("summary", has_text="Columns and rows").click()
    elsewhere.get_by_role("button", name="Let the screen decide").click()
    expect(elsewhere.get_by_role("columnheader", name="Tier")).to_be_visible()
