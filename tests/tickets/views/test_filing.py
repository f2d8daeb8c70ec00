"""Filing in the portal: what is promised before, and what happens on sending.

Hours and targets are the catalogue's: MSA Business 2 h around the clock, 8, 12 and 24 working
hours in 09:00-19:00 ET; MSA Enterprise 30 min and 4 h around the clock, with the call rule.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from entitlements.choices import EntryKind, Severity
from entitlements.models import Contract, Customer, LedgerEntry, Membership
from tests.factories import entitlements as factory
from tests.tickets.views.reading import element, words
from tickets.choices import EventKind, TicketKind
from tickets.models import Attachment, Product, Ticket, TicketEvent
from tickets.operations.filing import file_ticket
from tickets.operations.lifecycle import close_ticket

pytestmark = pytest.mark.django_db

BUSINESS_STOPPED = "business stopped or network down"
PARTLY_DISABLED = "business affected or partly disabled"


def typed(about: Product, **given: Any) -> dict[str, Any]:
    return {
        "company": "northwind-logistics",
        "submission_key": str(uuid.uuid4()),
        "kind": "premium",
        "subject": "Label printer quarantined",
        "description": "Since the 15:10 update.",
        "product": about.pk,
        "version": "12.4.2",
        "severity": "2",
        **given,
    }


def test_the_signed_out_are_led_to_the_sign_in_page(client: Client) -> None:
    response = client.get("/tickets/new/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_another_method_is_refused(client: Client, contact: User) -> None:
    client.force_login(contact)
    assert client.delete("/tickets/new/").status_code == 405
    assert client.post("/tickets/promise/").status_code == 405


def test_another_company_is_not_found(
    client: Client, contact: User, foreign_customer: Customer, product: Product
) -> None:
    client.force_login(contact)
    assert client.get("/tickets/new/?company=eastgate-hospitals").status_code == 404
    assert client.get("/tickets/promise/?company=eastgate-hospitals").status_code == 404
    sent = client.post("/tickets/new/", typed(product, company="eastgate-hospitals"))
    assert sent.status_code == 404
    assert not Ticket.objects.exists()


def test_business_sees_each_promise_before_filing(
    client: Client, contact: User, tuesday: datetime
) -> None:
    client.force_login(contact)
    response = client.get("/tickets/new/")
    assert response.status_code == 200
    expected = {
        1: "We answer by Tue 10 Mar, 13:00 ET",
        2: "We answer by Tue 10 Mar, 19:00 ET",  # 11:00 and 8 h: exactly at closing
        3: "We answer by Wed 11 Mar, 13:00 ET",  # 8 h on Tuesday, 4 h on Wednesday
        4: "We answer by Thu 12 Mar, 15:00 ET",  # 8 h, 10 h and 6 h
    }
    for severity, promise in expected.items():
        assert promise in element(response, f"id_severity_{severity}_promise")
    assert "8 working hours, Mon–Fri 09:00–19:00 ET" in words(response)
    assert "No promised timeCovered Mon–Fri 10:00–17:00 ET" in words(response)
    assert "Uses 1 of your 36 left" in words(response)
    assert "35 of 36 stay for you until 31 Dec 2026" in words(response)
    assert "premium incidents stay at 36 of 36" in words(response)


def test_business_on_a_saturday_counts_from_monday(
    client: Client, contact: User, saturday: datetime
) -> None:
    client.force_login(contact)
    response = client.get("/tickets/new/")
    assert "We answer by Sat 14 Mar, 14:00 ET" in element(response, "id_severity_1_promise")
    high = element(response, "id_severity_2_promise")
    assert "We answer by Mon 16 Mar, 17:00 ET" in high
    assert "counts from Mon 16 Mar, 09:00 ET" in high
    assert "Create the ticket, then call" not in words(response)


def test_enterprise_on_a_saturday_is_told_to_call(
    client: Client, foreign_contact: User, saturday: datetime
) -> None:
    pin = Membership.objects.get(user=foreign_contact).caller_pin
    client.force_login(foreign_contact)
    response = client.get("/tickets/new/")
    critical = element(response, "id_severity_1_promise")
    assert "We answer 30 minutes after your call" in critical
    assert "Call now: by Sat 14 Mar, 12:30 ET. Without a call: by Mon 16 Mar, 09:30 ET." in critical
    high = element(response, "id_severity_2_promise")
    assert "Call now: by Sat 14 Mar, 16:00 ET. Without a call: by Mon 16 Mar, 13:00 ET." in high
    # Medium and Low are covered in business hours, so no call can start them.
    assert "We answer by Tue 17 Mar, 11:00 ET" in element(response, "id_severity_3_promise")
    assert "We answer by Wed 18 Mar, 13:00 ET" in element(response, "id_severity_4_promise")
    assert "Create the ticket, then call" in words(response)
    assert f"{pin[:3]} {pin[3:]}" in words(response)
    assert "unlimited in your plan. This is number 1 of this contract year" in words(response)


def test_enterprise_in_business_hours_needs_no_call(
    client: Client, foreign_contact: User, tuesday: datetime
) -> None:
    client.force_login(foreign_contact)
    response = client.get("/tickets/new/")
    assert "We answer by Tue 10 Mar, 11:30 ET" in element(response, "id_severity_1_promise")
    assert "then call" not in words(response)


def test_a_reader_elsewhere_sees_their_own_zone_and_the_contracts(
    client: Client, contact: User, tuesday: datetime
) -> None:
    contact.timezone = "Europe/Berlin"
    contact.save()
    client.force_login(contact)
    # The United States changed their clocks on 8 March, Europe does on 29 March: five hours.
    high = element(client.get("/tickets/new/"), "id_severity_2_promise")
    assert "We answer by Wed 11 Mar, 00:00 CET" in high
    assert "Tue 10 Mar, 19:00 ET" in high


def test_plus_promises_critical_and_only_coverage_below(
    client: Client, catalogue: object, customer: Customer, tuesday: datetime
) -> None:
    contract = factory.make_contract(customer, "msa-plus")
    client.force_login(factory.make_contact(contract, "Priya Raman").membership.user)
    response = client.get("/tickets/new/")
    assert "We answer by Tue 10 Mar, 15:00 ET" in element(response, "id_severity_1_promise")
    high = element(response, "id_severity_2_promise")
    assert "We answer by" not in high
    assert "Covered Mon–Fri 09:00–19:00 ET" in high


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("colleague", "Only technical contacts of Northwind Logistics file premium incidents."),
        ("manager", "Ask your company manager for a contact seat."),
    ],
)
def test_premium_is_closed_without_a_seat(
    client: Client,
    *,
    request: pytest.FixtureRequest,
    contract: Contract,
    tuesday: datetime,
    who: str,
    reason: str,
) -> None:
    client.force_login(request.getfixturevalue(who))
    response = client.get("/tickets/new/")
    assert reason in words(response)
    assert 'value="premium" id="id_kind_premium"' in response.content.decode()
    assert "File it as break/fix: it is never counted." in words(response)
    assert "We answer by" not in element(response, "id_severity_2_promise")


def test_premium_is_closed_when_none_is_left(
    client: Client, catalogue: object, customer: Customer, tuesday: datetime, product: Product
) -> None:
    # MSA Start has 6 a year.
    contract = factory.make_contract(customer, "msa-start")
    contact = factory.make_contact(contract, "Priya Raman").membership.user
    for number in range(6):
        file_ticket(
            customer=customer,
            by=contact,
            kind=TicketKind.PREMIUM,
            severity=Severity.CRITICAL,
            subject=f"Incident {number}",
            description="It stopped.",
            now=tuesday,
        )
    client.force_login(contact)
    page = words(client.get("/tickets/new/"))
    assert "All 6 premium incidents of this contract year are used." in page
    assert "Ask for a top-up" in page
    assert "Ask for another plan" in page
    sent = client.post("/tickets/new/", typed(product, description="Typed and kept"))
    assert sent.status_code == 409
    assert "No premium incident is left in this contract year." in words(sent)
    assert "Typed and kept" in sent.content.decode()
    assert Ticket.objects.count() == 6


def test_the_promise_alone_is_rendered_for_the_page_that_stays_open(
    client: Client, contact: User, tuesday: datetime
) -> None:
    client.force_login(contact)
    response = client.get("/tickets/promise/?company=northwind-logistics")
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    assert response.content.decode().count('hx-swap-oob="true"') == 6
    assert "We answer by Tue 10 Mar, 19:00 ET" in words(response)
    assert "<html" not in response.content.decode()


def test_the_promise_asks_nobody_to_sign_in_in_the_middle_of_typing(client: Client) -> None:
    response = client.get("/tickets/promise/", headers={"HX-Request": "true"})
    assert response.status_code == 204


def test_a_ticket_is_filed_with_its_debit_clock_files_and_copies(
    client: Client, contact: User, colleague: User, tuesday: datetime, product: Product
) -> None:
    client.force_login(contact)
    response = client.post(
        "/tickets/new/",
        typed(
            product,
            criteria=[PARTLY_DISABLED],
            watchers=[colleague.pk],
            files=[
                SimpleUploadedFile("log.txt", b"line"),
                SimpleUploadedFile("shot.png", b"picture"),
            ],
        ),
    )
    ticket = Ticket.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/tickets/{ticket.number}/")
    assert (ticket.kind, ticket.severity, ticket.version) == ("premium", 2, "12.4.2")
    assert ticket.criteria == [PARTLY_DISABLED]
    assert ticket.response_clock is not None
    assert ticket.response_clock.due_at == datetime.fromisoformat("2026-03-10T23:00:00+00:00")
    assert LedgerEntry.objects.filter(kind=EntryKind.DEBIT).count() == 1
    assert list(ticket.watchers.all()) == [colleague]
    assert sorted(Attachment.objects.values_list("name", flat=True)) == ["log.txt", "shot.png"]
    page = words(client.get(response["Location"]))
    assert f"Ticket {ticket.reference} created. We answer by Tue 10 Mar, 19:00 ET." in page


def test_after_filing_out_of_hours_the_portal_says_call(
    client: Client, foreign_contact: User, saturday: datetime, product: Product
) -> None:
    client.force_login(foreign_contact)
    response = client.post(
        "/tickets/new/",
        typed(product, company="eastgate-hospitals", severity="1"),
        follow=True,
    )
    page = words(response)
    assert "Now call +1 617 555 0142 with your PIN: the clock starts with your call." in page
    assert "Without one we answer by Mon 16 Mar, 09:30 ET." in page
    assert "If you call now, we answer by Sat 14 Mar, 12:30 ET." in page


def test_sending_twice_files_once(
    client: Client, contact: User, tuesday: datetime, product: Product
) -> None:
    client.force_login(contact)
    sent = typed(product)
    first = client.post("/tickets/new/", sent)
    second = client.post("/tickets/new/", sent)
    assert first["Location"] == second["Location"]
    assert Ticket.objects.count() == 1


def test_other_words_under_the_same_key_come_back_and_are_filed_at_the_next_press(
    client: Client, contact: User, tuesday: datetime, product: Product
) -> None:
    client.force_login(contact)
    sent = typed(product)
    client.post("/tickets/new/", sent)

    answer = client.post("/tickets/new/", sent | {"description": "And the 16:00 one."})

    assert answer.status_code == 422
    assert "This form was sent already, with other words." in words(answer)
    assert "And the 16:00 one." in words(answer)
    key = str(answer.context["form"]["submission_key"].value())
    assert key != sent["submission_key"]
    sent |= {"description": "And the 16:00 one.", "submission_key": key}
    assert client.post("/tickets/new/", sent).status_code == 302
    assert Ticket.objects.count() == 2


def test_what_the_way_back_shows_is_filed_once_and_what_was_changed_anew(
    client: Client,
    contact: User,
    manager: User,
    tuesday: datetime,
    product: Product,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The browser fills in what was sent, and the page has a key of its own."""

    def send(**changed: Any) -> str:
        key = str(uuid.uuid4())
        return str(
            client.post("/tickets/new/", typed(product, submission_key=key, **changed))["Location"]
        )

    client.force_login(contact)
    first = send()
    assert send() == first
    assert send(severity="4") != first
    story = "Two lines,\r\nanother story."
    second = send(description=story)
    assert second != first
    assert send(description=story) == second
    assert Ticket.objects.count() == 3

    client.force_login(manager)
    theirs = send(kind="break_fix")
    client.force_login(contact)
    assert send(kind="break_fix") != theirs
    monkeypatch.setattr("tickets.views.filed_before.SAME_WITHIN", timedelta(0))
    assert send() != first
    assert Ticket.objects.count() == 6


