"""The queue's pages, who may see and use them, and what its buttons do."""

import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from tests.factories import entitlements as people
from tests.factories.tickets import kinds_of, make_ticket
from tests.tickets.views.reading import queries_of, words
from tickets.choices import EventKind, TicketKind
from tickets.models import Ticket
from tickets.operations.assignment import assign_ticket, take_ticket
from tickets.operations.conversation import answer_ticket, write_note
from tickets.operations.sendings import hold_note, let_out_due_sendings

pytestmark = pytest.mark.django_db

PAGES = ("queue", "my_tickets", "at_risk", "queue_changes", "ticket_new_phone")
ACTIONS = ("queue_next", "queue_selection")


@pytest.fixture
def desk(client: Client, engineer: User) -> Client:
    client.force_login(engineer)
    return client


@pytest.fixture
def other(db: None) -> User:
    return people.make_staff_member("Jan Novak", Role.ENGINEER)


@pytest.mark.parametrize("name", [*PAGES, *ACTIONS])
@pytest.mark.parametrize("role", ["contact", "colleague", "foreign_contact"])
def test_customers_find_nothing_at_the_queues_addresses(
    client: Client, name: str, role: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    send = client.post if name in ACTIONS else client.get

    assert send(reverse(name)).status_code == 404


@pytest.mark.parametrize("name", [*PAGES, *ACTIONS])
def test_the_signed_out_are_led_to_the_sign_in_page(client: Client, name: str) -> None:
    response = (client.post if name in ACTIONS else client.get)(reverse(name))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_a_signed_out_poll_leads_its_whole_page_to_the_sign_in(client: Client) -> None:
    response = client.get(
        reverse("queue_changes"),
        headers={"HX-Request": "true", "Referer": "http://testserver/queue/"},
    )

    assert response.status_code == 204
    assert response["HX-Redirect"] == f"{reverse('account_login')}?next=%2Fqueue%2F"


@pytest.mark.parametrize("name", ["queue", "my_tickets", "at_risk", "queue_changes"])
def test_queue_pages_are_only_read(desk: Client, name: str) -> None:
    assert desk.post(reverse(name)).status_code == 405


@pytest.mark.parametrize("name", ACTIONS)
def test_queue_actions_are_only_posted(desk: Client, name: str) -> None:
    assert desk.get(reverse(name)).status_code == 405


@pytest.mark.parametrize(
    "role",
    ["engineer", "analyst", "duty_lead", "support_manager", "tam", "administrator"],
)
def test_all_staff_read_the_queue_and_only_engineers_and_leads_take_from_it(
    client: Client, role: str, ticket: Ticket, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    page = client.get(reverse("queue"))
    takes = role in {"engineer", "duty_lead", "support_manager"}

    assert page.status_code == 200
    assert ("Take next" in words(page)) is takes
    assert ("Assign to me" in words(page)) is takes
    assert client.post(reverse("queue_next")).status_code == (302 if takes else 403)


def test_a_row_says_what_an_engineer_needs(desk: Client, ticket: Ticket) -> None:
    page = words(desk.get(reverse("queue")))

    assert "8 h left" in page
    assert "19:00" in page
    assert (
        f"{ticket.reference} Label printer quarantined, unread Premium"
        f"? Why {ticket.reference} stands here Northwind Logistics" in page
    )
    assert "Later 1" in page


def test_the_due_time_is_told_in_the_readers_zone(
    client: Client, ticket: Ticket, engineer: User
) -> None:
    engineer.timezone = "Europe/Berlin"
    engineer.save()
    client.force_login(engineer)
    page = words(client.get(reverse("queue")))

    # 19:00 ET is midnight in Berlin, which is five hours ahead in this week.
    assert "Due (CET)" in page
    assert "Wed 00:00" in page


def test_each_view_holds_its_own_tickets(
    desk: Client,
    contact: User,
    customer: Customer,
    engineer: User,
    tuesday: datetime,
) -> None:
    def file(subject: str, severity: Severity, before: timedelta = timedelta(0)) -> Ticket:
        return make_ticket(
            contact, customer, subject=subject, severity=severity, now=tuesday - before
        )

    take_ticket(file("alpha", Severity.LOW), by=engineer, now=tuesday)
    file("beta", Severity.CRITICAL, timedelta(minutes=100))  # 2 h: 20 minutes left
    file("gamma", Severity.CRITICAL, timedelta(hours=3))
    answer_ticket(
        file("delta", Severity.HIGH),
        body="We look.",
        qualified=False,
        by=engineer,
        wait_for_customer=True,
        now=tuesday,
    )

    def found(address: str) -> set[str]:
        page = words(desk.get(address))
        return {name for name in ("alpha", "beta", "gamma", "delta") if name in page}

    queue = reverse("queue")
    assert found(queue) == {"alpha", "beta", "gamma", "delta"}
    assert found(reverse("my_tickets")) == {"alpha", "delta"}
    assert found(reverse("at_risk")) == {"beta", "gamma"}
    assert found(f"{queue}?view=unassigned") == {"beta", "gamma"}
    assert found(f"{queue}?view=waiting") == {"delta"}
    assert found(f"{queue}?view=overdue") == {"gamma"}
    assert "Mine 2" in words(desk.get(queue))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("severity=1", {"alpha"}),
        ("state=new", {"alpha", "beta"}),
        ("customer=eastgate-hospitals", {"beta"}),
        ("customer=nobody", {"alpha", "beta"}),
        ("severity=9&state=x", {"alpha", "beta"}),
        ("q=kiosk", {"beta"}),
        ("q=nothing+like+it", set()),
    ],
)
def test_filters_narrow_and_unknown_ones_do_not(
    desk: Client,
    contact: User,
    customer: Customer,
    foreign_contact: User,
    foreign_customer: Customer,
    tuesday: datetime,
    query: str,
    expected: set[str],
) -> None:
    make_ticket(contact, customer, subject="alpha", severity=Severity.CRITICAL)
    make_ticket(
        foreign_contact,
        foreign_customer,
        subject="beta kiosks reboot",
        severity=Severity.LOW,
        kind=TicketKind.BREAK_FIX,
    )
    page = words(desk.get(f"{reverse('queue')}?{query}"))

    assert {name for name in ("alpha", "beta") if f" {name}" in page} == expected


