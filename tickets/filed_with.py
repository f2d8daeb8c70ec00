"""What a ticket was filed with besides its words, as its page tells it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from tickets.choices import Finding, Service, TicketKind
from tickets.filing_facts import Facts, ReleaseFacts, ServiceFacts
from tickets.models import DatabaseRelease, FieldValue, ServiceRequest, Ticket

# A question's `label` and the `value` that was given.
type Answer = dict[str, Any]


def filed_with(
    ticket: Ticket, *, has_answers: bool = True, answers: Iterable[Answer] | None = None
) -> list[tuple[str, str]]:
    """Names and values: the facts of its kind, then `answers`, those that are shown.

    One query when it has answers that are not given, and one for a database release request or a
    service request.
    """
    rows: list[tuple[str, str]] = []
    if ticket.kind == TicketKind.DATABASE_RELEASE:
        release = DatabaseRelease.objects.filter(ticket=ticket).first()
        rows += _of_release(release) if release is not None else []
    elif ticket.kind == TicketKind.SERVICE:
        request = ServiceRequest.objects.filter(ticket=ticket).first()
        if request is not None:
            rows += [
                (_("Service"), _(request.get_service_display())),
                (_("Suits"), request.suits),
            ]
    if answers is None and has_answers:
        answers = shown_answers(ticket)
    rows += [(one["label"], one["value"]) for one in answers or ()]
    return [(name, value) for name, value in rows if value]


def shown_answers(ticket: Ticket) -> "QuerySet[FieldValue, Any]":
    """What was answered to the questions whose answers are shown, in their order."""
    shown = ticket.field_values.filter(field__is_shown=True)
    return shown.values("value", label=F("field__label"))


def facts_of(ticket: Ticket) -> Facts | None:
    """What a ticket of a special kind was filed with. One query for such a one, none for others."""
    if ticket.kind == TicketKind.DATABASE_RELEASE:
        release = DatabaseRelease.objects.filter(ticket=ticket).first()
        if release is not None:
            return ReleaseFacts(
                finding=Finding(release.finding),
                build=release.build,
                built_on=release.built_on,
                detected_where=release.detected_where,
                detected_how=release.detected_how,
                hashes=release.hashes,
            )
    elif ticket.kind == TicketKind.SERVICE:
        request = ServiceRequest.objects.filter(ticket=ticket).first()
        if request is not None:
            return ServiceFacts(Service(request.service), request.suits)
    return None


def _of_release(release: DatabaseRelease) -> list[tuple[str, str]]:
    built = f", {release.built_on:%Y-%m-%d}" if release.built_on else ""
    return [
        (_("Finding"), _(release.get_finding_display())),
        (_("Database"), f"{release.build}{built}"),
        (_("Where"), release.detected_where),
        (_("How"), release.detected_how),
        (_("Hashes"), "\n".join(release.hashes)),
    ]