def test_what_was_withdrawn_is_filed_anew_and_each_form_once(
    client: Client, contact: User, tuesday: datetime, product: Product
) -> None:
    client.force_login(contact)
    for _ in range(2):
        sent = typed(product, submission_key=str(uuid.uuid4()))
        place = client.post("/tickets/new/", sent)["Location"]
        assert client.post("/tickets/new/", sent)["Location"] == place
        ticket = Ticket.objects.open().get()
        assert ticket.get_absolute_url() == place
        assert "created" in words(client.get(place))
        close_ticket(ticket, by=contact, now=tuesday)
        again = client.post("/tickets/new/", sent, follow=True)
        assert again.redirect_chain == [(place, 302)]
        assert "created" not in words(again)
    assert Ticket.objects.count() == 2


def test_the_most_severe_thing_ticked_decides_without_script(
    client: Client, contact: User, tuesday: datetime, product: Product
) -> None:
    client.force_login(contact)
    sent = typed(product, criteria=[PARTLY_DISABLED, BUSINESS_STOPPED])
    del sent["severity"]
    client.post("/tickets/new/", sent)
    assert Ticket.objects.get().severity == Severity.CRITICAL


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"subject": " "}, "Say in one sentence what fails, and where."),
        ({"kind": ""}, "Choose what kind of help you need."),
        ({"severity": ""}, "Tick what applies, or choose how severe it is."),
        ({"product": ""}, "Choose the product it is about."),
        ({"severity": "9"}, "Select a valid choice. 9 is not one of the available choices."),
        ({"criteria": ["something else"]}, "Select a valid choice."),
        ({"watchers": ["0"]}, "Select a valid choice."),
        ({"subject": "x" * 201}, "Ensure this value has at most 200 characters"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_what_was_typed_stays(
    client: Client,
    *,
    contact: User,
    tuesday: datetime,
    product: Product,
    change: dict[str, Any],
    message: str,
) -> None:
    client.force_login(contact)
    response = client.post("/tickets/new/", typed(product, description="Typed text", **change))
    assert response.status_code == 422
    assert message in words(response)
    assert "Typed text" in response.content.decode()
    assert not Ticket.objects.exists()


def test_a_version_of_another_product_is_refused(
    client: Client, contact: User, tuesday: datetime, product: Product
) -> None:
    Product.objects.create(name="Mail Gateway", versions=["7.2"])
    client.force_login(contact)
    response = client.post("/tickets/new/", typed(product, version="7.2"))
    assert response.status_code == 422
    assert "This version is of another product." in words(response)


def test_a_file_over_the_limit_is_named_and_the_text_stays(
    client: Client, contact: User, tuesday: datetime, product: Product, settings: Any
) -> None:
    settings.ATTACHMENT_MAX_BYTES = 1024
    client.force_login(contact)
    response = client.post(
        "/tickets/new/",
        typed(
            product,
            description="Typed text",
            files=[SimpleUploadedFile("huge.zip", b"x" * 200_000)],
        ),
    )
    assert response.status_code == 422
    assert "huge.zip is larger than 1.0 KB." in words(response).replace("\xa0", " ")
    assert "Typed text" in response.content.decode()
    assert not Ticket.objects.exists()


def test_a_file_too_many_is_refused(
    client: Client, contact: User, tuesday: datetime, product: Product, settings: Any
) -> None:
    settings.ATTACHMENT_MAX_COUNT = 1
    client.force_login(contact)
    files = [SimpleUploadedFile("a", b"1"), SimpleUploadedFile("b", b"2")]
    response = client.post("/tickets/new/", typed(product, files=files))
    assert response.status_code == 422
    assert "Send at most 1 files at once." in words(response)


def test_a_forged_premium_without_a_seat_is_refused_beside_the_kind(
    client: Client, colleague: User, contract: Contract, tuesday: datetime, product: Product
) -> None:
    client.force_login(colleague)
    response = client.post("/tickets/new/", typed(product))
    assert response.status_code == 422
    assert "Premium incidents are filed by technical contacts" in words(response)
    assert not Ticket.objects.exists()


def test_a_follow_up_is_filed_from_the_form_and_linked(
    client: Client, ticket: Ticket, contact: User, product: Product, tuesday: datetime
) -> None:
    close_ticket(ticket, by=contact, now=tuesday)
    client.force_login(contact)
    page = client.get(f"/tickets/new/?follows={ticket.number}")
    assert f"This follows up {ticket.reference}" in words(page)
    assert "Follow-up: Label printer quarantined" in page.content.decode()
    client.post("/tickets/new/", typed(product, follows=ticket.number))
    assert Ticket.objects.latest("number").follows == ticket
    assert TicketEvent.objects.filter(ticket=ticket, kind=EventKind.FOLLOWED_UP).count() == 1


def test_a_follow_up_offers_copies_to_whoever_followed_the_ticket_before(
    client: Client, ticket: Ticket, contact: User, colleague: User, manager: User
) -> None:
    ticket.watchers.add(manager)
    client.force_login(colleague)
    Membership.objects.filter(user=colleague).update(sees_company=True)
    page: Any = client.get(f"/tickets/new/?follows={ticket.number}")
    assert {contact.pk, manager.pk} <= set(page.context["form"].initial["watchers"])


def test_a_follow_up_of_an_unseen_ticket_is_not_found(
    client: Client, ticket: Ticket, foreign_contact: User
) -> None:
    client.force_login(foreign_contact)
    assert client.get(f"/tickets/new/?follows={ticket.number}").status_code == 404
    assert client.get("/tickets/new/?follows=x").status_code == 404


def test_staff_are_led_to_the_queue(client: Client, engineer: User) -> None:
    client.force_login(engineer)
    assert client.get("/tickets/new/")["Location"] == "/queue/"


def test_text_that_met_an_ended_session_comes_back_after_signing_in(
    client: Client, contact: User, tuesday: datetime, product: Product
) -> None:
    client.force_login(contact)
    client.get("/tickets/new/")
    client.cookies.pop("sessionid")
    sent = typed(product, description="Typed text", criteria=[BUSINESS_STOPPED])
    response = client.post("/tickets/new/", sent | {"_page": "/tickets/new/"})
    assert response["Location"].startswith("/accounts/login/")
    client.force_login(contact)
    page = client.get("/tickets/new/").content.decode()
    assert "Typed text" in page
    assert 'data-suggests="id_severity_1" checked' in page
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("number", ["9" * 5000, "²"])
def test_a_number_no_ticket_can_have_is_followed_up_nowhere(
    client: Client, contact: User, number: str
) -> None:
    client.force_login(contact)
    assert client.post("/tickets/new/", {"follows": number}).status_code == 404