def test_half_a_customers_name_means_those_that_begin_so(
    desk: Client, ticket: Ticket, foreign_contact: User, foreign_customer: Customer
) -> None:
    make_ticket(foreign_contact, foreign_customer, subject="Zaunkoenig")

    page = words(desk.get(f"{reverse('queue')}?customer=NORTH"))

    assert ticket.subject in page
    assert "Zaunkoenig" not in page
    assert "narrows nothing" not in page


def test_what_narrows_nothing_is_told(desk: Client, ticket: Ticket) -> None:
    page = words(desk.get(f"{reverse('queue')}?customer=nobody&severity=1"))
    assert "“Customer” narrows nothing here: its value is gone, or not yours to see." in page
    assert "“Severity” narrows nothing" not in page
    page = words(desk.get(f"{reverse('queue')}?q=severity:+1"))
    assert "“severity:” was taken for a word" in page


@pytest.mark.parametrize("typed", ["{0}", "#{0}", "TK-{0}", "tk-{0}"])
def test_a_typed_number_opens_its_ticket(desk: Client, ticket: Ticket, typed: str) -> None:
    response = desk.get(reverse("queue"), {"q": typed.format(ticket.number)})

    assert response["Location"] == ticket.get_absolute_url()


@pytest.mark.parametrize("typed", ["215", "4711", "#215"])
def test_a_number_that_is_no_tickets_is_looked_for_as_a_word(
    desk: Client, contact: User, customer: Customer, ticket: Ticket, typed: str
) -> None:
    spread = make_ticket(
        contact, customer, subject="Agent stops on 215 stations", description="Since build 4711."
    )
    page = words(desk.get(reverse("queue"), {"q": typed}))

    assert spread.reference in page
    assert ticket.reference not in page


