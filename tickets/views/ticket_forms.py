"""The forms of the engineer's page: of what this person may do, and as they came back."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse

from accounts.kept_text import kept_for_page, kept_initial
from accounts.models import User
from sla.choices import ClockState
from tickets.choices import DraftKind, TicketState
from tickets.forms.arranged_call import ArrangedCallForm
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
from tickets.models import Draft, Ticket
from tickets.operations.drafts import drafts_on
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
from tickets.views.drafts import drafts_of_form, is_kept_newer


def ticket_forms(
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
    typed = {kind: _drafted(draft) for kind, draft in drafts.items()}
    kept = _kept(request, ticket, drafts)
    typed |= kept
    fresh: dict[str, Callable[[], forms.Form]] = {
        "answer": lambda: AnswerForm(
            initial={
                "answer_kind": AnswerForm.QUALIFIED if qualified else AnswerForm.ACKNOWLEDGEMENT,
                "seen_message": newest_message,
                "submission_key": uuid.uuid4(),
                **typed.get(DraftKind.ANSWER, {}),
            }
        ),
        "note": lambda: NoteForm(
            initial={
                "submission_key": uuid.uuid4(),
                **typed.get(DraftKind.NOTE, {}),
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
    composer = _composer(
        shown, failed, writes_note=next(iter(kept or drafts), None) == DraftKind.NOTE
    )
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
        "newest_message": newest_message,
        "can_mark_qualified": can_mark_qualified(user, ticket),
        "clock_runs": clock_runs,
        "can_take": works and ticket.is_open and ticket.assignee_id is None,
        "can_resolve": allowed["resolution"],
        "can_release": works and ticket.is_open and ticket.assignee_id is not None,
        # Told to the customer, and off only when somebody says so: on an ended ticket, too.
        "can_cancel_calls": can_arrange_call(user, ticket),
        "can_reopen": works and ticket.can_be_reopened(now),
    }


def _composer(
    shown: Mapping[str, forms.Form], failed: Mapping[str, forms.Form], *, writes_note: bool
) -> dict[str, Any]:
    """What stands in the composer: what came back with its errors, else what was typed last.

    `writes_note` says that this was a note.
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


def _kept(
    request: HttpRequest, ticket: Ticket, drafts: Mapping[DraftKind, Draft]
) -> dict[DraftKind, dict[str, Any]]:
    """Text kept from before a sign-in, unless its draft is newer: a note's is for the note alone.

    Which message is newest a fresh page knows better.
    """
    kept = kept_for_page(request)
    kinds = {
        reverse("ticket_answers", args=[ticket.number]): DraftKind.ANSWER,
        reverse("ticket_notes", args=[ticket.number]): DraftKind.NOTE,
    }
    kind = kinds.get(kept["action"]) if kept else None
    if kind is None or (kind in drafts and not is_kept_newer(request, drafts[kind])):
        return {}
    typed = kept_initial(request)
    return {kind: {name: typed[name] for name in ("body", "answer_kind") if name in typed}}
