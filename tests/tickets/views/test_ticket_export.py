"""The list of tickets as a file."""

import csv
import io
import re
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from tests.tickets.views.reading import words
from tickets.choices import TicketKind
from tickets.export import as_plain_text
from tickets.models import Ticket
from tickets.operations.conversation import write_note
from tickets.operations.filing import file_ticket
from tickets.operations.lifecycle import close_ticket

pytestmark = pytest.mark.django_db


def file(customer: Customer, by: User, now: datetime, subject: str) -> Ticket:
    return file_ticket(
        customer=customer,
        by=by,
        kind=TicketKind.BREAK_FIX,
        severity=Severity.LOW,
        subject=subject,
        description="How do we do it?",
        now=now,
    )


def rows_of(client: Client, query: str = "") -> list[dict[str, str]]:
    response: Any = client.get(f"/tickets/export/csv/{query}")
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def sheet_of(client: Client, query: str = "") -> str:
    response: Any = client.get(f"/tickets/export/xlsx/{query}")
    assert response.status_code == 200
    book = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    return book.read("xl/worksheets/sheet1.xml").decode()


def test_the_file_says_of_a_ticket_what_the_reader_knows_in_their_own_zone(
    client: Client, ticket: Ticket, contact: User, engineer: User, tuesday: datetime
) -> None:
    write_note(ticket, body="Canary-note", by=engineer, now=tuesday)
    client.force_login(contact)
    (row,) = rows_of(client)
    assert row["Ticket"] == ticket.reference
    assert row["Company"] == "Northwind Logistics"
    assert row["Severity"] == "High"
    assert row["State"] == "Not yet read"
    assert row["Opened (America/New_York)"] == "2026-03-10 11:00"
    assert row["Answer promised by (America/New_York)"] == "2026-03-10 19:00"
    assert row["Premium incidents"] == "1"
    assert "Canary-note" not in str(row)


@pytest.mark.parametrize(
    ("after", "outcome"),
    [(timedelta(minutes=5), "Ticket withdrawn"), (timedelta(days=1), "Late")],
)
def test_a_withdrawn_ticket_was_answered_neither_in_the_file_nor_in_the_list_nor_on_its_page(
    client: Client,
    ticket: Ticket,
    contact: User,
    tuesday: datetime,
    after: timedelta,
    outcome: str,
) -> None:
    close_ticket(ticket, by=contact, now=tuesday + after)
    client.force_login(contact)
    (row,) = rows_of(client, "?state=ended")
    assert (row["Answer"], row["Answered (America/New_York)"]) == (outcome, "")
    for page in ("/tickets/?state=ended", ticket.get_absolute_url()):
        text = words(client.get(page))
        assert outcome in text
        assert "Answered" not in text


def test_the_file_holds_the_tickets_of_the_list_in_its_order_and_no_others(
    client: Client, ticket: Ticket, contact: User, customer: Customer, tuesday: datetime
) -> None:
    close_ticket(file(customer, contact, tuesday, "An old question"), by=contact, now=tuesday)
    file(customer, contact, tuesday + timedelta(days=2), "Backup of the console")
    client.force_login(contact)
    for query in ("", "?state=all", "?state=ended", "?severity=2", "?q=console", "?kind=premium"):
        shown = words(client.get(f"/tickets/{query}"))
        rows = rows_of(client, query)
        assert rows, query
        places = [shown.index(row["Subject"]) for row in rows]
        assert places == sorted(places), query
        assert len(re.findall(r"TK-\d+", shown)) == len(rows), query


def test_the_list_is_narrowed_by_kind_by_whose_it_is_and_by_days(
    client: Client,
    ticket: Ticket,
    contact: User,
    manager: User,
    customer: Customer,
    tuesday: datetime,
) -> None:
    # 23:30 on 11 March in New York, and already the 12th in UTC.
    file(customer, manager, tuesday + timedelta(hours=36, minutes=30), "Backup of the console")
    client.force_login(contact)
    assert [row["Ticket"] for row in rows_of(client, "?kind=premium")] == [ticket.reference]
    assert [row["Ticket"] for row in rows_of(client, "?who=me")] == [ticket.reference]
    until = rows_of(client, "?since=2026-03-11&until=2026-03-11")
    assert [row["Subject"] for row in until] == ["Backup of the console"]
    assert rows_of(client, "?since=2026-03-12") == []
    refused = words(client.get("/tickets/?since=tomorrow"))
    assert "Write the day as 2026-03-31." in refused
    assert "Backup of the console" in refused


def test_somebody_who_sees_only_their_own_tickets_exports_only_those(
    client: Client,
    ticket: Ticket,
    colleague: User,
    foreign_contact: User,
    customer: Customer,
    tuesday: datetime,
) -> None:
    file(customer, colleague, tuesday, "My own question")
    client.force_login(colleague)
    assert [row["Subject"] for row in rows_of(client, "?state=all")] == ["My own question"]
    client.force_login(foreign_contact)
    assert rows_of(client, "?state=all") == []
    assert rows_of(client, "?state=all&company=northwind-logistics") == []


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1+1"])
def test_what_somebody_typed_is_never_a_formula(start: str) -> None:
    assert as_plain_text(start) == f"'{start}"


def test_ordinary_words_stay_as_they_are() -> None:
    assert as_plain_text("Mail = slow, since 3 - 4 days") == "Mail = slow, since 3 - 4 days"


def test_both_files_hold_formulas_as_text(
    client: Client, contact: User, contract: Any, customer: Customer, tuesday: datetime
) -> None:
    file(customer, contact, tuesday, "=HYPERLINK(“http://evil.example”;“x”)")
    client.force_login(contact)
    (row,) = rows_of(client)
    assert row["Subject"].startswith("'=HYPERLINK")
    sheet = sheet_of(client)
    assert "<f>" not in sheet
    assert 't="inlineStr"><is><t>=HYPERLINK' in sheet


def test_the_sheet_holds_moments_as_dates_in_the_readers_zone(
    client: Client, ticket: Ticket, contact: User
) -> None:
    client.force_login(contact)
    # 10 March 2026, 11:00 as days since 30 December 1899: 46091 and 11/24.
    assert "<v>46091.45833333334</v>" in sheet_of(client)


def test_a_list_that_is_too_long_for_a_file_is_refused_and_keeps_its_filters(
    client: Client, ticket: Ticket, contact: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tickets.views.ticket_export.MOST_ROWS", 0)
    client.force_login(contact)
    response = client.get("/tickets/export/csv/?state=all", follow=True)
    assert response.redirect_chain == [("/tickets/?state=all", 302)]
    assert "Narrow the list, by dates for example" in words(response)


def test_somebody_who_makes_files_all_the_time_is_led_to_the_api(
    client: Client, ticket: Ticket, contact: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tickets.views.ticket_export.EXPORTS_PER_HOUR", 1)
    client.force_login(contact)
    assert rows_of(client)
    response = client.get("/tickets/export/csv/", follow=True)
    assert "reads them through the API" in words(response)


def test_a_format_nobody_knows_is_not_there(client: Client, contact: User) -> None:
    client.force_login(contact)
    assert client.get("/tickets/export/pdf/").status_code == 404


def test_a_file_takes_no_more_queries_with_more_tickets(
    client: Client, ticket: Ticket, contact: User, customer: Customer, tuesday: datetime
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            sheet_of(client)
        return len(queries)

    client.force_login(contact)
    cost()
    one = cost()
    for place in range(20):
        file(customer, contact, tuesday, f"Question {place}")
    assert cost() == one <= 6
