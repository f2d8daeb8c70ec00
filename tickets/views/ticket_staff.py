"""The engineer's page of a ticket, and how it answers a form that was posted from it."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Count, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.compiled import Compiled
from accounts.kept_text import kept_initial
from accounts.models import User, known_people
from entitlements.account import account_of
from entitlements.permissions import can_read_customers
from entitlements.promise import terms_words
from notifications.models import Notice
from notifications.operations import mark_path_read
from sla.acknowledged import acknowledgements_of, standing
from sla.choices import ClockState
from sla.explanation import explain_clock
from sla.operations import coming_steps
from tickets.call_file import calls_to_come
from tickets.changes import CHANGES_AN_ANSWER
from tickets.choices import DraftKind, EventKind, TicketState
from tickets.filed_with import filed_with
from tickets.forms.arranged_call import ArrangedCallForm, CallTimeForm
from tickets.forms.staff import (
    AnswerForm,
    AssignmentForm,
    CallForm,
    LabAnswerForm,
    LabRequestForm,
    NoteForm,
    ReasonForm,
    ReassessmentForm,
    ResolutionForm,
    SeverityForm,
    local_minute,
)
from tickets.ladder_lines import duty_of, newest_records, next_step, rungs_of
from tickets.links import merged_in
from tickets.models import (
    ArrangedCall,
    Attachment,
    CustomerEscalation,
    Draft,
    Message,
    Note,
    Sending,
    Ticket,
    TicketEvent,
)
from tickets.objectives import objective_lines
from tickets.operations.drafts import drafts_on
from tickets.operations.file_uploads import uploads_for
from tickets.operations.looks import look_at_ticket
from tickets.permissions import (
    can_answer,
    can_arrange_call,
    can_excuse,
    can_mark_qualified,
    can_note,
    can_reassess,
    can_return_from_lab,
    can_use_canned_answers,
    can_work,
)
from tickets.queue_sizes import kept_choices
from tickets.reassessment import outlooks
from tickets.surroundings import Surroundings, surroundings_of
from tickets.views.drafts import drafts_of_form, is_kept_newer
from tickets.views.staff_thread import staff_thread
from tickets.views.ticket_links import link_forms, links_of
from tickets.views.ticket_news import news_context
from tickets.views.ticket_relations import relations

PREVIOUS_TICKETS = 5

_EVENTS = Compiled(
    lambda reader, ticket: TicketEvent.objects.visible_to(reader).filter(ticket=ticket)
)
_MESSAGES = Compiled(
    lambda reader, tickets: Message.objects.visible_to(reader).filter(ticket__in=tickets)
)
_NOTES = Compiled(
    lambda reader, tickets: (
        Note.objects.visible_to(reader).filter(ticket__in=tickets).select_related("author")
    )
)
_FILES = Compiled(
    lambda reader, tickets: Attachment.objects.visible_to(reader).filter(ticket__in=tickets)
)


def _previous_tickets(reader: User, customer: int, ticket: int) -> QuerySet[Ticket]:
    """A customer's newest tickets but one, each with how many are open (`all_open`)."""
    theirs = Ticket.objects.visible_to(reader).filter(customer=customer)
    # Counted by its own index, beside the newest ones: both in one query.
    count = theirs.open().order_by().values("customer").annotate(n=Count("pk")).values("n")
    return (
        theirs.exclude(pk=ticket)
        .annotate(all_open=Subquery(count))
        .only("number", "subject", "severity", "state", "filed_at")
        .order_by("-filed_at", "-number")[:PREVIOUS_TICKETS]
    )


_PREVIOUS = Compiled(_previous_tickets)


