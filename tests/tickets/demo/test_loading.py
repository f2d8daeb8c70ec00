"""The demo's data: the same each time, as operations write it, with what a visitor needs."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from accounts.choices import Role
from accounts.models import User
from entitlements.choices import ContractState, EntryKind
from entitlements.models import Contract, ContractYear, Customer, LedgerEntry
from notifications.models import Delivery, Notice
from sla.choices import ClockState
from sla.models import Calendar, Clock, StepRecord
from sla.operations import claim_due_steps
from tests.factories import entitlements as factory
from tests.factories.entitlements import load_project_catalogue
from tickets.calendar_effects import effects_of
from tickets.choices import OPEN_STATES, EventKind, TicketKind, TicketState
from tickets.demo.loading import load_history
from tickets.demo.opening import COMPANY, file_breaching_ticket
from tickets.demo.people import PASSWORD
from tickets.demo.stories import all_stories
from tickets.models import Attachment, CustomerEscalation, Message, Note, Product, Ticket

# Each test's own transaction is a savepoint within the module's.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("twice")]

# A Saturday night in New York: every clock that needs a call out of hours waits for one.
NOW = datetime(2026, 11, 21, 23, 40, tzinfo=UTC)
TODAY = date(2026, 11, 21)
COUNT = 80


@pytest.fixture(scope="module")
def twice(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Any]]:
    """Load the same seed twice, the first time undone; this module's tests share the second."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_project_catalogue()
        digests = []
        with transaction.atomic():
            load_history(seed=1, count=COUNT - 1, now=NOW)
            digests.append(digest())
            transaction.set_rollback(True)
        load_history(seed=1, count=COUNT - 1, now=NOW)
        digests.append(digest())
        yield digests
        transaction.set_rollback(True)
    connection.close()


def digest() -> list[Any]:
    return [
        (
            ticket.subject,
            ticket.description,
            ticket.kind,
            ticket.severity,
            ticket.state,
            ticket.channel,
            ticket.filed_by.email,
            ticket.assignee and ticket.assignee.email,
            ticket.filed_at,
            ticket.updated_at,
            ticket.response_clock and ticket.response_clock.due_at,
            ticket.response_clock and ticket.response_clock.stopped_at,
            ticket.messages.count(),
            ticket.notes.count(),
        )
        for ticket in Ticket.objects.order_by("filed_at", "subject")
    ]


def test_the_same_seed_at_the_same_instant_gives_the_same_data(twice: list[Any]) -> None:
    assert len(twice[0]) == COUNT - 1
    assert twice[0] == twice[1]


def test_another_instant_moves_everything_with_it(twice: list[Any]) -> None:
    filed = [row[8] for row in twice[1]]

    assert NOW - timedelta(days=396) < min(filed)
    assert max(filed) <= NOW


def test_there_are_enough_stories_to_tell_them_apart() -> None:
    stories = all_stories()

    assert len(stories) >= 60
    assert all(2 <= len(story.turns) <= 7 for story in stories)
    assert all(story.turns[-1].kind == "resolved" for story in stories)


def test_people_and_companies_are_as_many_as_promised() -> None:
    assert Customer.objects.count() == 12
    assert User.objects.staff().count() == 10
    assert User.objects.filter(memberships__isnull=False).distinct().count() == 40
    roles = Counter(role for user in User.objects.staff() for role in user.roles)
    assert roles == {
        Role.ENGINEER: 4,
        Role.TAM: 2,
        Role.ANALYST: 1,
        Role.DUTY_LEAD: 1,
        Role.SUPPORT_MANAGER: 1,
        Role.ADMINISTRATOR: 1,
    }
    assert len(set(User.objects.staff().values_list("timezone", flat=True))) >= 4
    assert all(user.email.endswith(".example") for user in User.objects.all())
    assert all(versions for versions in Product.objects.values_list("versions", flat=True))


def test_every_plan_has_its_customers() -> None:
    held: Counter[str] = Counter()
    for customer in Customer.objects.all():
        newest = customer.contracts.order_by("-starts_on").first()
        is_over = newest is None or newest.state(TODAY) == ContractState.EXPIRED
        held["standard" if newest is None or is_over else newest.edition.key] += 1

    assert held == {
        "standard": 2,
        "msa-start": 2,
        "msa-plus": 2,
        "msa-business": 3,
        "msa-enterprise": 2,
        "msa-enterprise-2023": 1,
    }


