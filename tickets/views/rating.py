"""How it went: from the ticket's page, and from the mail without signing in."""

from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import DomainError
from accounts.forms import add_domain_error
from accounts.requests import SignedInRequest
from tickets.choices import Score
from tickets.forms.rating import RatingForm
from tickets.models import Rating
from tickets.operations.rating import may_be_rated, rate_ticket
from tickets.rating_links import read_rating_token
from tickets.views.carrying_out import carry_out
from tickets.views.ticket_customer import customer_ticket, customer_ticket_page


@login_required
@require_POST
def create_rating(request: SignedInRequest, number: int) -> HttpResponse:
    """Take a rating from the ticket's page: one click is one, a comment comes with it or later."""
    ticket = customer_ticket(request, number)
    form = RatingForm(request.POST)

    def act(typed: dict[str, Any]) -> str:
        rate_ticket(ticket, by=request.user, **typed)
        return _("Thank you for telling us.")

    return carry_out(request, ticket, name="rating", form=form, act=act, page=customer_ticket_page)


@never_cache
@require_http_methods(["GET", "POST"])
def rate_by_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form of a mail's link with its answer chosen, and take it. Looking says nothing."""
    found = read_rating_token(token)
    if found is None:
        return render(request, "tickets/rating_gone.html", status=HTTPStatus.NOT_FOUND)
    ticket, person = found
    if request.method == "POST":
        form = RatingForm(request.POST)
        if form.is_valid():
            try:
                rate_ticket(ticket, by=person, **form.cleaned_data)
            except DomainError as error:
                add_domain_error(form, error)
            else:
                context = {"ticket": ticket, "person": person, "is_sent": True}
                return render(request, "tickets/rating_by_mail.html", context)
    else:
        said = Rating.objects.filter(ticket=ticket, by=person).first()
        asked = request.GET.get("score", "")
        score = asked if asked in map(str, Score.values) else said and said.score
        form = RatingForm(initial={"score": score, "comment": said.comment if said else ""})
    context = {
        "ticket": ticket,
        "person": person,
        "form": form,
        "can_rate": may_be_rated(ticket, timezone.now()),
        "scores": list(reversed(Score.choices)),
        "chosen": str(form["score"].value() or ""),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "tickets/rating_by_mail.html", context, status=status)
