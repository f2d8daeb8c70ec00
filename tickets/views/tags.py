"""Tags of a ticket, from its page."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from tickets.forms.relations import TagForm
from tickets.operations.tags import change_tags
from tickets.views.carrying_out import carry_out
from tickets.views.staff import staff_only, staff_ticket
from tickets.views.ticket_staff import staff_ticket_page


@require_POST
@staff_only
def create_tag_change(request: SignedInRequest, number: int) -> HttpResponse:
    """Put tags on the ticket, or take some off."""
    ticket = staff_ticket(request, number)

    def act(typed: dict[str, Any]) -> str:
        change_tags(
            ticket,
            add=typed["add"],
            remove=typed["remove"],
            seen_event=typed["seen_event"],
            by=request.user,
        )
        return f"The tags of {ticket.reference} are changed."

    form = TagForm(request.POST, auto_id="tags_%s")
    return carry_out(request, ticket, name="tag-change", form=form, act=act, page=staff_ticket_page)