def test_contracts_expire_have_expired_and_are_suspended() -> None:
    newest = {
        customer.name: customer.contracts.order_by("-starts_on")[0]
        for customer in Customer.objects.filter(contracts__isnull=False).distinct()
    }
    states = {name: contract.state(TODAY) for name, contract in newest.items()}

    assert states["Harbour Light Hotels"] == ContractState.EXPIRING
    assert newest["Harbour Light Hotels"].ends_on - TODAY < timedelta(days=30)
    assert states["Fennimore Foods"] == ContractState.EXPIRED
    assert states["Cobalt Ridge Mining"] == ContractState.SUSPENDED
    assert all(one.seats_held <= one.seat_limit for one in Contract.objects.all())


def test_one_quota_is_used_up_and_one_runs_low() -> None:
    def year_of(name: str) -> ContractYear:
        return ContractYear.objects.containing(TODAY).get(contract__customer__name=name)

    assert (year_of("Juniper Freight").balance, year_of("Juniper Freight").used) == (0, 6)
    assert (year_of("Bramble & Finch").balance, year_of("Bramble & Finch").used) == (1, 5)
    assert Notice.objects.filter(kind="low_balance").exists()
    northwind = year_of("Northwind Logistics")
    assert 0 < northwind.used < northwind.granted


def test_the_ledger_holds() -> None:
    for year in ContractYear.objects.all():
        assert year.balance == sum(year.entries.values_list("amount", flat=True))
    premium = Ticket.objects.filter(kind=TicketKind.PREMIUM)
    debits = LedgerEntry.objects.filter(kind=EntryKind.DEBIT)
    assert set(debits.values_list("ticket_number", flat=True)) == set(
        premium.values_list("number", flat=True)
    )
    assert debits.count() == premium.count()
    assert LedgerEntry.objects.filter(kind=EntryKind.CREDIT).exists()


def test_every_clock_is_what_its_events_make_of_it() -> None:
    clocks = Clock.objects.select_related("calendar_version")
    assert clocks.count() > 20
    for clock in clocks:
        assert clock.replayed() == clock.figures
    states = {clock.state(NOW) for clock in clocks}
    assert states >= {
        ClockState.MET,
        ClockState.MISSED,
        ClockState.OVERDUE,
        ClockState.AT_RISK,
        ClockState.RUNNING,
        ClockState.EXCUSED,
        ClockState.WAITING_FOR_CALL,
    }


def test_steps_were_acted_on_at_their_times_and_none_is_owed() -> None:
    records = StepRecord.objects.all()
    assert records.filter(step__share=1).exists()
    for record in records:
        assert timedelta(0) <= record.recorded_at - record.due_at < timedelta(seconds=2)
        assert (record.late, record.acted) == (False, True)
    assert not Clock.objects.due(NOW - timedelta(seconds=1)).exists()


def test_tickets_are_in_every_state_and_of_every_kind() -> None:
    states = Counter(Ticket.objects.values_list("state", flat=True))

    assert set(states) == set(TicketState.values)
    assert sum(states[state] for state in OPEN_STATES) >= 15
    assert set(Ticket.objects.values_list("kind", flat=True)) == set(TicketKind.values)
    assert Note.objects.exists()
    assert Attachment.objects.exists()
    assert Message.objects.filter(overturned_at__isnull=False).exists()
    assert Ticket.objects.filter(follows__isnull=False).count() == 3
    assert Ticket.objects.filter(escalated_at__isnull=False).exists()
    escalations = CustomerEscalation.objects.of_accounts()
    assert [escalations.open().count(), escalations.ended().count()] == [1, 1]


def test_no_blank_of_a_story_is_left_open() -> None:
    texts = [
        *Ticket.objects.values_list("subject", flat=True),
        *Ticket.objects.values_list("description", flat=True),
        *Message.objects.values_list("body", flat=True),
        *Note.objects.values_list("body", flat=True),
    ]

    assert not [text for text in texts if "{" in text or "}" in text]


def test_nothing_of_the_past_is_mailed_and_only_today_is_unread() -> None:
    assert Delivery.objects.exists()
    assert not Delivery.objects.filter(next_try_at__isnull=False).exists()
    assert not Delivery.objects.filter(sent_at__isnull=True).exists()
    unread = Notice.objects.unread()
    assert unread.exists()
    assert not unread.filter(created_at__lt=NOW - timedelta(days=1)).exists()


