"""Who can be mentioned in a note, for the composer's script."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from tickets.mentions import colleagues_on
from tickets.views.staff import staff_only, staff_ticket


@require_safe
@staff_only
def show_colleagues(request: SignedInRequest, number: int) -> HttpResponse:
    """Name the colleagues who see a ticket, the reader left out."""
    people = colleagues_on(staff_ticket(request, number))
    names = [
        {"name": user.name, "role": ", ".join(user.role_names)}
        for user in people
        if user.pk != request.user.pk
    ]
    return JsonResponse({"people": names})
