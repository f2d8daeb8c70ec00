"""Filing: the terms, the clock, the debit, and what is refused. Numbers from the catalogue."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import User
from entitlements.choices import EntryKind, Severity
from entitlements.errors import QuotaExhausted
from entitlements.models import Contract, Customer, Edition, Invitation, LedgerEntry
from entitlements.operations.contracts import change_edition
from entitlements.operations.incidents import debit_incident
from entitlements.operations.invitation_acceptance import Newcomer, accept_invitation
from entitlements.operations.invitations import invite_person, lock_invitation
from notifications.models import Delivery, Notice
from sla.models import Clock, ClockEvent
from tests.factories import entitlements as factory
from tests.racing import PATIENCE, race
from tickets.choices import Channel, EventKind, TicketKind, TicketState
from tickets.errors import AttachmentRefused
from tickets.models import Attachment, Ticket, TicketEvent
from tickets.operations.file_uploads import begin_upload, take_in
from tickets.operations.filing import file_ticket
from tickets.operations.phone import log_phone_call
from tickets.uploads import SentAhead

# Tue 10 Mar 2026, 11:00 ET (daylight time began on 8 March: ET is UTC-4).
TUESDAY = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
# Sat 14 Mar 2026, 10:12 ET.
SATURDAY = datetime(2026, 3, 14, 14, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def file(by: User, customer: Customer, **given: Any) -> Ticket:
    facts: dict[str, Any] = {
        "kind": TicketKind.PREMIUM,
        "severity": Severity.HIGH,
        "subject": "Label-printer driver quarantined on 214 hosts",
        "description": "Since the 15:10 database update printing has stopped.",
        "now": TUESDAY,
    }
    return file_ticket(by=by, customer=customer, **{**facts, **given})


@pytest.mark.parametrize(
    ("severity", "due"),
    [
        # MSA Business: 2 hours around the clock; 8, 12 and 24 working hours in 09:00-19:00 ET.
        (Severity.CRITICAL, datetime(2026, 3, 10, 17, 0, tzinfo=UTC)),
        (Severity.HIGH, datetime(2026, 3, 10, 23, 0, tzinfo=UTC)),  # 11:00 + 8 h: at closing
        (Severity.MEDIUM, datetime(2026, 3, 11, 17, 0, tzinfo=UTC)),  # 8 h Tue, 4 h Wed
        (Severity.LOW, datetime(2026, 3, 12, 19, 0, tzinfo=UTC)),  # 8 h Tue, 10 h Wed, 6 h Thu
    ],
)
def test_a_premium_incident_is_due_as_the_business_edition_says(
    contact: User, customer: Customer, contract: Contract, severity: Severity, due: datetime
) -> None:
    ticket = file(contact, customer, severity=severity)

    assert ticket.response_clock is not None
    assert ticket.response_clock.due_at == due
    assert ticket.response_clock.replayed() == ticket.response_clock.figures
    assert (ticket.edition, ticket.contract) == (contract.edition, contract)
    assert ticket.state == TicketState.NEW


def test_a_break_fix_ticket_is_served_on_standard_terms_with_no_promised_time(
    contact: User, customer: Customer, contract: Contract
) -> None:
    ticket = file(contact, customer, kind=TicketKind.BREAK_FIX, severity=Severity.CRITICAL)

    assert ticket.response_clock is None
    assert ticket.edition.key == "standard"
    assert ticket.service_level.calendar.key == "standard-hours"
    assert ticket.contract == contract
    assert not LedgerEntry.objects.filter(kind=EntryKind.DEBIT).exists()


def test_filing_writes_one_debit_one_event_and_one_receipt(
    contact: User, colleague: User, customer: Customer, contract: Contract
) -> None:
    ticket = file(contact, customer, watchers=[colleague])

    assert ticket.debit is not None
    assert ticket.debit.ticket_number == ticket.number
    year = contract.years.get()
    assert (year.balance, year.used) == (35, 1)
    event = TicketEvent.objects.get(ticket=ticket)
    assert (event.kind, event.by, event.at) == (EventKind.FILED, contact, TUESDAY)
    told = Notice.objects.filter(kind=EventKind.FILED)
    assert {notice.recipient for notice in told} == {contact, colleague}
    assert Delivery.objects.filter(notice__in=told).count() == 2
    assert "Tue 10 Mar, 19:00 ET" in told[0].body


def test_an_enterprise_critical_out_of_hours_waits_for_the_call_or_the_opening(
    foreign_contact: User, foreign_customer: Customer
) -> None:
    ticket = file(foreign_contact, foreign_customer, severity=Severity.CRITICAL, now=SATURDAY)

    clock = ticket.response_clock
    assert clock is not None
    assert clock.waits_for_call
    # Mon 16 Mar, 09:00 ET, and 30 minutes.
    assert clock.started_at == datetime(2026, 3, 16, 13, 0, tzinfo=UTC)
    assert clock.due_at == datetime(2026, 3, 16, 13, 30, tzinfo=UTC)


def test_a_logged_call_starts_the_waiting_clock(
    foreign_contact: User, foreign_customer: Customer, engineer: User
) -> None:
    ticket = file(foreign_contact, foreign_customer, severity=Severity.CRITICAL, now=SATURDAY)
    pin = foreign_contact.memberships.get().caller_pin
    called_at = SATURDAY + timedelta(minutes=8)

    log_phone_call(
        ticket, caller_pin=pin, at=called_at, by=engineer, now=SATURDAY + timedelta(minutes=10)
    )

    clock = Clock.objects.get()
    assert clock.due_at == datetime(2026, 3, 14, 14, 50, tzinfo=UTC)
    assert clock.replayed() == clock.figures
    assert TicketEvent.objects.filter(ticket=ticket, kind=EventKind.CALLED).count() == 1


def test_a_business_critical_out_of_hours_needs_no_call(
    contact: User, customer: Customer, contract: Contract
) -> None:
    ticket = file(contact, customer, severity=Severity.CRITICAL, now=SATURDAY)

    assert ticket.response_clock is not None
    assert not ticket.response_clock.waits_for_call
    assert ticket.response_clock.due_at == SATURDAY + timedelta(hours=2)


def test_the_terms_filed_under_stay_when_the_contract_moves_on(
    contact: User, customer: Customer, contract: Contract, administrator: User
) -> None:
    ticket = file(contact, customer, severity=Severity.MEDIUM)
    before = ticket.response_clock.due_at if ticket.response_clock else None

    change_edition(
        contract,
        edition=Edition.objects.get(key="msa-enterprise"),
        reason="Upgrade in mid-term",
        by=administrator,
        now=TUESDAY + timedelta(hours=1),
    )

    ticket = Ticket.objects.get(pk=ticket.pk)
    assert ticket.edition.key == "msa-business"
    assert ticket.response_clock is not None
    assert ticket.response_clock.due_at == before


@pytest.mark.parametrize("person", ["colleague", "manager"])
def test_a_person_without_a_seat_files_no_premium_incident(
    request: pytest.FixtureRequest, customer: Customer, contract: Contract, person: str
) -> None:
    with pytest.raises(NotAllowed) as refused:
        file(request.getfixturevalue(person), customer)

    assert refused.value.field == "kind"
    _nothing_was_filed()


def test_nobody_files_for_a_company_of_others(
    foreign_contact: User, customer: Customer, contract: Contract
) -> None:
    with pytest.raises(NotAllowed):
        file(foreign_contact, customer, kind=TicketKind.BREAK_FIX)

    _nothing_was_filed()


def test_a_watcher_of_another_company_is_left_out(
    contact: User, foreign_contact: User, customer: Customer
) -> None:
    ticket = file(contact, customer, watchers=[foreign_contact])

    assert not ticket.watchers.exists()
    assert not Notice.objects.filter(recipient=foreign_contact).exists()


def test_the_seventh_premium_incident_of_a_start_contract_is_refused(
    foreign_customer: Customer, catalogue: dict[str, Any]
) -> None:
    contract = factory.make_contract(foreign_customer, "msa-start")
    contact = factory.make_contact(contract, "Owen Hart").membership.user
    for _ in range(6):
        file(contact, foreign_customer)

    with pytest.raises(QuotaExhausted):
        file(contact, foreign_customer)

    assert Ticket.objects.count() == 6
    assert Clock.objects.count() == 0  # MSA Start promises no time for High
    assert contract.years.get().balance == 0


def test_an_engineer_files_for_a_caller(contact: User, customer: Customer, engineer: User) -> None:
    ticket = file(engineer, customer, on_behalf_of=contact, channel=Channel.PHONE)

    assert (ticket.filed_by, ticket.submitted_by) == (contact, engineer)
    assert TicketEvent.objects.get(ticket=ticket).by == engineer


def test_a_form_sent_twice_files_once(contact: User, customer: Customer) -> None:
    key = uuid.uuid4()

    first = file(contact, customer, submission_key=key)
    second = file(contact, customer, submission_key=key)

    assert first == second
    assert LedgerEntry.objects.filter(kind=EntryKind.DEBIT).count() == 1


def test_a_file_is_kept_under_a_key_of_ours(
    contact: User, customer: Customer, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    upload = SimpleUploadedFile("..\\..\\log\u200b.txt", b"one line\n", content_type="text/plain")

    ticket = file(contact, customer, files=[upload])

    kept = Attachment.objects.get(ticket=ticket)
    assert kept.name == "log.txt"
    assert "log" not in str(kept.file.name)
    # sha256sum of "one line" and a newline.
    assert kept.sha256 == "3887c2cd3bec16420dc71507a74cf7f0a5effdd361f6d9cbe27b77831de8f65f"


def test_a_file_over_the_limit_refuses_the_filing_and_keeps_nothing(
    contact: User, customer: Customer, settings: Any
) -> None:
    settings.ATTACHMENT_MAX_BYTES = 10
    upload = SimpleUploadedFile("big.log", b"x" * 11)

    with pytest.raises(AttachmentRefused):
        file(contact, customer, files=[upload])

    _nothing_was_filed()


@pytest.mark.django_db(transaction=True)
def test_the_last_incident_goes_to_one_of_eight_who_file_at_once(
    contact: User, customer: Customer, contract: Contract
) -> None:
    for number in range(35):
        debit_incident(contract, ticket_number=number + 1, by=contact, now=TUESDAY)

    outcomes = _at_once(8, lambda: file(contact, customer))

    assert sum(isinstance(one, Ticket) for one in outcomes) == 1
    assert sum(isinstance(one, QuotaExhausted) for one in outcomes) == 7
    assert contract.years.get().balance == 0
    assert Ticket.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_from_eight_connections_files_once(
    contact: User, customer: Customer, contract: Contract
) -> None:
    key = uuid.uuid4()

    outcomes = _at_once(8, lambda: file(contact, customer, submission_key=key))

    assert {getattr(one, "pk", one) for one in outcomes} == {Ticket.objects.get().pk}
    assert contract.years.get().used == 1
    assert ClockEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_last_incident_of_a_form_sent_twice_at_once_refuses_neither(
    contact: User, customer: Customer, contract: Contract
) -> None:
    for number in range(35):
        debit_incident(contract, ticket_number=number + 1, by=contact, now=TUESDAY)
    key = uuid.uuid4()

    def send() -> Ticket:
        return file(contact, customer, submission_key=key)

    outcomes = race(send, send)

    assert outcomes == [Ticket.objects.get()] * 2
    assert sorted(one.was_filed_now for one in outcomes) == [False, True]
    assert contract.years.get().balance == 0


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_with_a_file_sent_ahead_files_once(
    contact: User, customer: Customer, contract: Contract, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    upload = begin_upload(customer, name="core.dmp", size=3, by=contact)
    take_in(upload, [b"abc"], offset=0)
    key = uuid.uuid4()

    def send() -> Ticket:
        files = [SentAhead(upload.key)]
        return file(
            contact,
            customer,
            kind=TicketKind.BREAK_FIX,
            files=files,
            submission_key=key,
            now=timezone.now(),
        )

    assert race(send, send) == [Ticket.objects.get()] * 2
    assert Attachment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_filing_waits_for_nobody_who_joins_with_a_seat(
    contact: User,
    customer: Customer,
    contract: Contract,
    manager: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    invitation = invite_person(
        customer,
        email="lena@northwind.example",
        is_manager=False,
        sees_company=False,
        gives_seat=True,
        by=manager,
        now=TUESDAY,
    )
    newcomer = Newcomer("Lena Hoffmann", "correct horse battery", "+49 30 555 01")
    meet = Barrier(2, timeout=PATIENCE)

    def meet_with_the_contract(*given: Any, **named: Any) -> LedgerEntry:
        entry = debit_incident(*given, **named)
        meet.wait()
        return entry

    def meet_with_the_company(found: Invitation) -> Invitation:
        meet.wait()
        return lock_invitation(found)

    filing, joining = "tickets.operations.filing", "entitlements.operations.invitation_acceptance"
    monkeypatch.setattr(f"{filing}.debit_incident", meet_with_the_contract)
    monkeypatch.setattr(f"{joining}.lock_invitation", meet_with_the_company)

    filed, joined = race(
        lambda: file(contact, customer),
        lambda: accept_invitation(invitation.secret(), newcomer=newcomer, now=TUESDAY),
    )

    assert filed == Ticket.objects.get()
    assert contract.seat_holdings.current().filter(membership=joined).exists()


def _at_once(count: int, act: Callable[[], Ticket]) -> list[Ticket | Exception]:
    def run(_: int) -> Ticket | Exception:
        try:
            return act()
        except Exception as error:  # noqa: BLE001 - the outcome is what is looked at
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def _nothing_was_filed() -> None:
    assert not Ticket.objects.exists()
    assert not Clock.objects.exists()
    assert not TicketEvent.objects.exists()
    assert not Notice.objects.exists()
    assert not LedgerEntry.objects.filter(kind=EntryKind.DEBIT).exists()
