"""An administrator makes and changes calendars: the form, what would change, then the change."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEvent, User
from entitlements.models import Contract, Customer
from sla.calendar_draft import Draft
from sla.models import Calendar
from sla.operations import change_calendar
from tests.factories.tickets import make_ticket
from tests.tickets.views.reading import words as text_of
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

EDIT = "/calendars/msa-business-hours/edit/"
# Tue 10 Mar 2026, 17:00 ET.
FIVE = datetime(2026, 3, 10, 21, 0, tzinfo=UTC)


@pytest.fixture
def calendar(contract: Contract) -> Calendar:
    return Calendar.objects.get(key="msa-business-hours")


@pytest.fixture
def desk(client: Client, administrator: User, calendar: Calendar) -> Client:
    client.force_login(administrator)
    return client


@pytest.fixture
def ticket(calendar: Calendar, contact: User, customer: Customer) -> Ticket:
    """High, of Tue 17:00 ET: due Wed 11 Mar, 15:00 ET."""
    return make_ticket(contact, customer, now=FIVE)


def as_drawn(client: Client, address: str = EDIT) -> dict[str, Any]:
    """What a browser would send of the form as it is drawn."""
    form = client.get(address).context["form"]
    typed: dict[str, Any] = {"holidays_shown": form.holidays_key}
    for bound in form:
        value = bound.value()
        if bound.name != "holidays_shown" and value not in (None, "", False, []):
            typed[bound.html_name] = value
    return typed | {"based_on": client.get(address).context["based_on"]}


def close_on_wednesday(client: Client) -> dict[str, Any]:
    return as_drawn(client) | {"closure_0_on": "2026-03-11", "closure_0_name": "Office move"}


def test_a_closure_is_shown_with_what_it_means_before_it_is_saved(
    desk: Client, ticket: Ticket
) -> None:
    answer = desk.post(EDIT, close_on_wednesday(desk) | {"then": "show"})

    page = text_of(answer)
    assert answer.status_code == 200
    assert "Nothing is saved yet" in page
    assert "Wed 11 Mar 2026Office move closes" in page
    assert "Closed days in the coming 12 months 12 → 13" in page
    assert "1 open clock counts on this calendar and keeps the deadline promised." in page
    assert f"{ticket.reference} {ticket.subject}" in page
    assert "Wed 11 Mar, 15:00 ET Thu 12 Mar, 15:00 ET later" in page
    # A ticket filed at the moment, Tue 11:00 ET: 12 working hours go over Wednesday.
    assert "Wed 11 Mar, 13:00 ET Thu 12 Mar, 13:00 ET" in page
    assert Calendar.objects.get(key="msa-business-hours").current.number == 1


def test_a_previewed_change_is_saved_with_its_reason(desk: Client, ticket: Ticket) -> None:
    typed = close_on_wednesday(desk)
    preview = desk.post(EDIT, typed | {"then": "show"})
    carried: dict[str, list[str]] = {}
    for name, value in preview.context["carried"]:
        carried.setdefault(name, []).append(value)

    answer = desk.post(EDIT, carried | {"then": "save", "reason": "We move."}, follow=True)

    assert answer.redirect_chain == [("/calendars/msa-business-hours/", 302)]
    page = text_of(answer)
    assert "Version 2 saved. It holds for new tickets; no deadline moved." in page
    assert "Closed on 11 Mar 2026: Office move" in page
    version = Calendar.objects.get(key="msa-business-hours").current
    assert (version.number, version.reason) == (2, "We move.")
    assert version.closure_name(date(2026, 3, 11)) == "Office move"
    assert AuditEvent.objects.filter(subject_type="sla.calendar").count() == 1
    before = ticket.response_clock
    ticket.refresh_from_db()
    assert before is not None
    assert ticket.response_clock is not None
    assert ticket.response_clock.due_at == before.due_at


def test_a_save_without_a_reason_keeps_the_preview(desk: Client) -> None:
    answer = desk.post(EDIT, close_on_wednesday(desk) | {"then": "save", "reason": ""})
    assert answer.status_code == 422
    assert "Say why: it stays with the version." in text_of(answer)
    assert 'value="Office move"' in answer.content.decode()


def test_an_edit_overtaken_by_another_is_refused_with_what_was_typed(
    desk: Client, calendar: Calendar, administrator: User
) -> None:
    typed = close_on_wednesday(desk)
    change_calendar(
        calendar,
        draft=Draft(zone="America/Chicago", windows={"mon": [["09:00", "19:00"]]}),
        based_on=1,
        reason="Chicago.",
        by=administrator,
    )

    for step in ({"then": "show"}, {"then": "save", "reason": "We move."}):
        answer = desk.post(EDIT, typed | step)
        assert answer.status_code == 409
        assert "Chidi Bello saved version 2 while you were editing version 1" in text_of(answer)
        assert 'value="Office move"' in answer.content.decode()
        assert answer.context["based_on"] == 2
    assert calendar.versions.count() == 2


def test_more_rows_do_not_forget_on_which_version_an_edit_began(
    desk: Client, calendar: Calendar, administrator: User
) -> None:
    typed = close_on_wednesday(desk)
    draft = Draft(zone="America/Chicago", windows={"mon": [["09:00", "19:00"]]})
    change_calendar(calendar, draft=draft, based_on=1, reason="x", by=administrator)
    answer = desk.post(EDIT, typed | {"then": "more"})
    assert answer.status_code == 200
    assert answer.context["based_on"] == "1"
    assert 'value="Office move"' in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (
            {"mon_0_from": "22:00", "mon_0_to": "06:00"},
            "22:00–06:00 ends before it starts. Does it run past midnight, into Tuesday?",
        ),
        ({"mon_0_from": "09:00", "mon_0_to": ""}, "Give both times, or neither."),
        (
            {"mon_0_from": "09:00", "mon_0_to": "12:00", "mon_0_past": "on"},
            "09:00–12:00 ends on the same day.",
        ),
        (
            {"mon_1_from": "11:00", "mon_1_to": "15:00"},
            "On Monday the window 11:00–15:00 overlaps 09:00–19:00.",
        ),
        ({"zone": "Mars/Olympus"}, "Select a valid choice."),
        ({"closure_0_on": "2026-03-11"}, "Name it: people read why we are closed."),
        ({"closure_0_name": "Office move"}, "Say on which day “Office move” closes."),
        (
            {"closure_0_on": "2026-03-03", "closure_0_name": "Storm"},
            "Tue 3 Mar has passed. No deadline moves by it",
        ),
        (
            {
                "closure_0_on": "2026-04-03",
                "closure_0_name": "A",
                "closure_1_on": "2026-04-03",
                "closure_1_name": "B",
            },
            "3 Apr 2026 stands here twice.",
        ),
    ],
)
def test_what_makes_no_calendar_is_said_and_nothing_is_lost(
    desk: Client, typed: dict[str, str], words: str
) -> None:
    answer = desk.post(EDIT, as_drawn(desk) | typed | {"then": "show"})
    assert answer.status_code == 422
    assert words in text_of(answer)
    for value in typed.values():
        assert value in {"", "on", "Mars/Olympus"} or f'value="{value}"' in answer.content.decode()


def test_an_empty_week_never_opens(desk: Client) -> None:
    typed = {
        name: value
        for name, value in as_drawn(desk).items()
        if not re.match(r"(mon|tue|wed|thu|fri)_", name)
    }
    answer = desk.post(EDIT, typed | {"then": "show"})
    assert answer.status_code == 422
    assert "has no open window, so it never opens" in text_of(answer)


def test_a_past_closure_that_is_meant_is_let_through(desk: Client) -> None:
    typed = {"closure_0_on": "2026-03-03", "closure_0_name": "Storm", "past_is_meant": "on"}
    answer = desk.post(EDIT, as_drawn(desk) | typed | {"then": "show"})
    assert answer.status_code == 200
    assert "3 Mar 2026Storm has passed" in text_of(answer)


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        (
            {"fri_0_from": "22:00", "fri_0_to": "06:00", "fri_0_past": "on"},
            "09:00–19:00 now 22:00–06:00",
        ),
        (
            {
                "mon_0_from": "09:00",
                "mon_0_to": "12:00",
                "mon_1_from": "13:00",
                "mon_1_to": "00:00",
            },
            "now 09:00–12:00 and 13:00–24:00",
        ),
        ({"sun_all": "on"}, "closed now 00:00–24:00"),
    ],
)
def test_split_overnight_and_whole_days_are_drawn(
    desk: Client, typed: dict[str, str], hours: str
) -> None:
    answer = desk.post(EDIT, as_drawn(desk) | typed | {"then": "show"})
    assert answer.status_code == 200
    assert hours in text_of(answer)


def test_mondays_hours_are_copied_to_the_working_week(desk: Client) -> None:
    typed = as_drawn(desk) | {"mon_0_from": "08:00", "then": "copy"}
    form = desk.post(EDIT, typed).context["form"]
    assert [form[f"{day}_0_from"].value() for day in ("tue", "fri")] == ["08:00", "08:00"]
    assert form["sat_0_from"].value() is None


def test_another_country_shows_its_own_holidays(desk: Client) -> None:
    answer = desk.post(
        EDIT, as_drawn(desk) | {"country": "DE", "subdivision": "BY", "then": "more"}
    )
    page = text_of(answer)
    assert "Corpus ChristiThu 4 Jun" in page
    assert "Memorial Day" not in page


def test_holidays_of_a_country_chosen_without_a_look_all_close(desk: Client) -> None:
    answer = desk.post(EDIT, as_drawn(desk) | {"country": "DE", "then": "show"})
    page = text_of(answer)
    assert "Fri 3 Apr 2026Good Friday closes" in page
    assert "Fri 19 Jun 2026Juneteenth National Independence Day is open again" in page
    # Years gone by are left out: those holidays count for nothing filed from now on.
    assert "has passed" not in page


def test_a_holiday_unticked_is_worked(desk: Client) -> None:
    typed = as_drawn(desk)
    typed["kept_holidays"] = [one for one in typed["kept_holidays"] if one != "Columbus Day"]
    page = text_of(desk.post(EDIT, typed | {"then": "show"}))
    assert "Mon 12 Oct 2026Columbus Day is open again" in page


def test_a_form_sent_as_it_was_drawn_changes_nothing(desk: Client) -> None:
    page = text_of(desk.post(EDIT, as_drawn(desk) | {"then": "show"}))
    assert "This is what version 1 says already." in page


def test_a_calendar_is_made(desk: Client) -> None:
    typed = {
        "name": "Berlin hours",
        "zone": "Europe/Berlin",
        "country": "DE",
        "mon_0_from": "08:00",
        "mon_0_to": "16:00",
    }
    preview = desk.post("/calendars/new/", typed | {"then": "show"})
    assert "What Berlin hours will be" in text_of(preview)
    answer = desk.post(
        "/calendars/new/", typed | {"then": "save", "reason": "New office."}, follow=True
    )
    page = text_of(answer)
    assert answer.redirect_chain == [("/calendars/berlin-hours/", 302)]
    assert "Berlin hours made. Nothing counts on it yet." in page
    assert "No edition names it yet." in page


def test_a_name_in_use_is_said_beside_its_field(desk: Client) -> None:
    typed = {
        "name": "MSA business hours",
        "zone": "UTC",
        "mon_all": "on",
        "then": "save",
        "reason": "x",
    }
    answer = desk.post("/calendars/new/", typed)
    assert answer.status_code == 422
    assert "Another calendar has this name." in text_of(answer)


def test_open_clocks_on_an_older_version_are_listed(
    desk: Client, ticket: Ticket, calendar: Calendar, administrator: User
) -> None:
    draft = Draft.of(calendar.current)
    closed = Draft(draft.zone, draft.windows, "US", own_closures={date(2026, 3, 11): "Office move"})
    change_calendar(calendar, draft=closed, based_on=1, reason="x", by=administrator)
    page = text_of(desk.get("/calendars/msa-business-hours/"))
    assert "1 on an older version: what would differ" in page
    listed = text_of(desk.get("/calendars/msa-business-hours/tickets/"))
    assert f"{ticket.reference} {ticket.subject}" in listed
    assert "Thu 12 Mar, 15:00 ET later" in listed


def test_a_tam_sees_only_tickets_of_the_tams_customers(
    client: Client,
    tam: User,
    foreign_contact: User,
    foreign_customer: Customer,
    calendar: Calendar,
    administrator: User,
    ticket: Ticket,
) -> None:
    # Enterprise, Low: counted in business hours too.
    other = make_ticket(foreign_contact, foreign_customer, severity=4, now=FIVE)
    draft = Draft.of(calendar.current)
    closed = Draft(draft.zone, draft.windows, "US", own_closures={date(2026, 3, 11): "Office move"})
    change_calendar(calendar, draft=closed, based_on=1, reason="x", by=administrator)
    client.force_login(tam)
    page = text_of(client.get("/calendars/msa-business-hours/tickets/"))
    assert ticket.reference in page
    assert other.reference not in page


def test_the_preview_costs_the_same_for_one_clock_and_for_many(
    desk: Client,
    contact: User,
    customer: Customer,
    ticket: Ticket,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(5):
        make_ticket(contact, customer, now=FIVE)
    typed = close_on_wednesday(desk) | {"then": "show"}
    with django_assert_max_num_queries(16):
        answer = desk.post(EDIT, typed)
    assert len(answer.context["effects"].moved) == 6


def test_no_tickets_that_would_differ_is_said(desk: Client) -> None:
    page = text_of(desk.get("/calendars/msa-business-hours/tickets/"))
    assert "Nothing would differ" in page
