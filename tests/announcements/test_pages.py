"""The pages of announcements."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from announcements.audience import Concern
from announcements.choices import Audience, Kind, Level
from announcements.models import Announcement
from announcements.operations import Words, announce
from entitlements.models import Customer
from tests.factories.tickets import make_ticket
from tests.tickets.views.reading import words
from tickets.models import Outbreak

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contract", "tuesday")]

TYPED = {
    "kind": "problem",
    "level": "2",
    "title": "Slow updates",
    "body": "We work on it.",
    "audience": "customers",
}
WORDS = Words(Kind.PROBLEM, Level.IMPORTANT, "Slow updates", "We work on it.")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_duty_lead_sees_who_will_read_it_before_anybody_does(
    duty_lead: User, contact: User, colleague: User
) -> None:
    desk = signed_in(duty_lead)
    page = desk.post("/announcements/new/", {**TYPED, "then": "preview"})
    assert "Who will see this: 2 people at 1 customer" in words(page)
    assert not Announcement.objects.exists()
    page = desk.post("/announcements/new/", TYPED, follow=True)
    assert "Announced." in words(page)
    assert "Slow updates" in words(signed_in(contact).get("/"))
    assert "Slow updates" not in words(Client().get("/announcements/"))


def test_what_is_missing_stands_beside_its_field(duty_lead: User) -> None:
    desk = signed_in(duty_lead)
    page = desk.post("/announcements/new/", {**TYPED, "audience": "chosen", "title": ""})
    assert page.status_code == 422
    assert "Choose at least one customer." in words(page)
    assert "Give it a title." in words(page)
    assert "We work on it." in page.text


def test_a_banner_goes_when_it_was_read(contact: User, duty_lead: User) -> None:
    announcement = announce(WORDS, Concern(Audience.CUSTOMERS), by=duty_lead)
    reader = signed_in(contact)
    address = announcement.get_absolute_url()
    answer = reader.post(f"{address}reading/", {"_page": "/tickets/"})
    assert answer.headers["Location"] == "/tickets/"
    assert "Slow updates" not in words(reader.get("/"))
    assert "You have read it" in words(reader.get(address))


def test_its_course_stands_on_its_page_and_its_end(
    contact: User, duty_lead: User, tuesday: datetime
) -> None:
    began = tuesday - timedelta(hours=1)
    announcement = announce(WORDS, Concern(Audience.CUSTOMERS), by=duty_lead, now=began)
    address, desk = announcement.get_absolute_url(), signed_in(duty_lead)
    assert desk.post(f"{address}updates/", {"body": ""}).status_code == 422
    desk.post(f"{address}updates/", {"body": "Half is mended."})
    desk.post(f"{address}end/", {"body": "All is mended."})
    page = words(signed_in(contact).get(address))
    assert page.index("All is mended.") < page.index("Half is mended.") < page.index("We work")
    assert "Jonas" not in page
    assert desk.post(f"{address}end/", {"body": "Again."}).status_code == 409


def test_the_public_status_names_neither_the_outbreak_nor_a_customer(
    client: Client, duty_lead: User, contact: User, customer: Customer, tuesday: datetime
) -> None:
    outbreak = Outbreak.objects.create(
        title="Rule 7 at Northwind",
        summary="Rule 7.",
        owner=duty_lead,
        opened_by=duty_lead,
        opened_at=tuesday,
    )
    announcement = announce(WORDS, Concern(Audience.EVERYBODY), outbreak=outbreak, by=duty_lead)
    for reader in (client, signed_in(contact)):
        for address in ("/announcements/", announcement.get_absolute_url()):
            page = words(reader.get(address))
            assert "Slow updates" in page
            assert "Rule 7" not in page
    assert "Rule 7 at Northwind" in words(signed_in(duty_lead).get(announcement.get_absolute_url()))
    assert "Write a known problem" in words(signed_in(duty_lead).get(outbreak.get_absolute_url()))


def test_what_does_not_concern_one_is_not_there(
    contact: User, foreign_contact: User, duty_lead: User, customer: Customer
) -> None:
    announcement = announce(WORDS, Concern(Audience.CHOSEN, customers=(customer.pk,)), by=duty_lead)
    address, other = announcement.get_absolute_url(), signed_in(foreign_contact)
    assert other.get(address).status_code == 404
    assert other.post(f"{address}reading/").status_code == 404
    assert "Slow updates" not in words(other.get("/"))
    assert signed_in(contact).get(address).status_code == 200


def test_nothing_known_is_said_so(client: Client) -> None:
    assert "All is well" in words(client.get("/announcements/"))


def test_its_words_are_edited_and_readers_see_that_they_were(
    contact: User, duty_lead: User
) -> None:
    announcement = announce(WORDS, Concern(Audience.CUSTOMERS), by=duty_lead)
    address, desk = announcement.get_absolute_url(), signed_in(duty_lead)
    assert "changed" not in words(signed_in(contact).get(address))
    assert "We work on it." in words(desk.get(f"{address}edit/"))
    typed = {**TYPED, "body": "We work on it in Europe.", "revision": "0"}
    refused = desk.post(f"{address}edit/", {**typed, "title": ""})
    assert refused.status_code == 422
    assert "Give it a title." in words(refused)
    assert desk.post(f"{address}edit/", typed).headers["Location"] == address
    page = words(signed_in(contact).get(address))
    assert "We work on it in Europe." in page
    # The contact reads in New York's time.
    assert "These words were changed Tue 10 Mar, 11:00 ET." in page
    assert "changed Tue 10 Mar, 11:00 ET" in words(signed_in(contact).get("/announcements/"))


def test_what_is_to_come_is_called_off_and_customers_never_hear_of_it(
    contact: User, duty_lead: User, tuesday: datetime
) -> None:
    begins = tuesday + timedelta(hours=2)
    announcement = announce(WORDS, Concern(Audience.EVERYBODY), starts_at=begins, by=duty_lead)
    address, desk = announcement.get_absolute_url(), signed_in(duty_lead)
    page = words(desk.get(address))
    assert "From Tue 10 Mar" in page
    assert "readers do not see it yet" in page
    assert "Call it off" in page
    assert "Mail those concerned" not in page
    assert "I have read it" not in page
    desk.post(f"{address}end/", {"body": "We do not need it."})
    page = words(desk.get(address))
    assert "Called off. Slow updates" in page
    assert "Called off; it was to begin Tue 10 Mar" in page
    assert "Say what is new" not in page
    assert "called off; it was to begin" in words(desk.get("/announcements/"))
    Announcement.objects.update(starts_at=tuesday, ends_at=tuesday)  # Its time has come.
    assert signed_in(contact).get(address).status_code == 404
    assert "Slow updates" not in words(signed_in(contact).get("/announcements/"))


def test_an_edit_over_another_edit_is_refused_with_the_words_kept(duty_lead: User) -> None:
    announcement = announce(WORDS, Concern(Audience.CUSTOMERS), by=duty_lead)
    address, desk = f"{announcement.get_absolute_url()}edit/", signed_in(duty_lead)
    desk.post(address, {**TYPED, "body": "First.", "revision": "0"})
    answer = desk.post(address, {**TYPED, "body": "Second.", "revision": "0"})
    assert answer.status_code == 409
    assert "Somebody changed it meanwhile." in words(answer)
    assert "Second." in answer.text
    assert desk.post(address, {**TYPED, "body": "Second.", "revision": "1"}).status_code == 302


def test_visitors_read_the_zone_of_each_time(
    client: Client, duty_lead: User, tuesday: datetime
) -> None:
    announcement = announce(WORDS, Concern(Audience.EVERYBODY), by=duty_lead, now=tuesday)
    assert "since Tue 10 Mar, 15:00 UTC" in words(client.get("/announcements/"))
    assert "Since Tue 10 Mar, 15:00 UTC" in words(client.get(announcement.get_absolute_url()))


def test_the_banner_stands_on_the_pages_people_work_on(
    contact: User, manager: User, engineer: User, duty_lead: User, customer: Customer
) -> None:
    ticket = make_ticket(contact, customer)
    announce(WORDS, Concern(Audience.EVERYBODY), by=duty_lead)
    company = "/companies/northwind-logistics/"
    for reader, address in (
        (contact, ticket.get_absolute_url()),
        (manager, f"{company}plan/"),
        (manager, f"{company}people/"),
        (manager, f"{company}incidents/"),
        (engineer, "/queue/"),
    ):
        assert "Known problem: Slow updates" in words(signed_in(reader).get(address)), address


def test_announcements_are_asked_for_while_something_is_announced(
    engineer: User, duty_lead: User, tuesday: datetime
) -> None:
    browser = signed_in(engineer)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            browser.get("/queue/")
        table = connection.ops.quote_name(Announcement._meta.db_table)
        return sum(f"FROM {table}" in one["sql"] for one in captured)

    assert asked() == 0
    announce(WORDS, Concern(Audience.STAFF), by=duty_lead, now=tuesday - timedelta(hours=1))
    assert asked() == 1
    Announcement.objects.update(ends_at=tuesday - timedelta(minutes=1))
    assert asked() == 0
    Announcement.objects.update(starts_at=tuesday + timedelta(hours=1), ends_at=None)
    assert asked() == 0
