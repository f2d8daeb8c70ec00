"""How a ticket's page answers a form that was posted from it, on either side."""

import uuid
from collections.abc import Callable
from typing import Any, Protocol

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, resolve_url

from accounts.errors import DomainError, NotAllowed
from accounts.forms import add_domain_error
from accounts.kept_text import go_to
from accounts.requests import SignedInRequest
from tickets.errors import SentOtherwise
from tickets.models import Ticket


class TicketPage(Protocol):
    """The page of a ticket, with forms that came back."""

    def __call__(
        self,
        request: HttpRequest,
        ticket: Ticket,
        *,
        failed: dict[str, forms.Form] | None = None,
        status: int = 200,
    ) -> HttpResponse: ...


def carry_out(
    request: SignedInRequest,
    ticket: Ticket,
    *,
    name: str,
    form: forms.Form,
    act: Callable[[dict[str, Any]], str],
    page: TicketPage,
) -> HttpResponse:
    """Answer a posted form: do the act and lead back, or show `page` with what was typed.

    `act` gets the form's typed values and returns what to say. An invalid form is 422; an
    operation's refusal stands in the form, under its own status, on the page as it is now.
    Whoever does not see the ticket any more, as an analyst who gave it back, is led to the start.
    A script that sends files is told where to go instead of being led there (sending.js).
    Raises: NotAllowed, for the error page: who may not do this has no form to come back to.
    """
    seen = Ticket.objects.visible_to(request.user)
    if not form.is_valid():
        return page(request, ticket, failed={name: form}, status=422)
    try:
        said = act(form.cleaned_data)
    except NotAllowed:
        raise
    except DomainError as error:
        add_refusal(form, error)
        fresh = get_object_or_404(seen.with_clock(), pk=ticket.pk)
        return page(request, fresh, failed={name: form}, status=error.status)
    messages.success(request, said)
    return go_to(request, resolve_url(ticket if seen.filter(pk=ticket.pk).exists() else "home"))


def add_refusal(form: forms.Form, error: DomainError) -> None:
    """Put an operation's refusal into the form that comes back.

    Words that were not sent get a key of their own, so that the next press sends them.
    """
    add_domain_error(form, error)
    if isinstance(error, SentOtherwise):
        assert isinstance(form.data, QueryDict), "it was posted"
        posted = form.data.copy()
        posted["submission_key"] = str(uuid.uuid4())
        form.data = posted
