"""Internal notes."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from tickets.choices import DraftKind
from tickets.forms.files import refused_files
from tickets.forms.staff import NoteForm
from tickets.operations.conversation import write_note
from tickets.operations.conversation.sent_once import require_same_words
from tickets.operations.sendings import hold_note, holds_sendings
from tickets.views.carrying_out import carry_out
from tickets.views.drafts import let_go
from tickets.views.staff import staff_only, staff_ticket
from tickets.views.ticket_staff import staff_ticket_page


@require_POST
@staff_only
def create_note(request: SignedInRequest, number: int) -> HttpResponse:
    """Save a note from the ticket's page; only staff ever reads it."""
    ticket = staff_ticket(request, number)
    form = NoteForm(request.POST, request.FILES, refused=refused_files(request))

    def act(typed: dict[str, Any]) -> str:
        said: dict[str, Any] = {
            "body": typed["body"],
            "by": request.user,
            "files": typed["files"],
            "submission_key": typed["submission_key"],
        }
        if holds_sendings():
            hold_note(ticket, **said)
        else:
            note = write_note(ticket, **said)
            require_same_words(is_same=note.body == typed["body"].strip())
        let_go(request, DraftKind.NOTE, ticket, form)
        return "Note saved. Only support reads it."

    return carry_out(request, ticket, name="note", form=form, act=act, page=staff_ticket_page)
