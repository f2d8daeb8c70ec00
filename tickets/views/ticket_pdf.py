"""A ticket as a PDF, for a reader of either side: the customer's view of it, always."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.rate_limit import is_within_limit
from accounts.requests import SignedInRequest
from entitlements.promise import terms_words
from sla.explanation import explain_clock
from tickets.models import Ticket
from tickets.printing import print_ticket

# Typesetting takes a tenth of a second of a core.
PRINTS_PER_HOUR = 60
HOUR_SECONDS = 60 * 60


@login_required
@require_GET
def ticket_pdf(request: SignedInRequest, number: int) -> HttpResponse:
    """Typeset a ticket for somebody who may see it; unseen and missing are both 404."""
    reader = request.user
    ticket = get_object_or_404(Ticket.objects.visible_to(reader).with_clock(), number=number)
    if not is_within_limit("print", str(reader.pk), limit=PRINTS_PER_HOUR, seconds=HOUR_SECONDS):
        messages.error(request, _("That were many files in an hour. Wait a little, then go on."))
        return redirect(ticket)
    now = timezone.now()
    clock = ticket.response_clock
    explanation = None
    if clock is not None:
        terms = terms_words(ticket.edition, ticket.severity)
        explanation = explain_clock(
            clock, now=now, zone=reader.timezone, filed_at=ticket.filed_at, terms=terms
        )
    document = print_ticket(ticket, reader=reader, explanation=explanation, now=now)
    return HttpResponse(
        document,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{ticket.reference}.pdf"'},
    )
