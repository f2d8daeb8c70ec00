"""Writing on a ticket: nothing typed is lost, and writing well is quick."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Locator, Page, Route, expect

from tests.browser.test_stories import eventually
from tests.browser.visitor import PHONE, Visitor

pytestmark = pytest.mark.browser

type Arrive = Callable[..., Visitor]


def first_of_mine(visitor: Visitor) -> str:
    """The address of a ticket of the visitor's own."""
    page = visitor.visit("/queue/mine/")
    address = page.locator("tr[data-row] a").first.get_attribute("href")
    assert address
    return address


def box(page: Page) -> Locator:
    return page.locator("#composer-body")


def discard(page: Page) -> None:
    """Discard the draft that stands in the composer, and wait until the server has done so.

    A page that says so may still say it of the draft before.
    """
    page.get_by_role("button", name="Discard draft").click()
    with page.expect_response(lambda answer: answer.request.method == "POST") as told:
        page.get_by_role("dialog").get_by_role("button", name="Discard draft").click()
    assert told.value.status == 302
    expect(page.get_by_text("Draft discarded.")).to_be_visible()


def test_an_answer_begun_at_the_desk_goes_on_on_the_phone(arrive: Arrive) -> None:
    desk = arrive("support engineer")
    address = first_of_mine(desk)
    page = desk.visit(address)

    page.locator("#composer-body").fill("Look at **this**:\n")
    page.locator("[data-canned] summary").click()
    page.get_by_placeholder("Search, or choose").fill("agent log")
    page.get_by_role("button", name="Ask for the agent log").click()
    expect(box(page)).to_have_value(re.compile(r"^Look at \*\*this\*\*:\nHello "))
    assert "{contact}" not in box(page).input_value()

    page.get_by_role("button", name="Preview").click()
    expect(page.locator("[data-preview-place] strong").first).to_have_text("this")
    desk.look()
    page.get_by_role("button", name="Write").click()
    expect(page.get_by_text("Draft saved")).to_be_visible()

    # Opened again, it is gone on with at its end.
    page.reload()
    page.keyboard.press("r")
    with page.expect_response(lambda answer: answer.url.endswith("/draft/")):
        page.keyboard.type("More.")
    expect(box(page)).to_have_value(re.compile(r"More\.$"))

    phone = arrive("support engineer", viewport=PHONE)
    expect(phone.visit(address).locator("#composer-body")).to_have_value(box(page).input_value())

    # The note has words of its own, and "@" finds a colleague.
    page.get_by_text("Internal note", exact=True).first.click()
    expect(box(page)).to_have_value("")
    page.locator("#composer-body").press_sequentially("Ask @Theo")
    expect(page.locator("#composer-mentions").get_by_text("Theo Hartmann")).to_be_visible()
    page.locator("#composer-body").press("Enter")
    expect(box(page)).to_have_value("Ask @Theo Hartmann ")
    desk.look()
    page.get_by_role("button", name="Save note").click()
    # It can be taken back for ten seconds; then it is out, and the page shows it by itself.
    expect(page.locator(".sending-out")).to_contain_text("Ask @Theo Hartmann")
    expect(page.locator(".sending-out")).to_have_count(0, timeout=30_000)
    expect(page.get_by_text("Told Theo Hartmann").last).to_be_visible()
    # The answer's draft is still there.
    expect(box(page)).to_have_value(re.compile(r"^Look at \*\*this\*\*"))

    # The phone writes on; the desk, which has not seen that, is told and loses nothing.
    desk.expects_refusal = True
    with phone.page.expect_response(lambda answer: answer.url.endswith("/draft/")):
        phone.page.locator("#composer-body").fill("Newer, from the phone")
    page.locator("#composer-body").fill("Older, from the desk")
    page.get_by_role("button", name="Show the other").click()
    expect(box(page)).to_have_value("Newer, from the phone")
    page.get_by_role("button", name="Back to mine").click()
    expect(box(page)).to_have_value("Older, from the desk")