def test_the_number_of_a_foreign_ticket_opens_nothing(
    client: Client, tam: User, foreign_contact: User, foreign_customer: Customer
) -> None:
    foreign = make_ticket(foreign_contact, foreign_customer, subject="secret")
    client.force_login(tam)
    page = client.get(reverse("queue"), {"q": str(foreign.number)})

    assert page.status_code == 200
    assert "secret" not in words(page)


def test_an_empty_queue_says_so(desk: Client) -> None:
    assert "The queue is empty." in words(desk.get(reverse("queue")))


def test_the_page_explains_its_order(desk: Client, ticket: Ticket) -> None:
    page = words(desk.get(reverse("queue")))

    assert "Why is this first?" in page
    assert f"{ticket.reference} is first: its clock runs" in page


def test_50_tickets_make_a_page(
    desk: Client, contact: User, customer: Customer, tuesday: datetime
) -> None:
    for number in range(51):
        make_ticket(
            contact,
            customer,
            subject=f"subject {number:02}",
            kind=TicketKind.BREAK_FIX,
            now=tuesday + timedelta(seconds=number),
        )
    response = desk.get(reverse("queue"))
    following = re.search(r'rel="next" href="([^"]+)"', response.content.decode())
    assert following is not None
    first, second = words(response), words(desk.get(following[1]))

    assert "50 of 51" in first
    assert "subject 50" not in first
    assert "1 of 51" in second
    assert "subject 50" in second
    assert "No clock running 51" in second


@pytest.mark.parametrize("place", ["after=x", "before=1.2.3", "after=" + "9" * 400, "page=2"])
def test_a_place_nobody_knows_is_the_first_page(desk: Client, ticket: Ticket, place: str) -> None:
    assert ticket.reference in words(desk.get(f"{reverse('queue')}?{place}"))


def test_the_queue_takes_as_many_queries_for_20_tickets_as_for_one(
    desk: Client, contact: User, customer: Customer, ticket: Ticket
) -> None:
    one = queries_of(desk, reverse("queue"))
    for _ in range(19):
        make_ticket(contact, customer)

    assert queries_of(desk, reverse("queue")) == one
    # The names and saved views behind two of them are kept for a minute, but not in tests.
    assert one <= 13


def test_a_page_with_what_is_kept_takes_few_queries(
    desk: Client, ticket: Ticket, settings: Any
) -> None:
    settings.QUEUE_COUNTED_EVERY_SECONDS = 60

    assert queries_of(desk, reverse("queue")) <= 11


def test_take_next_opens_the_most_urgent_ticket(
    desk: Client, contact: User, customer: Customer, ticket: Ticket, engineer: User
) -> None:
    critical = make_ticket(contact, customer, severity=Severity.CRITICAL)
    response = desk.post(reverse("queue_next"))

    assert response["Location"] == critical.get_absolute_url()
    critical.refresh_from_db()
    assert critical.assignee == engineer
    assert kinds_of(critical) == [EventKind.TAKEN]


def test_take_next_says_when_nothing_waits(desk: Client) -> None:
    response = desk.post(reverse("queue_next"), follow=True)

    assert "Nothing waits for an owner." in words(response)


def test_the_banner_counts_what_came_and_what_changed(
    desk: Client,
    contact: User,
    customer: Customer,
    ticket: Ticket,
    other: User,
    tuesday: datetime,
) -> None:
    def banner(since: datetime) -> str:
        return words(desk.get(reverse("queue_changes"), {"since": since.isoformat()}))

    assert banner(tuesday) == ""
    make_ticket(contact, customer, now=tuesday + timedelta(minutes=1))
    take_ticket(ticket, by=other, now=tuesday + timedelta(minutes=1))

    assert banner(tuesday) == "1 new · 1 changed Show"
    assert desk.get(reverse("queue_changes"), {"since": "never"}).status_code == 204


