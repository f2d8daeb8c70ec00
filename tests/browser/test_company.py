"""What a company does by itself: invite, swap a seat, say how it went, take its list along."""

import csv
import re
import time
import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.stack import Stack
from tests.browser.test_stories import CUSTOMER, eventually, file_a_ticket, resolve, unique
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

type Arrive = Callable[..., Visitor]

PEOPLE = "/companies/northwind-logistics/people/"
PASSWORD = "a lantern over the harbour"


def test_a_manager_invites_a_colleague_who_accepts_once_and_files(
    arrive: Arrive, stack: Stack
) -> None:
    email = f"nadia.{time.time_ns()}@northwind.example"
    manager = arrive("company manager", CUSTOMER)
    page = manager.visit(PEOPLE)
    page.get_by_role("link", name="Invite a colleague").click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Sees all tickets of the company").check()
    manager.look()
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_text(f"The invitation to {email} is on its way.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text=email)).to_be_visible()

    eventually(lambda: stack.mailbox.to(email))
    (mail,) = stack.mailbox.to(email)
    body = mail.get_body(("plain",))
    assert body is not None
    link = re.search(r"/invitations/[\w-]+/", body.get_content())
    assert link

    newcomer = arrive()
    page = newcomer.visit(link[0])
    newcomer.expects_refusal = True
    page.get_by_label("Your name").fill("Nadia Rahman")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name=f"Join {CUSTOMER}").click()
    # The answer is there: what is typed before it would be sent.
    expect(page.get_by_label("Password")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Your name")).to_have_value("Nadia Rahman")
    newcomer.look()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name=f"Join {CUSTOMER}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(CUSTOMER)
    newcomer.expects_refusal = False
    file_a_ticket(newcomer, unique("The new colleague asks"), kind="break_fix", severity="Low")

    # She signs in by herself the next day, and the link is used up.
    again = arrive()
    again.expects_refusal = True
    again.page.goto(link[0])
    expect(again.page.get_by_role("heading", level=1)).to_have_text("This link opens nothing")
    again.expects_refusal = False
    page = again.visit("/accounts/login/")
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(CUSTOMER)
    page = manager.visit(PEOPLE)
    row = page.get_by_role("row").filter(has_text=email)
    expect(row.get_by_text("Sees all tickets")).to_be_visible()


def test_a_manager_passes_a_seat_on_and_takes_it_back_to_where_it_was(arrive: Arrive) -> None:
    manager = arrive("company manager", CUSTOMER)
    page = manager.visit(PEOPLE)
    seats = page.get_by_role("region", name="Technical contacts")
    before = seats.locator("li b").all_inner_texts()
    holder = "Lena Hoffmann"
    assert holder in before

    def pass_on(holder: str, to: str) -> None:
        seat = seats.get_by_role("listitem").filter(has_text=holder)
        seat.get_by_text("Pass on").click()
        seat.get_by_label("To whom").select_option(label=to)
        seat.get_by_role("button", name="Pass seat on").click()
        expect(page.get_by_text(f"Seat passed on to {to}.")).to_be_visible()

    pass_on(holder, "Marcus Webb")
    manager.look()
    expect(seats.get_by_role("listitem").filter(has_text="Marcus Webb")).to_be_visible()
    # The others' choices name her as somebody to pass a seat on to.
    expect(seats.locator("li b", has_text=holder)).to_have_count(0)
    pass_on("Marcus Webb", holder)
    manager.settle()
    assert sorted(seats.locator("li b").all_inner_texts()) == sorted(before)
    page = manager.visit("/companies/northwind-logistics/history/")
    expect(page.get_by_text("seat given").first).to_be_visible()


def test_a_solved_ticket_is_rated_with_one_click_and_from_the_mail(
    arrive: Arrive, stack: Stack
) -> None:
    contact = arrive("technical contact", CUSTOMER)
    subject = unique("Reports come twice")
    number = file_a_ticket(contact, subject, kind="break_fix", severity="Low")
    engineer = arrive("support engineer")
    engineer.visit(f"/tickets/{number}/")
    resolve(engineer, "The second schedule is removed.")

    page = contact.visit(f"/tickets/{number}/")
    expect(page.get_by_text("Your turn: does it work?")).to_be_visible()
    page.get_by_role("button", name="Well", exact=True).click()
    expect(page.get_by_text("You said: well")).to_be_visible()
    page.get_by_label("Would you like to say more?").fill("Quick.")
    page.get_by_role("button", name="Save the comment").click()
    expect(page.get_by_text("found that it went well: Quick.")).to_be_visible()
    contact.look()

    me = stack.person("technical contact", CUSTOMER)

    def links() -> list[str]:
        bodies = [
            str(body.get_content())
            for mail in stack.mailbox.to(me.email)
            if number in str(mail["Subject"]) and (body := mail.get_body(("plain",)))
        ]
        return re.findall(r"/ratings/\S+\?score=1", "\n".join(bodies))

    eventually(links)
    stranger = arrive()  # nobody is signed in here
    page = stranger.visit(links()[0])
    expect(page.get_by_role("radio", name="Not well")).to_be_checked()
    page = contact.visit(f"/tickets/{number}/")
    expect(page.get_by_text("You said: well")).to_be_visible()  # looking said nothing
    page = stranger.page
    page.get_by_label("Would you like to say more?").fill("It came back.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    page = contact.visit(f"/tickets/{number}/")
    expect(page.get_by_text("You said: not well")).to_be_visible()


def test_a_contact_takes_the_list_and_a_ticket_along(arrive: Arrive) -> None:
    contact = arrive("technical contact", CUSTOMER)
    page = contact.visit("/tickets/?state=all&severity=2")
    said = re.search(r"These (\d+) tickets as a file", page.inner_text("main"))
    assert said
    count = int(said[1])
    with page.expect_download() as fetched:
        page.get_by_role("link", name="CSV").click()
    with fetched.value.path().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == count
    assert {row["Severity"] for row in rows} == {"High"}
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Excel (.xlsx)").click()
    assert fetched.value.suggested_filename.endswith(".xlsx")
    sheet = zipfile.ZipFile(fetched.value.path()).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == count + 1

    page.locator("a.tickets__title").first.click()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Ticket as PDF").click()
    assert fetched.value.path().read_bytes().startswith(b"%PDF-")
