"""What few tickets have, for the page of their customer: all of it in one query."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import User, known_people
from tickets.asked_together import Row, ask_together, models_of
from tickets.choices import DraftKind, EventKind
from tickets.customer_surroundings import CustomerSurroundings
from tickets.filed_with import Answer, shown_answers
from tickets.models import (
    ArrangedCall,
    CustomerEscalation,
    Draft,
    EscalationAnswer,
    FileUpload,
    Ticket,
)


@dataclass(frozen=True, slots=True)
class CustomerExtras:
    """What hangs on a ticket besides its words; `answers` are those to questions when filing."""

    drafts: dict[DraftKind, Draft]
    escalation: CustomerEscalation | None
    calls: list[ArrangedCall]
    answers: list[Answer]
    waiting_files: list[FileUpload]


def extras_of(
    ticket: Ticket,
    reader: User,
    around: CustomerSurroundings,
    told: Container[str],
    now: datetime,
) -> CustomerExtras:
    """Ask for what a ticket has of these; whoever calls has asked `visible_to` for it.

    `told` are the kinds of its events. No query for a ticket that has none of it.
    """
    questions: dict[str, QuerySet[Any, Any]] = {}
    if EventKind.HELP_REQUESTED in told:
        questions["escalation"] = ticket.escalations.open()
    if EventKind.HELP_ANSWERED in told:
        of_open = EscalationAnswer.objects.filter(escalation__in=ticket.escalations.open())
        questions["said"] = of_open
    if EventKind.CALL_ARRANGED in told:
        questions["calls"] = ticket.arranged_calls.to_come(now)
    if around.has_answers:
        questions["answers"] = shown_answers(ticket)
    is_member = around.is_member(reader)
    if is_member and around.has_drafts:
        questions["drafts"] = Draft.objects.of(reader).unsent().filter(ticket=ticket)
    if is_member and around.has_waiting_files:
        questions["files"] = FileUpload.objects.of(reader, now).waiting_for(ticket)
    rows = ask_together(questions)
    drafts = models_of(Draft, rows.get("drafts", []))
    return CustomerExtras(
        drafts={DraftKind(one.kind): one for one in drafts},
        escalation=_escalation(rows.get("escalation", []), rows.get("said", [])),
        calls=models_of(ArrangedCall, rows.get("calls", [])),
        answers=rows.get("answers", []),
        waiting_files=models_of(FileUpload, rows.get("files", [])),
    )


def _escalation(rows: list[Row], said: list[Row]) -> CustomerEscalation | None:
    """The one that is open, its owner named and its answers at hand."""
    if not rows:
        return None
    (escalation,) = models_of(CustomerEscalation, rows)
    answers = models_of(EscalationAnswer, said)
    keys = {escalation.owner_id, *(one.author_id for one in answers)} - {None}
    people = known_people.get_all(key for key in keys if key is not None)
    if escalation.owner_id is not None:
        escalation.owner = people[escalation.owner_id]
    for one in answers:
        one.author = people[one.author_id]
    known = escalation.answers.all()
    known._result_cache = answers  # noqa: SLF001 - as prefetch_related would leave them
    escalation._prefetched_objects_cache = {"answers": known}  # type: ignore[attr-defined]  # noqa: SLF001 - likewise
    return escalation