def staff_ticket_page(
    request: HttpRequest,
    ticket: Ticket,
    *,
    failed: Mapping[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a ticket to staff; `failed` holds forms that came back, by their names on the page."""
    user = request.user
    assert isinstance(user, User)
    now = timezone.now()
    context: dict[str, Any] = {}
    around = surroundings_of(ticket, user)
    if request.method == "GET":
        if around.looked_at is None or around.looked_at < ticket.updated_at:
            look_at_ticket(ticket, by=user, now=now)
        mark_path_read(ticket.get_absolute_url(), by=user, now=now)
    events = _EVENTS.all(user, ticket.pk)
    writers = known_people.get_all(one.by_id for one in events if one.by_id is not None)
    for event in events:
        event.by = writers.get(event.by_id) if event.by_id is not None else None
    links = links_of(ticket, user) if around.has_links else []
    context |= _conversation(
        ticket, user, failed or {}, events, merged_in(links), has_files=around.has_files
    )
    context |= _clock(ticket, user, now, events, has_records=around.has_step_records)
    context |= _customer(ticket, user, now, around)
    context |= relations(ticket, user, around, failed or {})
    context |= link_forms(ticket, links, user, context, failed or {})
    context |= _forms(
        request,
        ticket,
        user,
        now,
        failed=failed or {},
        newest_message=context["newest_message"],
        has_drafts=around.has_drafts,
    )
    context |= _moving(ticket, user, now, events, failed or {}, has_sendings=around.has_sendings)
    context |= {
        "ticket": ticket,
        "around": around,
        "objectives": objective_lines(ticket, user, now) if around.has_objectives else [],
        "now": now,
        "zone": user.timezone,
        "arranged_calls": _arranged_calls(ticket, events, now, failed or {}),
        "escalations": (
            CustomerEscalation.objects.visible_to(user).open_on(ticket)
            if around.is_escalated
            else []
        ),
    }
    return render(request, "tickets/ticket_staff.html", context, status=status)


def _moving(
    ticket: Ticket,
    user: User,
    now: datetime,
    events: Sequence[TicketEvent],
    failed: Mapping[str, forms.Form],
    *,
    has_sendings: bool,
) -> dict[str, Any]:
    """What is on its way, and what others did while an answer was written that came back."""
    context: dict[str, Any] = {"newest_event": max((event.pk for event in events), default=0)}
    if has_sendings:
        context["sendings"] = sendings = list(Sending.objects.of_page(ticket))
        for one in sendings:
            one.seconds_left = max((one.due_at - now).total_seconds(), 0.0)
    answer = failed.get("answer")
    seen = answer.cleaned_data.get("seen_event") if answer is not None else None
    if seen is not None:
        newer = [event for event in events if event.pk > seen and event.by_id != user.pk]
        if any(event.kind in CHANGES_AN_ANSWER for event in newer):
            context |= news_context(ticket, newer, reader=user, is_conflict=True)
    return context


def _arranged_calls(
    ticket: Ticket,
    events: Sequence[TicketEvent],
    now: datetime,
    failed: Mapping[str, forms.Form],
) -> list[ArrangedCall]:
    """The calls to come, each with the form that moves it."""
    calls = calls_to_come(ticket, events, now)
    for call in calls:
        fresh = CallTimeForm(
            auto_id=f"move_{call.pk}_%s",
            initial={"starts_at": call.starts_at, "minutes": call.minutes},
        )
        call.move_form = failed.get(f"move-{call.pk}", fresh)  # type: ignore[attr-defined]  # for the template
    return calls


def _conversation(
    ticket: Ticket,
    user: User,
    failed: Mapping[str, forms.Form],
    events: Sequence[TicketEvent],
    merged: Sequence[Ticket],
    *,
    has_files: bool,
) -> dict[str, Any]:
    whole = {one.pk: one for one in (ticket, *merged)}
    said = _MESSAGES.all(user, list(whole))
    authors = known_people.get_all(one.author_id for one in said)
    for message in said:
        message.author = authors[message.author_id]
    notes: list[Note] = []
    if merged or any(event.kind == EventKind.NOTED for event in events):  # Each note has its event.
        notes = _NOTES.all(user, list(whole))
    files: list[Attachment] = []
    if merged or has_files:
        files = _FILES.all(user, list(whole))
    for file in files:
        file.ticket = whole[file.ticket_id]
    return {
        "events": events,
        "said": said,
        "newest_message": max((message.pk for message in said), default=0),
        "days": staff_thread(
            ticket,
            reader=user,
            vendor=settings.VENDOR_NAME,
            messages=said,
            notes=notes,
            events=events,
            files=files,
            overturning=lambda message: (
                failed.get(f"overturning-{message.pk}")
                or ReasonForm(auto_id=f"overturn_{message.pk}_%s")
            ),
            merged=merged,
        ),
    }


def _clock(
    ticket: Ticket,
    user: User,
    now: datetime,
    events: Sequence[TicketEvent],
    *,
    has_records: bool,
) -> dict[str, Any]:
    clock = ticket.response_clock
    if clock is None:
        return {"clock": None, "no_clock": _no_clock(ticket)}
    records = newest_records(clock) if has_records else []
    coming = coming_steps(clock, records)
    acknowledged = acknowledgements_of(clock) if records and clock.stopped_at is None else []
    terms = terms_words(ticket.edition, ticket.severity)
    context: dict[str, Any] = {
        "clock": clock,
        "explanation": explain_clock(
            clock, now=now, zone=user.timezone, filed_at=ticket.filed_at, terms=terms
        ),
        "rungs": rungs_of(records, coming),
        "next_step": next_step(ticket, coming, acknowledged),
        "duty": duty_of(user, records, acknowledged) if clock.stopped_at is None else None,
        "acknowledged": standing(acknowledged, records[-1]) if records else [],
        "waits_for_call": clock.state(now) == ClockState.WAITING_FOR_CALL,
    }
    if clock.breached_at is not None or clock.state(now) in {
        ClockState.OVERDUE,
        ClockState.MISSED,
        ClockState.EXCUSED,
    }:
        missed = [event for event in events if event.kind == EventKind.MISSED]
        context["breach"] = {
            "at": clock.due_at,
            "told": _told(missed[-1]) if missed else "",
            "is_answered": clock.stopped_at is not None,
            "is_excused": clock.excused_at is not None,
        }
    return context


def _no_clock(ticket: Ticket) -> str:
    return (
        f"{ticket.edition.plan.name} promises no time for {ticket.get_severity_display()}. "
        "Work on it in covered hours."
    )


def _told(event: TicketEvent) -> str:
    """Name the people the breach was told to, from the outbox itself: ours, then theirs."""
    told = (
        Notice.objects.filter(key__startswith=f"ticket-event:{event.pk}:")
        .order_by("recipient__name")
        .values_list("recipient__name", "recipient__roles")
    )
    ours = ", ".join(name for name, roles in told if roles)
    theirs = ", ".join(name for name, roles in told if not roles)
    return "; at the customer: ".join(names for names in (ours, theirs) if names)


def _customer(ticket: Ticket, user: User, now: datetime, around: Surroundings) -> dict[str, Any]:
    previous = _PREVIOUS.all(user, ticket.customer_id, ticket.pk)
    open_tickets = (previous[0].all_open or 0) if previous else int(ticket.is_open)  # type: ignore[attr-defined]  # annotated
    return {
        "account": account_of(ticket.customer, now),
        "reads_customers": can_read_customers(user),
        "filed": filed_with(ticket, has_answers=around.has_answers),
        "waiting_files": uploads_for(ticket, by=user, now=now) if around.has_waiting_files else [],
        "previous": previous,
        "open_tickets": open_tickets,
    }


def _forms(
    request: HttpRequest,
    ticket: Ticket,
    user: User,
    now: datetime,
    *,
    failed: Mapping[str, forms.Form],
    newest_message: int,
    has_drafts: bool,
) -> dict[str, Any]:
    """Give the page the forms of what this person may do, the failed ones as they came back."""
    works, clock = can_work(user, ticket), ticket.response_clock
    clock_runs = clock is not None and clock.stopped_at is None
    is_with_lab = ticket.state == TicketState.WAITING_FOR_LAB
    leads = ticket.is_open and clock_runs and can_reassess(user, ticket)
    ahead = outlooks(ticket, now) if leads else {}
    allowed = {
        "answer": ticket.is_open and can_answer(user, ticket),
        "note": can_note(user, ticket),
        "assignment": works and ticket.is_open,
        "resolution": works and ticket.is_open,
        "severity": works and ticket.is_open,
        "lab_request": works and ticket.is_open and not is_with_lab,
        "lab_answer": is_with_lab and can_return_from_lab(user),
        "reassessment": bool(ahead),
        "call": works and ticket.is_open,
        "arranged_call": ticket.is_open and can_arrange_call(user, ticket),
        "excuse": can_excuse(user, ticket)
        and clock is not None
        and clock.excused_at is None
        and clock.state(now) in {ClockState.OVERDUE, ClockState.MISSED},
    }
    qualified = clock_runs and can_mark_qualified(user, ticket)
    drafts = drafts_on(ticket, by=user) if has_drafts and allowed["note"] else {}
    drafted = drafts.get(DraftKind.ANSWER)
    fresh: dict[str, Callable[[], forms.Form]] = {
        "answer": lambda: AnswerForm(
            initial={
                "answer_kind": AnswerForm.QUALIFIED if qualified else AnswerForm.ACKNOWLEDGEMENT,
                "seen_message": newest_message,
                "submission_key": uuid.uuid4(),
                **(_drafted(drafted) if drafted is not None else {}),
                **_kept(request, drafted),
            }
        ),
        "note": lambda: NoteForm(
            initial={
                "submission_key": uuid.uuid4(),
                **(_drafted(drafts[DraftKind.NOTE]) if DraftKind.NOTE in drafts else {}),
            }
        ),
        "assignment": lambda: AssignmentForm(
            auto_id="assignment_%s", people=kept_choices(user).engineers
        ),
        "resolution": lambda: ResolutionForm(initial={"seen_message": newest_message}),
        "severity": lambda: SeverityForm(
            auto_id="severity_%s", initial={"severity": ticket.severity}
        ),
        "lab_request": lambda: LabRequestForm(auto_id="lab_request_%s"),
        "lab_answer": lambda: LabAnswerForm(auto_id="lab_answer_%s"),
        "reassessment": lambda: ReassessmentForm(outlooks=ahead, auto_id="reassess_%s"),
        "call": lambda: CallForm(
            auto_id="call_%s",
            filed_at=ticket.filed_at,
            initial={"at": local_minute(now, user.timezone)},
        ),
        "arranged_call": lambda: ArrangedCallForm(auto_id="arranged_%s"),
        "excuse": lambda: ReasonForm(auto_id="excuse_%s"),
    }
    shown = {
        name: failed[name] if name in failed else fresh[name]()
        for name, may in allowed.items()
        if may
    }
    composer = _composer(shown, failed, writes_note=next(iter(drafts), None) == DraftKind.NOTE)
    return {
        "forms": shown,
        "came_back": next(iter(failed.values()), None),
        "is_lost": any(name not in shown and "-" not in name for name in failed),
        "composer": composer,
        "can_use_canned_answers": can_use_canned_answers(user),
        "drafts": drafts_of_form(
            ticket,
            drafts,
            kind=DraftKind.NOTE if composer.get("kind") == "note" else DraftKind.ANSWER,
            reader=user,
            now=now,
        ),
        "who_reads": f"{ticket.filed_by.get_short_name()} and watchers get this by mail",
        "newest_message": newest_message,
        "can_mark_qualified": can_mark_qualified(user, ticket),
        "clock_runs": clock_runs,
        "can_take": works and ticket.is_open and ticket.assignee_id is None,
        "can_release": works and ticket.is_open and ticket.assignee_id is not None,
        "can_reopen": works and ticket.can_be_reopened(now),
    }


def _composer(
    shown: Mapping[str, forms.Form], failed: Mapping[str, forms.Form], *, writes_note: bool
) -> dict[str, Any]:
    """What stands in the composer: what came back with its errors, else the newest draft.

    `writes_note` says that the newest draft is a note.
    """
    came_back = failed.get("note") or failed.get("answer")
    is_note = "answer" not in shown or (
        "note" in failed or came_back.data.get("kind") == "note" if came_back else writes_note
    )
    form = came_back or shown.get("note" if is_note else "answer")
    if form is None:
        return {}
    return {
        "kind": "note" if is_note else "reply",
        "text": form["body"].value() or "",
        "errors": [error for errors in form.errors.values() for error in errors],
    }


def _drafted(draft: Draft) -> dict[str, Any]:
    """What a draft puts into its form; the qualified mark only where it was chosen."""
    names = ("body", "answer_kind")
    return {name: draft.text(name) for name in names if draft.text(name)}


def _kept(request: HttpRequest, drafted: Draft | None) -> dict[str, Any]:
    """Text kept from before a sign-in; a fresh page knows better which message is newest."""
    if drafted is not None and not is_kept_newer(request, drafted):
        return {}
    kept = kept_initial(request)
    return {name: kept[name] for name in ("body", "answer_kind") if name in kept}
