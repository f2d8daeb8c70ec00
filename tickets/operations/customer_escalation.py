"""What a customer escalates: a ticket, or the whole account. It has an owner from then on."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from entitlements.models import Customer
from notifications.words import worded
from sla.choices import Audience, DutyRole
from sla.models import Shift
from sla.querysets import DUTY_ROLES
from tickets.choices import EventKind
from tickets.errors import InvalidTransition
from tickets.escalation_notices import tell_staff_of, tell_their_people
from tickets.models import CustomerEscalation, Ticket
from tickets.notices import people_of
from tickets.operations.timeline import add_event, lock_account, lock_ticket
from tickets.permissions import can_escalate_account, can_write_as_customer

# By when a customer hears from the owner of an escalation. Not a promise of any plan: the plans
# promise answers to tickets.
FIRST_WORD = timedelta(hours=1)


@transaction.atomic
def escalate_as_customer(
    ticket: Ticket, *, reason: str, by: User, now: datetime | None = None
) -> CustomerEscalation:
    """Escalate a ticket as its customer: the duty lead on duty owns it until it is ended.

    Raises: NotAllowed, InvalidInput; InvalidTransition when it has ended or is escalated.
    Effects: one CustomerEscalation, one event, notices.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if not can_write_as_customer(by, ticket):
        raise NotAllowed(_("Only people of this company escalate the ticket."))
    if not reason.strip():
        raise InvalidInput(_("Say what you need."), field="reason")
    if not ticket.is_open:
        raise InvalidTransition(_("This ticket has ended. Reopen it first."))
    present = ticket.escalations.open().select_related("owner").first()
    if present is not None:
        raise InvalidTransition(_ticket_has(present))
    escalation = _open(ticket.customer, ticket, reason=reason, by=by, now=moment)
    event = add_event(
        ticket,
        EventKind.HELP_REQUESTED,
        by=by,
        now=moment,
        reason=reason.strip(),
        owner_name=_owner_name(escalation),
        next_word_at=escalation.next_word_at.isoformat(),
    )
    audience = [Audience.DUTY_LEAD, Audience.TAM, Audience.ASSIGNEE]
    _tell(
        escalation, f"ticket-event:{event.pk}", people_of(ticket, audience, now=moment), now=moment
    )
    return escalation


@transaction.atomic
def escalate_account(
    customer: Customer, *, reason: str, by: User, now: datetime | None = None
) -> CustomerEscalation:
    """Escalate a customer's whole account, which raises all its open tickets in the queue.

    Raises: NotAllowed, InvalidInput; InvalidTransition when it is escalated.
    Effects: one CustomerEscalation, one audit row, notices.
    """
    moment = now or timezone.now()
    lock_account(customer)
    if not can_escalate_account(by, customer):
        raise NotAllowed(
            _("Only a company manager, its account manager or a lead escalates an account.")
        )
    if not reason.strip():
        raise InvalidInput(_("Say what you need."), field="reason")
    present = customer.escalations.open().of_accounts().select_related("owner").first()
    if present is not None:
        raise InvalidTransition(_account_has(present))
    escalation = _open(customer, None, reason=reason, by=by, now=moment)
    audit = record_change(
        "account escalated",
        customer,
        by=by,
        changes={"owner": ["", _owner_name(escalation)]},
        reason=reason.strip(),
        now=moment,
    )
    key = f"audit-event:{audit.pk}"
    _tell(escalation, key, [*on_duty_or_all_leads(moment), *customer.tams()], now=moment)
    return escalation


def on_duty_or_all_leads(now: datetime) -> list[User]:
    """The duty leads on duty; where the roster has nobody, everybody who may be."""
    on_duty = Shift.objects.people_on_duty(now, DutyRole.DUTY_LEAD)
    return on_duty or list(User.objects.active().with_role(*DUTY_ROLES[DutyRole.DUTY_LEAD]))


def _open(
    customer: Customer, ticket: Ticket | None, *, reason: str, by: User, now: datetime
) -> CustomerEscalation:
    owner, from_at = _choose_owner(now)
    return CustomerEscalation.objects.create(
        customer=customer,
        ticket=ticket,
        reason=reason.strip(),
        asked_by=by,
        asked_at=now,
        owner=owner,
        owned_at=now if owner is not None else None,
        next_word_at=from_at + FIRST_WORD,
    )


def _choose_owner(now: datetime) -> tuple[User | None, datetime]:
    """Name who owns a new escalation, and from when they are on duty.

    The duty lead on duty, of several the one with the fewest open escalations; else the next to
    come on duty; without a roster any lead.
    """
    on_duty = [shift.person_id for shift in Shift.objects.on_duty(now, DutyRole.DUTY_LEAD)]
    if on_duty:
        return _least_busy(Q(pk__in=on_duty)), now
    coming = (
        Shift.objects.manned()
        .filter(duty=DutyRole.DUTY_LEAD, starts_at__gt=now)
        .select_related("person")
        .first()
    )
    if coming is not None:
        return coming.person, coming.starts_at
    return _least_busy(Q()), now


def _least_busy(among: Q) -> User | None:
    leads = User.objects.active().with_role(*DUTY_ROLES[DutyRole.DUTY_LEAD]).filter(among)
    busy = Count("owned_escalations", filter=Q(owned_escalations__ended_at__isnull=True))
    return leads.annotate(busy=busy).order_by("busy", "name", "pk").first()


def _tell(escalation: CustomerEscalation, key: str, staff: list[User], *, now: datetime) -> None:
    by, owner = escalation.asked_by, _owner_name(escalation)
    tell_staff_of(
        escalation,
        key,
        [*staff, *([escalation.owner] if escalation.owner else [])],
        kind=EventKind.HELP_REQUESTED,
        subject=f"escalated by {by}",
        body=f"{by} escalates {escalation.subject} of {escalation.customer}: {escalation.reason}"
        f"\n\nOwner: {owner or 'nobody yet. A lead takes it on its page'}.",
        urgent=True,
        now=now,
    )
    tell_their_people(
        escalation,
        key,
        kind=EventKind.HELP_REQUESTED,
        subject=worded(gettext_noop("is escalated by %(by)s"), by=by),
        body=worded(
            gettext_noop(
                "%(owner)s owns the escalation until it is ended, and answers in the portal."
            ),
            owner=owner or gettext_lazy("A duty lead"),
        ),
        besides=by,
        now=now,
    )


def _owner_name(escalation: CustomerEscalation) -> str:
    return str(escalation.owner) if escalation.owner is not None else ""


def _ticket_has(present: CustomerEscalation) -> str:
    if present.owner is None:
        return _("This ticket is escalated already. The duty lead has it.")
    return _("This ticket is escalated already. %(name)s has it.") % {"name": present.owner}


def _account_has(present: CustomerEscalation) -> str:
    if present.owner is None:
        return _("This account is escalated already. The duty lead has it.")
    return _("This account is escalated already. %(name)s has it.") % {"name": present.owner}
