"""The page of figures: what it counts, for whom, and that each figure leads to as many tickets."""

import csv
import html
import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from accounts.models import User
from entitlements.models import Customer
from tests.factories.entitlements import make_staff_member
from tests.factories.tickets import TUESDAY, make_ticket
from tests.tickets.views.reading import queries_of, words
from tickets.choices import TicketKind
from tickets.measuring import refresh_measures
from tickets.models import Ticket
from tickets.operations.conversation import answer_ticket
from tickets.operations.excuses import excuse_breach
from tickets.operations.lifecycle import reopen_ticket, resolve_ticket

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# Fri 13 Mar 2026, 11:00 ET: the promises of Tuesday are decided.
FRIDAY = datetime(2026, 3, 13, 15, 0, tzinfo=UTC)
_LINK = re.compile(r'<a href="([^"]*insight/tickets/[^"]*)">([^<]*)</a>')

KEPT = ("Kept", "Decided", "In time", "Missed", "Excused")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def friday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: FRIDAY)
    cache.clear()  # What is counted is kept by the instant, which is the same in each test.


@pytest.fixture
def tickets(
    contact: User, customer: Customer, engineer: User, duty_lead: User
) -> dict[str, Ticket]:
    """Of Tuesday, High, due at 19:00 ET: one in time, one late, one excused, one never answered."""
    found = {
        name: make_ticket(contact, customer, kind=TicketKind.PREMIUM, subject=name)
        for name in ("met", "late", "excused", "unanswered")
    }
    for name, at in (("met", 2 * HOUR), ("late", DAY), ("excused", DAY)):
        answer_ticket(found[name], body="So.", qualified=True, by=engineer, now=TUESDAY + at)
    excuse_breach(found["excused"], reason="Power cut.", by=duty_lead, now=TUESDAY + DAY + HOUR)
    resolve_ticket(found["met"], resolution="Done.", by=engineer, now=TUESDAY + 3 * HOUR)
    reopen_ticket(found["met"], reason="Again.", by=contact, now=TUESDAY + 4 * HOUR)
    # Of the Friday before, two weeks of covered time later still open and in another age.
    found["old"] = make_ticket(contact, customer, subject="old", now=TUESDAY - 11 * DAY)
    refresh_measures(seconds=60, now=FRIDAY)
    return found


@pytest.fixture
def foreign_ticket(foreign_contact: User, foreign_customer: Customer) -> Ticket:
    return make_ticket(foreign_contact, foreign_customer, subject="foreign")


def page(client: Client, by: User, query: str = "") -> Any:
    client.force_login(by)
    return client.get(f"{reverse('insight')}?{query}")


def sheet(client: Client, by: User, figure: str, query: str = "") -> list[list[str]]:
    client.force_login(by)
    answer = client.get(f"{reverse('insight_csv', args=[figure])}?{query}")
    assert answer.status_code == 200
    return list(csv.reader(StringIO(answer.content.decode())))


def test_promises_are_counted_by_plan_severity_and_week(
    client: Client, tickets: dict[str, Ticket], duty_lead: User
) -> None:
    assert sheet(client, duty_lead, "attainment") == [
        [
            "Plan",
            "Severity",
            "Week of",
            "Kept",
            "Decided",
            "In time",
            "Missed",
            "Excused",
            "Still running",
        ],
        ["MSA Business", "High", "2026-02-23", "0.0", "1", "0", "1", "0", "0"],
        ["MSA Business", "High", "2026-03-09", "0.3333", "3", "1", "2", "1", "0"],
    ]


def test_the_time_to_an_answer_is_covered_time(
    client: Client, tickets: dict[str, Ticket], duty_lead: User
) -> None:
    # From Tuesday 11:00: two hours; and until Wednesday 11:00, eight hours and then two.
    assert sheet(client, duty_lead, "answers")[1:] == [
        ["All", "2026-03-09", "3", "600.0", "600.0"],
        ["High", "all of them", "3", "600.0", "600.0"],
    ]


