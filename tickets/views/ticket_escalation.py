"""A customer escalates a ticket."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from tickets.forms.customer import EscalationForm
from tickets.operations.customer_escalation import escalate_as_customer
from tickets.views.carrying_out import carry_out
from tickets.views.ticket_customer import customer_ticket, customer_ticket_page


@login_required
@require_POST
def create_ticket_escalation(request: SignedInRequest, number: int) -> HttpResponse:
    """Escalate the ticket, with a reason."""
    ticket = customer_ticket(request, number)
    form = EscalationForm(request.POST, auto_id="id_escalation_%s")

    def act(typed: dict[str, Any]) -> str:
        escalation = escalate_as_customer(ticket, reason=typed["reason"], by=request.user)
        owner = escalation.owner.name if escalation.owner is not None else _("A duty lead")
        return _("Escalated. %(name)s owns it now and answers here.") % {"name": owner}

    return carry_out(
        request, ticket, name="escalation", form=form, act=act, page=customer_ticket_page
    )
