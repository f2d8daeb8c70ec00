"""Which company a page is for: the only one, the one last looked at, or the one asked for."""

from dataclasses import dataclass

from django.http import Http404

from accounts.requests import SignedInRequest
from entitlements.models import Membership

# Where the session remembers the company last looked at, by its slug.
SESSION_KEY = "company"


@dataclass(frozen=True, slots=True)
class Place:
    """A person's place in the company a page is for, and all their places."""

    membership: Membership
    memberships: list[Membership]

    @property
    def has_choice(self) -> bool:
        return len(self.memberships) > 1


def memberships_of(request: SignedInRequest) -> list[Membership]:
    """The reader's present places in companies, by name; one query."""
    return list(
        Membership.objects.filter(user=request.user, left_at__isnull=True)
        .select_related("customer__tam", "customer__tam_team")
        .order_by("customer__name")
    )


def place_of(request: SignedInRequest, slug: str = "") -> Place | None:
    """Choose the company of a page; None for somebody who belongs to none.

    Raises: Http404 for a company that is not the reader's. Effects: the session remembers it.
    """
    memberships = memberships_of(request)
    by_slug = {membership.customer.slug: membership for membership in memberships}
    if slug and slug not in by_slug:
        raise Http404
    if not memberships:
        return None
    remembered = request.session.get(SESSION_KEY, "")
    membership = by_slug.get(slug) or by_slug.get(remembered) or memberships[0]
    if len(memberships) > 1 and remembered != membership.customer.slug:
        request.session[SESSION_KEY] = membership.customer.slug
    return Place(membership, memberships)
