"""Filing a ticket: one operation for the portal, the phone, e-mail and the API."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.compiled import Compiled
from accounts.errors import DomainError, InvalidInput, NotAllowed
from accounts.models import User
from accounts.new_rows import insert_row
from entitlements.choices import Severity
from entitlements.models import Customer, Membership
from entitlements.operations.incidents import debit_incident
from entitlements.permissions import membership_of
from entitlements.promise import Promise, contract_in_force, promise_on
from notifications.operations import notify_all
from sla.models import Clock
from sla.operations import start_clock
from tickets.choices import Channel, EventKind, TicketKind
from tickets.filing_facts import Facts
from tickets.mail_words import in_zones
from tickets.models import Product, Ticket
from tickets.notices import customer_telling
from tickets.operations.attachments import attach_files, check_files
from tickets.operations.filing_details import (
    check_facts,
    keep_answers,
    keep_facts,
    read_answers,
)
from tickets.operations.timeline import add_event
from tickets.permissions import can_file, can_file_premium
from tickets.uploads import Upload

_SENT = Compiled(
    lambda by, submission_key: Ticket.objects.filter(submitted_by=by, submission_key=submission_key)
)
_HEARS_OF_ALL = Compiled(
    lambda customer: (
        Membership.objects.current()
        .filter(customer=customer, hears_of_all=True)
        .select_related("user")
    )
)


def file_ticket(
    *,
    customer: Customer,
    by: User,
    kind: TicketKind,
    severity: Severity,
    subject: str,
    description: str,
    criteria: Sequence[str] = (),
    product: Product | None = None,
    version: str = "",
    files: Sequence[Upload] = (),
    fields: Mapping[str, str] | None = None,
    facts: Facts | None = None,
    watchers: Sequence[User] | None = None,
    on_behalf_of: User | None = None,
    channel: Channel = Channel.PORTAL,
    submission_key: uuid.UUID | None = None,
    follows: Ticket | None = None,
    now: datetime | None = None,
) -> Ticket:
    """File a ticket under the terms that hold at `now`, and start its clock.

    The same `submission_key` from the same person files once and returns the first ticket, which
    then was not `was_filed_now`. `watchers` get copies; None means those who hear of each ticket
    of the company.
    `on_behalf_of` is the member for whom an engineer files a call; `follows` a ticket of the same
    customer that this one follows up. `fields` are answers to the administrator's questions by
    their keys; None where nobody could be asked. `facts` are what a database release request or
    a service request is about, and nothing else has any.
    Raises: NotAllowed, InvalidInput, AttachmentRefused; QuotaExhausted for a premium incident
    when none is left; OldDatabase for a release against databases that are not the latest.
    Effects, in one transaction: the Ticket, its debit when premium, its clock when there is a
    target, its answers and facts, attachments, one event, one on the ticket it follows, notices
    to the people who follow it.
    """
    moment = now or timezone.now()
    try:
        with transaction.atomic():
            return _file(
                customer=customer,
                by=by,
                kind=kind,
                severity=severity,
                subject=subject.strip(),
                description=description.strip(),
                criteria=criteria,
                product=product,
                version=version,
                files=files,
                fields=fields,
                facts=facts,
                watchers=watchers,
                filed_by=on_behalf_of or by,
                channel=channel,
                submission_key=submission_key,
                follows=follows,
                now=moment,
            )
    except (DomainError, IntegrityError):
        # Sent before, or twice at once, when the second waits for the first: it loses by the
        # ticket's key, or by what the first has used up: the last incident, or the files. Nobody
        # asks ahead, as next to none is sent twice.
        if (sent := _sent_before(by, submission_key)) is None:
            raise
        return sent


def _sent_before(by: User, submission_key: uuid.UUID | None) -> Ticket | None:
    if submission_key is None:
        return None
    return _SENT.first(by, submission_key)


def _file(
    *,
    customer: Customer,
    by: User,
    kind: TicketKind,
    severity: Severity,
    subject: str,
    description: str,
    criteria: Sequence[str],
    product: Product | None,
    version: str,
    files: Sequence[Upload],
    fields: Mapping[str, str] | None,
    facts: Facts | None,
    watchers: Sequence[User] | None,
    filed_by: User,
    channel: Channel,
    submission_key: uuid.UUID | None,
    follows: Ticket | None,
    now: datetime,
) -> Ticket:
    contract = contract_in_force(customer, now)
    is_member = _check_right(customer, by, filed_by)
    if kind == TicketKind.PREMIUM and not can_file_premium(filed_by, customer, contract):
        raise NotAllowed(
            _(
                "Premium incidents are filed by technical contacts of a contract in force. File it "
                "as break/fix, or ask your company manager for a contact seat."
            ),
            field="kind",
        )
    if not subject:
        raise InvalidInput(_("Say in one sentence what fails, and where."), field="subject")
    if follows is not None and follows.customer_id != customer.pk:
        raise InvalidInput(_("A follow-up is filed for the same company."), field="follows")
    check_facts(facts, kind, contract)
    answers = read_answers(product, kind, fields) if fields is not None else []
    check_files(files)
    number = Ticket.next_number()
    debit = None
    if kind == TicketKind.PREMIUM:
        assert contract is not None, "can_file_premium holds this"
        debit = debit_incident(contract, ticket_number=number, by=by, now=now)
    premium = kind == TicketKind.PREMIUM
    promise = promise_on(contract, severity, now, premium=premium)
    clock = _start_response_clock(promise, by=by)
    ticket = Ticket(
        number=number,
        customer=customer,
        contract=contract,
        edition=promise.terms.edition,
        service_level=promise.level,
        kind=kind,
        channel=channel,
        subject=subject,
        description=description,
        product=product,
        version=version,
        severity=severity,
        asked_severity=severity,
        criteria=list(criteria),
        filed_by=filed_by,
        submitted_by=by,
        filed_at=now,
        updated_at=now,
        weight=clock.ladder.weight if clock is not None else 0,
        response_clock=clock,
        debit=debit,
        follows=follows,
        submission_key=submission_key,
    )
    insert_row(ticket)
    keep_answers(ticket, answers)
    keep_facts(ticket, facts)
    told = _copied(customer, watchers, filed_by)
    if told:
        ticket.watchers.set(told)
    attach_files(ticket, files, by=by, now=now)
    event = add_event(
        ticket,
        EventKind.FILED,
        by=by,
        now=now,
        kind=kind,
        severity=severity,
        channel=channel,
    )
    if follows is not None:
        add_event(follows, EventKind.FOLLOWED_UP, by=by, now=now, ticket=number)
    people = [filed_by, *told] if is_member else told
    telling = customer_telling(
        ticket, event, people, subject=subject, body=partial(_receipt, ticket, promise)
    )
    notify_all([telling], now=now)
    ticket.was_filed_now = True
    return ticket


def _check_right(customer: Customer, by: User, filed_by: User) -> bool:
    """Refuse who may not file; say whether it is filed for somebody of the company."""
    is_member = membership_of(filed_by, customer) is not None
    if not (is_member and filed_by == by) and not can_file(by, customer):
        raise NotAllowed(_("You file tickets for your own company."), field="customer")
    if filed_by != by and not is_member and not can_file(filed_by, customer):
        raise InvalidInput("Choose a caller who belongs to this company.", field="on_behalf_of")
    return is_member


def _copied(customer: Customer, chosen: Sequence[User] | None, filed_by: User) -> list[User]:
    """Who gets copies: whom the filer chose, or those who hear of each ticket of the company.

    Only people who belong to the customer: nobody else follows its tickets.
    """
    if chosen is None:
        members = _HEARS_OF_ALL.all(customer.pk)
    else:
        people = [user.pk for user in chosen]
        current = customer.memberships.current().filter(user__in=people)
        members = list(current.select_related("user")) if people else []
    return [one.user for one in members if one.user_id != filed_by.pk]


def _start_response_clock(promise: Promise, *, by: User) -> Clock | None:
    if promise.target is None:
        return None
    assert promise.level.ladder is not None
    assert promise.starts_at is not None
    return start_clock(
        calendar_version=promise.calendar_version,
        zone=promise.zone,
        target=promise.target,
        ladder=promise.level.ladder,
        # A clock that waits for a call starts ahead; any other at the filing, whatever the hour.
        at=promise.starts_at if promise.call_required else promise.filed_at,
        waits_for_call=promise.call_required,
        by=by,
    )


def _receipt(ticket: Ticket, promise: Promise, reader: User) -> str:
    have = _("We have it: %(ticket)s, %(subject)s.")
    lines = [have % {"ticket": ticket.reference, "subject": ticket.subject}]
    called = promise.call_required and ticket.channel == Channel.PHONE
    due_at = promise.due_at_if_called if called else promise.due_at
    if due_at is None:
        lines.append(
            _("There is no promised time for this ticket. We work on it in covered hours.")
        )
    else:
        moment = in_zones(due_at, reader, promise.zone, ticket.filed_at)
        lines.append(_("We answer by %(moment)s.") % {"moment": moment})
    if promise.call_required and not called:
        lines.append(
            _(
                "It is out of business hours: call us now, with your PIN at hand, and the clock "
                "starts with your call."
            )
        )
    return "\n".join(lines)