def test_words_still_on_their_way_are_on_the_page_that_is_drawn_meanwhile(arrive: Arrive) -> None:
    desk = arrive("support engineer")
    page = desk.visit(first_of_mine(desk))
    page.get_by_text("Internal note", exact=True).first.click()
    # The server has the words, and the page that sent them is gone before it hears so.
    page.route("**/draft/", lambda route: expect(route.fetch()).to_be_ok())
    with page.expect_request("**/draft/"):
        box(page).fill("One")
    page.unroute("**/draft/")
    for words in ("One, two", "One, two, three"):
        box(page).fill(words)
        page.reload()
        expect(box(page)).to_have_value(words)
        expect(page.locator("[data-draft-notice]")).to_be_hidden()
    # Nothing is left to whoever writes on this ticket next.
    expect(page.get_by_text("Draft saved")).to_be_visible()
    box(page).fill("")
    expect(page.get_by_text("Draft saved")).to_be_hidden()
    desk.look()


def test_what_could_not_be_kept_comes_back_in_the_same_tab(arrive: Arrive) -> None:
    desk = arrive("support engineer")
    page = desk.visit(first_of_mine(desk))

    desk.context.set_offline(True)
    desk.expects_refusal = True
    page.locator("#composer-body").fill("Typed in a tunnel")
    expect(page.get_by_text("Not saved: no connection")).to_be_visible()
    # A part of the page may have asked for itself in the tunnel, too: then its link stays.
    desk.forget_lost_network()
    desk.context.set_offline(False)
    page.reload()
    put_back = page.get_by_role("button", name="Put them back")
    eventually(lambda: box(page).input_value() == "Typed in a tunnel" or put_back.is_visible())
    if (
        box(page).input_value() != "Typed in a tunnel"
    ):  # unless leaving the page could still save it
        put_back.click()
    expect(box(page)).to_have_value("Typed in a tunnel")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    discard(page)


def test_an_answer_that_could_not_be_kept_waits_while_a_note_is_written(arrive: Arrive) -> None:
    desk = arrive("support engineer")
    page = desk.visit(first_of_mine(desk))
    reply, note = page.locator("[name=kind][value=reply]"), page.locator("[name=kind][value=note]")

    desk.context.set_offline(True)
    desk.expects_refusal = True
    box(page).fill("Typed in a tunnel")
    note.check(force=True)
    expect(box(page)).to_have_value("")
    desk.forget_lost_network()
    desk.context.set_offline(False)
    # It was never saved, and is as soon as it shows again.
    reply.check(force=True)
    expect(box(page)).to_have_value("Typed in a tunnel")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    page.reload()
    expect(box(page)).to_have_value("Typed in a tunnel")
    discard(page)


def test_back_puts_no_note_into_the_draft_of_an_answer(arrive: Arrive) -> None:
    desk = arrive("support engineer")
    page = desk.visit(first_of_mine(desk))
    box(page).fill("For the customer")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    note = page.locator("[name=kind][value=note]")
    note.check(force=True)

    desk.visit("/queue/")
    page.go_back()
    expect(box(page)).to_have_value("For the customer")
    expect(note).not_to_be_checked()
    note.check(force=True)
    box(page).fill("For colleagues")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    page.reload()
    expect(note).to_be_checked()
    expect(box(page)).to_have_value("For colleagues")
    page.locator("[name=kind][value=reply]").check(force=True)
    expect(box(page)).to_have_value("For the customer")
    for _kind in ("answer", "note"):
        discard(page)


def test_a_file_chosen_for_a_note_is_not_sent_with_an_answer(
    arrive: Arrive, tmp_path: Path
) -> None:
    dump = tmp_path / "internal.log"
    dump.write_text("what only support reads\n")
    desk = arrive("support engineer")
    page = desk.visit(first_of_mine(desk))
    reply, note = page.locator("[name=kind][value=reply]"), page.locator("[name=kind][value=note]")
    row = page.locator("[data-uploads-list] li").filter(has_text="internal.log")
    note.check(force=True)
    page.locator("form.composer input[type=file]").set_input_files(dump)
    expect(row).to_have_class(re.compile("is-done"))
    reply.check(force=True)
    expect(row).to_be_hidden()
    expect(page.get_by_text("1 file waits with the note.")).to_be_visible()
    page.reload()
    expect(reply).to_be_checked()
    expect(row).to_be_hidden()
    expect(page.get_by_text("1 file waits with the note.")).to_be_visible()
    desk.look()
    box(page).fill("For the customer, without the file.")
    page.get_by_role("radio", name=re.compile("Acknowledgement")).check(force=True)
    page.locator("form.composer button.if-reply.btn-primary").click()
    held = page.locator(".sending-out")
    expect(held).to_be_visible()
    expect(held).not_to_contain_text("internal.log")
    note.check(force=True)
    expect(row.get_by_role("checkbox")).to_be_checked()
    expect(row).to_be_visible()
    box(page).fill("The log, for us.")
    page.get_by_role("button", name="Save note").click()
    said = page.locator(".thread > li").filter(has_text="The log, for us.")
    expect(said.get_by_role("link", name=re.compile("internal.log"))).to_be_visible(timeout=30_000)
    expect(row).to_have_count(0)
    desk.look()


