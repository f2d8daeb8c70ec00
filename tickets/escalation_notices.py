"""Who is told what of a customer's escalation. Outbox rows in the caller's transaction."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.utils.translation import gettext_noop

from accounts.models import User
from entitlements.choices import Severity
from notifications.operations import Matter, notify
from notifications.words import Words, said, worded
from tickets.mail_words import matter_of
from tickets.models import CustomerEscalation
from tickets.notices import customer_people, runs_around_the_clock
from tickets.permissions import sees_escalation_as_staff


def their_people(escalation: CustomerEscalation) -> list[User]:
    """Who is told at the customer: who follows the ticket, or the company's managers.

    And who escalated it, while they belong there.
    """
    present = User.objects.active().filter(
        memberships__customer=escalation.customer_id, memberships__left_at__isnull=True
    )
    asked = list(present.filter(pk=escalation.asked_by_id))
    if escalation.ticket is not None:
        return [*customer_people(escalation.ticket), *asked]
    return [*present.filter(memberships__is_manager=True).distinct(), *asked]


def tell_their_people(
    escalation: CustomerEscalation,
    key: str,
    *,
    kind: str,
    subject: Words,
    body: Words,
    now: datetime,
    besides: User | None = None,
) -> None:
    """Tell the customer's people, as of their ticket; the notice leads to the escalation's page."""
    ticket = escalation.ticket
    notify(
        [user for user in their_people(escalation) if besides is None or user.pk != besides.pk],
        key=key,
        kind=kind,
        subject=_subject(escalation, subject),
        body=body,
        path=escalation.get_absolute_url(),
        must_reach=ticket is not None and ticket.severity == Severity.CRITICAL,
        around_the_clock=ticket is not None and runs_around_the_clock(ticket),
        matter=_matter(escalation, now),
        now=now,
    )


def tell_staff_of(
    escalation: CustomerEscalation,
    key: str,
    people: Iterable[User],
    *,
    kind: str,
    subject: str,
    body: str,
    now: datetime,
    urgent: bool = False,
) -> None:
    """Tell people of the vendor; those who may no longer see it are left out."""
    notify(
        [user for user in people if sees_escalation_as_staff(user, escalation)],
        key=key,
        kind=kind,
        subject=_subject(escalation, subject),
        body=body,
        path=escalation.get_absolute_url(),
        urgent=urgent,
        around_the_clock=urgent,
        matter=_matter(escalation, now),
        now=now,
    )


def readable_escalations(reader: User, keys: Collection[str]) -> set[str]:
    """Say which of the escalations a person may read now (notifications.sight)."""
    found = CustomerEscalation.objects.visible_to(reader).filter(pk__in=[int(one) for one in keys])
    return {str(key) for key in found.values_list("pk", flat=True)}


def _matter(escalation: CustomerEscalation, now: datetime) -> Matter:
    if escalation.ticket is not None:
        return matter_of(escalation.ticket, now=now)
    return Matter(
        thread=f"escalation:{escalation.pk}",
        title=worded(gettext_noop("%(customer)s is escalated"), customer=escalation.customer),
    )


def _subject(escalation: CustomerEscalation, words: Words) -> Words:
    ticket = escalation.ticket
    if ticket is None:
        return lambda reader: f"{escalation.customer} {said(words, reader)}"
    return lambda reader: f"{ticket.reference} {said(words, reader)}: {ticket.subject}"
