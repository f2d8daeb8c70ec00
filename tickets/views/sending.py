"""Taking back what was sent a moment ago."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from tickets.models import Sending
from tickets.operations.sendings import take_back_sending
from tickets.views.staff import staff_only, staff_ticket


@require_POST
@staff_only
def remove_sending(request: SignedInRequest, number: int, pk: int) -> HttpResponse:
    """Take an answer or note back; its text is in the composer again. What is out stays out."""
    ticket = staff_ticket(request, number)
    sending = Sending.objects.filter(ticket=ticket, author=request.user, pk=pk).first()
    if sending is None or not take_back_sending(sending, by=request.user):
        messages.warning(request, "Too late: it has gone out already.")
    elif sending.had_files:
        messages.success(request, "Taken back: nobody has read it. Choose its files again.")
    else:
        messages.success(request, "Taken back: nobody has read it.")
        return redirect(f"{ticket.get_absolute_url()}#composer-body")
    return redirect(ticket)