def test_an_answer_that_waits_for_its_file_is_not_sent_from_the_note(
    arrive: Arrive, tmp_path: Path
) -> None:
    log = tmp_path / "agent.log"
    log.write_text("one line\n")
    desk = arrive("support engineer")
    page = desk.visit(first_of_mine(desk))
    asked: list[Route] = []
    page.route("**/uploads/", lambda route: asked.append(route))  # noqa: PLW0108 - it marks what it is given
    page.locator("form.composer input[type=file]").set_input_files(log)
    box(page).fill("The log is attached.")
    page.get_by_role("radio", name=re.compile("Acknowledgement")).check(force=True)
    send = page.locator("form.composer button.if-reply.btn-primary")
    send.click()
    expect(page.get_by_text("It is sent as soon as the file is here.")).to_be_visible()
    page.locator("[name=kind][value=note]").check(force=True)
    expect(page.get_by_text("1 file waits with the answer.")).to_be_visible()
    asked[0].continue_()
    page.unroute("**/uploads/")
    page.locator("[name=kind][value=reply]").check(force=True)
    row = page.locator("[data-uploads-list] li").filter(has_text="agent.log")
    expect(row).to_have_class(re.compile("is-done"))
    expect(box(page)).to_have_value("The log is attached.")
    send.click()
    expect(page.locator(".sending-out")).to_contain_text("With agent.log")


def test_enter_puts_in_the_canned_answer_of_what_was_typed_last(arrive: Arrive) -> None:
    desk = arrive("support engineer")
    page = desk.visit(first_of_mine(desk))
    page.locator("[data-canned] summary").click()
    expect(page.locator("[data-insert]").nth(1)).to_be_visible()

    # Quicker than the list is drawn anew.
    asked = page.get_by_placeholder("Search, or choose")
    asked.fill("current version")
    asked.press("Enter")
    expect(box(page)).to_have_value(re.compile("is mended in the current"))
    expect(page.get_by_text("Draft saved")).to_be_visible()
    box(page).fill("")
    expect(page.get_by_text("Draft saved")).to_be_hidden()

    # With nothing found it leads nowhere.
    page.locator("[data-canned] summary").click()
    asked.fill("zzzz")
    expect(page.get_by_text("None with these words")).to_be_visible()
    address = page.url
    asked.press("Enter")
    page.wait_for_timeout(300)
    assert page.url == address
    expect(asked).to_be_visible()


def test_words_are_pasted_although_a_picture_of_them_lies_beside(arrive: Arrive) -> None:
    page = arrive("support engineer").visit("/queue/mine/")
    page.locator("tr[data-row] a").first.click()
    paste = """(box, words) => {
        const held = new DataTransfer();
        if (words) held.setData("text/plain", words);
        held.items.add(new File(["x"], "image.png", { type: "image/png" }));
        const event = new ClipboardEvent("paste", { clipboardData: held, cancelable: true });
        return !box.dispatchEvent(event);
    }"""

    assert not box(page).evaluate(paste, "cells")
    expect(page.get_by_text("screenshot-")).to_have_count(0)
    assert box(page).evaluate(paste, "")
    expect(page.get_by_text("screenshot-").first).to_be_visible()
    page.get_by_role("button", name=re.compile("Remove")).first.click()


def test_a_resolution_is_not_left_behind_without_a_question(arrive: Arrive) -> None:
    desk = arrive("support engineer")
    page = desk.visit(first_of_mine(desk))
    page.locator("summary", has_text="Resolve").click()
    words = page.locator("#id_resolution")
    words.press_sequentially("Restarted.")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="My work").click()
    expect(words).to_have_value("Restarted.")
    assert asked == ["beforeunload"]
    words.fill("")
    page.get_by_role("link", name="My work").click()
    expect(page).to_have_url(re.compile("/work/"))