def test_everybody_has_the_told_password() -> None:
    encoded = set(User.objects.values_list("password", flat=True))

    assert len(encoded) == 1
    assert check_password(PASSWORD, encoded.pop())


def test_a_second_load_adds_nothing() -> None:
    before = digest()

    assert load_history(seed=2, count=COUNT, now=NOW + timedelta(days=3)) == 0
    assert digest() == before


def test_a_deadline_passes_a_minute_and_a_half_after_each_start() -> None:
    ticket = file_breaching_ticket(now=NOW)

    assert ticket is not None
    assert ticket.response_clock is not None
    clock = Clock.objects.get(pk=ticket.response_clock.pk)
    assert (ticket.customer.name, ticket.kind, ticket.severity) == (COMPANY, "premium", 1)
    assert clock.due_at == NOW + timedelta(seconds=90)
    assert [str(one.step) for one in clock.step_records.all()] == [
        "at 33 % of the time",
        "at 66 % of the time",
    ]
    # 85 % is the watch's first deed, the deadline its second.
    record = claim_due_steps(clock, now=NOW + timedelta(seconds=2))
    assert record is not None
    assert str(record.step) == "at 85 % of the time"
    record = claim_due_steps(clock, now=NOW + timedelta(seconds=90))
    assert record is not None
    assert str(record.step) == "at the deadline"
    assert not Delivery.objects.filter(sent_at__isnull=True).exists()


def test_a_later_start_files_another_only_when_none_is_about_to_pass() -> None:
    count = Ticket.objects.count()
    assert file_breaching_ticket(now=NOW) is not None
    assert file_breaching_ticket(now=NOW + timedelta(seconds=30)) is None

    # On Monday the office is closed.
    tuesday_noon = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    again = file_breaching_ticket(now=tuesday_noon)

    assert again is not None
    assert again.response_clock is not None
    clock = Clock.objects.get(pk=again.response_clock.pk)
    # In business hours nobody has to call: the clock began with the filing.
    assert clock.due_at == tuesday_noon + timedelta(seconds=50)
    assert Ticket.objects.count() == count + 2


def test_the_command_tells_who_can_sign_in(tmp_path: Path) -> None:
    path = tmp_path / "people.json"
    call_command("load_demo", people_file=path, tickets=COUNT)

    people = json.loads(path.read_text())
    assert {one["role"] for one in people} == {
        "technical contact",
        "portal user",
        "company manager",
        "support engineer",
        "lab analyst",
        "duty lead",
        "support manager",
        "TAM",
        "administrator",
    }
    for one in people:
        user = User.objects.get(email=one["email"])
        assert user.name == one["name"]
        assert check_password(one["password"], user.password)
        assert bool(one["company"]) != user.is_staff_member


def test_the_command_refuses_production(settings: Any) -> None:
    settings.IN_PRODUCTION = True

    with pytest.raises(CommandError, match="not in production"):
        call_command("load_demo")


def test_the_command_refuses_a_database_of_other_customers() -> None:
    Customer.objects.filter(name="Juniper Freight").update(name="Somebody Else")
    factory.make_customer("One More")

    with pytest.raises(CommandError, match="other customers"):
        call_command("load_demo", tickets=COUNT)


def test_a_day_was_closed_and_one_deadline_reassessed_for_it() -> None:
    calendar = Calendar.objects.get(key="msa-business-hours")
    # NOW is a Saturday, so the next working day is Monday 23 November.
    assert calendar.current.number == 3
    assert calendar.current.closure_name(date(2026, 11, 23)) == "Power works in the building"
    ticket = Ticket.objects.get(events__kind=EventKind.REASSESSED)
    assert ticket.response_clock is not None
    assert ticket.response_clock.calendar_version == calendar.current
    assert ticket.response_clock.due_at is not None
    before = ticket.response_clock.events.latest("pk").superseded_due_at
    assert before is not None
    assert ticket.response_clock.due_at > before


def test_other_clocks_were_left_as_they_were_filed() -> None:
    administrator = User.objects.with_role(Role.ADMINISTRATOR).earliest("pk")
    version = Calendar.objects.get(key="msa-business-hours").current
    assert effects_of(version, reader=administrator, now=NOW).moved
