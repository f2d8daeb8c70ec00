"""Answering the customer: qualified or an acknowledgement, said openly."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from tickets.choices import DraftKind
from tickets.forms.files import refused_files
from tickets.forms.staff import AnswerForm
from tickets.operations.conversation import answer_ticket
from tickets.operations.conversation.sent_once import require_same_words
from tickets.operations.sendings import hold_answer, holds_sendings
from tickets.views.carrying_out import carry_out
from tickets.views.drafts import let_go
from tickets.views.staff import staff_only, staff_ticket
from tickets.views.ticket_staff import staff_ticket_page


@require_POST
@staff_only
def create_answer(request: SignedInRequest, number: int) -> HttpResponse:
    """Send an answer from the ticket's page."""
    ticket = staff_ticket(request, number)
    form = AnswerForm(request.POST, request.FILES, refused=refused_files(request))

    def act(typed: dict[str, Any]) -> str:
        qualified, waits = typed["answer_kind"] == AnswerForm.QUALIFIED, typed["then"] == "wait"
        said: dict[str, Any] = {
            "body": typed["body"],
            "qualified": qualified,
            "by": request.user,
            "files": typed["files"],
            "seen_message": typed["seen_message"],
            "seen_event": typed["seen_event"],
            "submission_key": typed["submission_key"],
        }
        kind = "Qualified answer" if qualified else "Acknowledgement"
        if holds_sendings():
            hold_answer(ticket, then_waits=waits, **said)
            let_go(request, DraftKind.ANSWER, ticket, form)
            return f"{kind} sent. You can take it back for a moment."
        message = answer_ticket(ticket, wait_for_customer=waits, **said)
        words = (typed["body"].strip(), qualified)
        require_same_words(is_same=(message.body, message.qualified) == words)
        let_go(request, DraftKind.ANSWER, ticket, form)
        then = " The ticket waits for the customer." if message.ticket.is_with_customer else ""
        return f"{kind} sent.{then}"

    return carry_out(request, ticket, name="answer", form=form, act=act, page=staff_ticket_page)
