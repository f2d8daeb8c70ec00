"""A customer's reply; on a closed ticket a follow-up."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import DomainError, NotAllowed
from accounts.kept_text import go_to
from accounts.requests import SignedInRequest
from tickets.choices import DraftKind
from tickets.forms.customer import ReplyForm
from tickets.forms.files import refused_files
from tickets.models import Ticket
from tickets.operations.conversation import follow_up_ticket, write_message
from tickets.operations.conversation.sent_once import require_same_words
from tickets.views.carrying_out import add_refusal, carry_out
from tickets.views.drafts import let_go
from tickets.views.ticket_customer import customer_ticket, customer_ticket_page


@login_required
@require_POST
def create_message(request: SignedInRequest, number: int) -> HttpResponse:
    """Send a reply from the ticket's page."""
    ticket = customer_ticket(request, number)
    form = ReplyForm(request.POST, request.FILES, refused=refused_files(request))
    if request.POST.get("follow_up"):
        return _follow_up(request, ticket, form)

    def act(typed: dict[str, Any]) -> str:
        message = write_message(
            ticket,
            body=typed["body"],
            by=request.user,
            files=typed["files"],
            submission_key=typed["submission_key"],
        )
        require_same_words(is_same=message.body == typed["body"].strip())
        let_go(request, DraftKind.REPLY, ticket, form)
        return _("Your reply is sent.")

    return carry_out(request, ticket, name="reply", form=form, act=act, page=customer_ticket_page)


def _follow_up(request: SignedInRequest, ticket: Ticket, form: ReplyForm) -> HttpResponse:
    status = 422
    if form.is_valid():
        typed = form.cleaned_data
        try:
            follow_up = follow_up_ticket(
                ticket,
                body=typed["body"],
                by=request.user,
                files=typed["files"],
                submission_key=typed["submission_key"],
            )
            require_same_words(is_same=follow_up.description == typed["body"].strip())
        except NotAllowed:
            raise
        except DomainError as error:
            add_refusal(form, error)
            status = error.status
        else:
            let_go(request, DraftKind.REPLY, ticket, form)
            messages.success(
                request,
                _("Ticket %(new)s created: it follows up %(ticket)s.")
                % {"new": follow_up.reference, "ticket": ticket.reference},
            )
            return go_to(request, follow_up.get_absolute_url())
    return customer_ticket_page(request, ticket, failed={"reply": form}, status=status)