def test_the_backlog_is_counted_by_age(
    client: Client, tickets: dict[str, Ticket], duty_lead: User
) -> None:
    rows = {row[0]: row[1:] for row in sheet(client, duty_lead, "backlog")[1:]}

    # Filed on Tuesday at 11:00, three days ago to the minute; and fourteen days before Friday.
    assert rows["3 to 7 days"] == ["0", "4", "0", "0", "4"]
    assert rows["14 to 30 days"] == ["0", "1", "0", "0", "1"]
    assert rows["1 to 3 days"] == ["0", "0", "0", "0", "0"]


def test_what_came_back_is_a_share_of_what_was_resolved(
    client: Client, tickets: dict[str, Ticket], duty_lead: User
) -> None:
    assert sheet(client, duty_lead, "reopened")[1:] == [["2026-03-09", "1", "1", "1.0"]]


def test_the_load_is_by_hour_of_the_week_at_home(
    client: Client, tickets: dict[str, Ticket], duty_lead: User
) -> None:
    assert sheet(client, duty_lead, "load")[1:] == [
        ["Tue", "11:00", "4", "0"],
        # In February ET is UTC-5.
        ["Fri", "10:00", "1", "0"],
    ]


@pytest.mark.parametrize("query", ["", "weeks=4", "plan=msa-business&customer=northwind-logistics"])
@pytest.mark.parametrize("who", ["duty_lead", "support_manager", "tam", "administrator"])
def test_each_figure_leads_to_as_many_tickets_as_it_says(
    client: Client,
    request: pytest.FixtureRequest,
    tickets: dict[str, Ticket],
    foreign_ticket: Ticket,
    who: str,
    query: str,
) -> None:
    refresh_measures(seconds=60, now=FRIDAY)
    by = request.getfixturevalue(who)
    shown = page(client, by, query).content.decode()
    links = [(html.unescape(address), text) for address, text in _LINK.findall(shown)]

    assert len(links) >= 15
    for address, text in links:
        listed = client.get(address)
        total = re.search(r'id="total">(\d+)<', listed.content.decode())
        assert total is not None
        assert (address, total[1]) == (address, text)
        assert listed.content.decode().count('<span class="mono">TK-') == int(text)


def test_an_account_manager_reads_of_their_own_customers_only(
    client: Client, tickets: dict[str, Ticket], foreign_ticket: Ticket, tam: User, duty_lead: User
) -> None:
    refresh_measures(seconds=60, now=FRIDAY)

    assert "MSA Enterprise" in str(sheet(client, duty_lead, "attainment"))
    assert "MSA Enterprise" not in str(sheet(client, tam, "attainment"))
    client.force_login(tam)
    listed = client.get(f"{reverse('insight_tickets')}?of=open")
    assert "old" in words(listed)
    assert foreign_ticket.reference not in words(listed)
    assert "Eastgate" not in words(page(client, tam, "customer=eastgate-hospitals"))


def test_a_manager_of_no_customer_reads_of_nothing(
    client: Client, tickets: dict[str, Ticket]
) -> None:
    other = make_staff_member("Vera Lindt", Role.TAM)
    assert "Nothing to draw" in words(page(client, other))
    assert sheet(client, other, "backlog")[1:] == []


