"""What staff pages of a ticket begin with: who asks, and for which ticket."""

from django.shortcuts import get_object_or_404

from accounts.requests import SignedInRequest
from accounts.staff_pages import staff_only
from tickets.models import Ticket

__all__ = ["staff_only", "staff_ticket"]


def staff_ticket(request: SignedInRequest, number: int) -> Ticket:
    """Fetch a ticket this person sees, with what its page shows. Raises: Http404."""
    return get_object_or_404(Ticket.objects.visible_to(request.user).with_clock(), number=number)
