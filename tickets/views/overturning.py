"""Taking back the qualified mark of an answer."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from tickets.forms.staff import ReasonForm
from tickets.models import Message
from tickets.operations.conversation import overturn_answer
from tickets.views.carrying_out import carry_out
from tickets.views.staff import staff_only, staff_ticket
from tickets.views.ticket_staff import staff_ticket_page


@require_POST
@staff_only
def create_overturning(request: SignedInRequest, number: int, message: int) -> HttpResponse:
    """Take back the mark, with a reason: the clock is what it would have been."""
    ticket = staff_ticket(request, number)
    answer = get_object_or_404(Message.objects.visible_to(request.user), pk=message, ticket=ticket)

    def act(typed: dict[str, Any]) -> str:
        overturn_answer(answer, reason=typed["reason"], by=request.user)
        return "The answer no longer counts as qualified. Its author is told."

    form = ReasonForm(request.POST, auto_id=f"overturn_{message}_%s")
    return carry_out(
        request, ticket, name=f"overturning-{message}", form=form, act=act, page=staff_ticket_page
    )
