"""Contesting a ticket's severity."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from tickets.forms.customer import SeverityContestForm
from tickets.operations.severity import contest_severity
from tickets.views.carrying_out import carry_out
from tickets.views.ticket_customer import customer_ticket, customer_ticket_page


@login_required
@require_POST
def create_severity_contest(request: SignedInRequest, number: int) -> HttpResponse:
    """Say, as the customer, that the severity is wrong."""
    ticket = customer_ticket(request, number)
    form = SeverityContestForm(request.POST, ticket=ticket, auto_id="id_contest_%s")

    def act(typed: dict[str, Any]) -> str:
        contest_severity(
            ticket, severity=typed["severity"], reason=typed["reason"], by=request.user
        )
        return _("We were told. A duty lead looks at the severity and writes to you here.")

    return carry_out(request, ticket, name="contest", form=form, act=act, page=customer_ticket_page)
