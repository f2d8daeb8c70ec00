"""Who asks in the benchmark, signed in as the portal itself would have it, and for what.

Run as a program it prints JSON: sessions of engineers, tokens, ticket numbers, addresses.
"""

import json
import sys
import uuid
from typing import Any

import django

# How many people file, of each kind of ticket.
FILING = 400


def prepare() -> dict[str, Any]:
    """Sign people in. Effects: sessions, second factors and API tokens."""
    from allauth.mfa.models import Authenticator
    from django.conf import settings
    from django.contrib.auth import (
        BACKEND_SESSION_KEY,
        HASH_SESSION_KEY,
        SESSION_KEY,
    )
    from django.contrib.sessions.backends.db import SessionStore
    from django.db.models import Count
    from django.utils.crypto import get_random_string

    from accounts.choices import Role, TokenScope
    from accounts.models import ApiToken, User
    from entitlements.models import Customer, SeatHolding
    from tickets.models import Ticket

    def session_of(user: User) -> str:
        Authenticator.objects.get_or_create(
            user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}}
        )
        store = SessionStore()
        store[SESSION_KEY] = str(user.pk)
        store[BACKEND_SESSION_KEY] = "supportportal.readers.ReaderBackend"
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        store.create()
        return str(store.session_key)

    def token_of(user: User, scope: TokenScope) -> str:
        from datetime import timedelta

        from django.utils import timezone

        secret = ApiToken.new_secret()
        ApiToken.objects.create(
            user=user,
            name=f"load {uuid.uuid4()}",
            digest=ApiToken.digest_of(secret),
            scope=scope,
            expires_at=timezone.now() + timedelta(days=1),
        )
        return secret

    engineers = list(User.objects.with_role(Role.ENGINEER).order_by("pk")[:8])
    seats = (
        SeatHolding.objects.current()
        .filter(contract__edition__premium_incidents_per_year__isnull=True)
        .select_related("membership__user", "membership__customer")
        .order_by("pk")[:FILING]
    )
    others = list(Customer.objects.order_by("pk").prefetch_related("memberships__user")[:FILING])
    # Few companies send several people each: one person may make only so many changes a minute.
    each = -(-FILING // len(others))
    busy = (
        Ticket.objects.filter(state="closed")
        .annotate(said=Count("messages"))
        .filter(said=20)
        .order_by("-pk")[:200]
    )
    owned = (
        Ticket.objects.open()
        .filter(assignee__isnull=False)
        .values_list("assignee", flat=True)
        .order_by("pk")
        .first()
    )
    return {
        "cookie": "__Host-session",
        # A browser has it from the page it signed in on.
        "csrf": f"{settings.CSRF_COOKIE_NAME}={get_random_string(32)}",
        "sessions": [session_of(one) for one in engineers],
        "reader": token_of(engineers[0], TokenScope.READ),
        "premium": [
            {
                "company": seat.membership.customer.slug,
                "token": token_of(seat.membership.user, TokenScope.WRITE),
            }
            for seat in seats
        ],
        "break_fix": [
            {
                "company": customer.slug,
                "token": token_of(membership.user, TokenScope.WRITE),
            }
            for place in range(each)
            for customer in others
            for membership in customer.memberships.all()[place : place + 1]
        ],
        "tickets": [ticket.number for ticket in busy],
        "customers": [customer.slug for customer in others[:20]],
        "assignee": owned,
    }


if __name__ == "__main__":
    django.setup()
    json.dump(prepare(), sys.stdout)