def test_the_banner_counts_what_its_list_shows_or_showed_and_nobodys_own_deeds(
    desk: Client,
    contact: User,
    customer: Customer,
    engineer: User,
    other: User,
    tuesday: datetime,
) -> None:
    def news(**address: Any) -> str:
        page = desk.get(reverse("queue_changes"), {"since": tuesday.isoformat(), **address})
        return words(page).removesuffix(" Show")

    first, second = (make_ticket(contact, customer, subject=name) for name in ("kiosk", "printer"))
    later = tuesday + timedelta(minutes=1)
    take_ticket(first, by=engineer, now=tuesday)
    write_note(second, body="My own.", by=engineer, now=later)
    assert news() == ""

    write_note(second, body="Theirs.", by=other, now=later)
    assert news() == news(q="printer") == news(severity=second.severity) == "1 changed"
    assert news(**{"in": "mine"}) == news(q="kiosk") == news(severity=4) == ""

    assign_ticket(first, to=other, by=other, now=later)
    assert news(**{"in": "mine"}) == ""
    assert news(**{"in": "mine", "shown": f"{first.number},7,x"}) == "1 changed"
    make_ticket(contact, customer, now=later)
    assert news() == "1 new · 2 changed"
    assert news(**{"in": "unassigned"}) == "1 new · 1 changed"


def test_a_page_asks_for_the_news_of_its_own_list(
    desk: Client, engineer: User, ticket: Ticket
) -> None:
    take_ticket(ticket, by=engineer)
    page = desk.get(reverse("my_tickets"), {"severity": ticket.severity}).content.decode()

    assert f"&amp;in=mine&amp;shown={ticket.number}&amp;severity={ticket.severity}" in page


def test_the_news_cost_no_more_where_much_has_changed(
    desk: Client, contact: User, customer: Customer, tuesday: datetime
) -> None:
    path = f"{reverse('queue_changes')}?since={tuesday.isoformat().replace('+', '%2B')}&in=open"
    make_ticket(contact, customer, now=tuesday + timedelta(minutes=1))
    one = queries_of(desk, path)
    for _ in range(5):
        make_ticket(contact, customer, now=tuesday + timedelta(minutes=1))

    assert queries_of(desk, path) == one <= 5


def test_the_banner_counts_what_was_sent_before_the_queue_was_drawn_and_went_out_since(
    desk: Client, contact: User, customer: Customer, other: User, settings: LazySettings
) -> None:
    settings.SEND_HOLD_SECONDS = 10.0
    now = timezone.now()
    ticket = make_ticket(contact, customer, now=now - timedelta(hours=1))
    hold_note(
        ticket,
        body="For us",
        submission_key=uuid.uuid4(),
        by=other,
        now=now - timedelta(seconds=11),
    )
    let_out_due_sendings()
    drawn = {"since": (now - timedelta(seconds=5)).isoformat()}
    assert words(desk.get(reverse("queue_changes"), drawn)) == "1 changed Show"


def test_the_banner_counts_no_foreign_ticket(
    client: Client,
    tam: User,
    foreign_contact: User,
    foreign_customer: Customer,
    tuesday: datetime,
) -> None:
    client.force_login(tam)
    make_ticket(foreign_contact, foreign_customer, now=tuesday + timedelta(minutes=1))

    page = client.get(reverse("queue_changes"), {"since": tuesday.isoformat()})
    assert words(page) == ""


def test_the_navigation_counts_with_one_query(
    desk: Client, ticket: Ticket, django_assert_max_num_queries: Callable[..., object]
) -> None:
    page = words(desk.get(reverse("ticket_new_phone")))

    assert "Queue1 My work At risk" in page


@pytest.mark.parametrize("path", ["/queue/", "/api/v1/tickets/"])
@pytest.mark.parametrize("typed", ["²", "TK-²"])
def test_a_raised_digit_is_a_word_like_others(desk: Client, path: str, typed: str) -> None:
    assert desk.get(path, {"q": typed}).status_code == 200


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00+14:00", "2026-13-45T99:00:00Z", "soon"])
def test_news_since_no_instant_are_none(desk: Client, since: str) -> None:
    assert desk.get(reverse("queue_changes"), {"since": since}).status_code == 204