@pytest.mark.parametrize(("who", "status"), [("engineer", 403), ("analyst", 403), ("contact", 404)])
def test_others_read_no_figures(
    client: Client, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    by = request.getfixturevalue(who)
    assert page(client, by).status_code == status
    assert client.get(reverse("insight_tickets")).status_code == status
    assert client.get(reverse("insight_csv", args=["load"])).status_code == status


def test_before_the_first_measuring_the_page_says_so(client: Client, duty_lead: User) -> None:
    assert "The figures are being worked out" in words(page(client, duty_lead))


def test_the_page_says_how_old_its_figures_are(
    client: Client, tickets: dict[str, Ticket], duty_lead: User
) -> None:
    assert "Figures of Fri 13 Mar, 11:00" in words(page(client, duty_lead))


def test_each_drawing_says_in_words_what_it_shows(
    client: Client, tickets: dict[str, Ticket], duty_lead: User
) -> None:
    labels = re.findall(
        r'<svg[^>]* data-leads aria-label="([^"]+)"', page(client, duty_lead).content.decode()
    )

    assert labels[0] == ("MSA Business, promises kept by severity and week: High 25 % of 4.")
    assert "4 3 to 7 days" in labels[2]
    assert "Busiest: Tue 11:00 with 4." in labels[4]


def test_each_part_of_a_drawing_leads_to_the_tickets_it_names(
    client: Client, tickets: dict[str, Ticket], duty_lead: User
) -> None:
    content = page(client, duty_lead).content.decode()
    parts = re.findall(r'<a class="c-lead" href="([^"]+)" aria-label="([^"]+)">', content)

    counted = {}
    for address, name in parts:
        total = re.search(r'id="total">(\d+)<', client.get(html.unescape(address)).content.decode())
        assert total is not None
        counted[name] = int(total[1])
    assert counted == {
        "High, week of 23 Feb: 0 % of 1 in time": 1,
        "High, week of 9 Mar: 33 % of 3 in time": 3,
        "Week of 9 Mar: 3 answered, half within 10 h, nine of ten within 10 h": 3,
        "3 to 7 days, High: 4 open": 4,
        "3 to 7 days, all: 4 open": 4,
        "14 to 30 days, High: 1 open": 1,
        "14 to 30 days, all: 1 open": 1,
        "Week of 9 Mar: 1 of 1 reopened": 1,
        "Tue 11:00: 4 filed, 0.0 engineers on duty": 4,
        "Fri 10:00: 1 filed, 0.0 engineers on duty": 1,
    }


def test_a_week_with_no_promise_kept_is_framed_and_a_plan_leads_to_its_tickets(
    client: Client, tickets: dict[str, Ticket], duty_lead: User
) -> None:
    content = page(client, duty_lead).content.decode()
    drawn = content.split("data-leads")[1].split("</svg>")[0]
    found = re.search(r'<h3>MSA Business, 25 % of <a href="([^"]+)">4</a> tickets</h3>', content)

    assert drawn.count("c-bar--miss") == 2  # None of one in February, one of three in March.
    assert found is not None
    assert "4 tickets" in words(client.get(html.unescape(found[1])))


@pytest.mark.parametrize(
    "query",
    [
        "weeks=9999&plan=%00&customer=%00%27&product=9e9&severity=7&week=2026-03-10&age=x&hour=168",
        "week=9999-12-31&hour=0100000&product=99999999999999999999&of=nothing&before=x",
        "customer=" + "x" * 5000,
        "week=20260309&hour=%C2%B2&before=%C2%B2",
    ],
)
def test_an_address_nobody_wrote_is_answered(
    client: Client, tickets: dict[str, Ticket], duty_lead: User, query: str
) -> None:
    assert page(client, duty_lead, query).status_code == 200
    assert client.get(f"{reverse('insight_tickets')}?{query}").status_code == 200


def test_the_page_takes_the_same_queries_for_more_tickets(
    client: Client, tickets: dict[str, Ticket], contact: User, customer: Customer, duty_lead: User
) -> None:
    client.force_login(duty_lead)
    few = queries_of(client, reverse("insight"))
    for number in range(10):
        make_ticket(contact, customer, kind=TicketKind.BREAK_FIX, now=TUESDAY - number * 7 * DAY)
    refresh_measures(seconds=60, now=FRIDAY)

    assert queries_of(client, reverse("insight")) <= few
    assert few <= 16


def test_back_from_the_list_of_a_plan_all_plans_are_counted_again(
    client: Client, tickets: dict[str, Ticket], duty_lead: User
) -> None:
    found = html.unescape(page(client, duty_lead).content.decode())
    addresses = (address for address, _ in _LINK.findall(found))
    listed = client.get(next(one for one in addresses if "of_plan=msa-business" in one))
    assert "Plan: MSA Business" in words(listed)
    assert f'href="{reverse("insight")}?weeks=13"' in listed.content.decode()
