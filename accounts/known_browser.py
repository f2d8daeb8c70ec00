"""A browser somebody signed in from before: strangers cannot use up its tries.

Wrong passwords are counted for an address, so anybody who knows the address could keep its owner
out. A browser that has signed in carries a signed cookie, and its tries are counted apart (the
device cookie of OWASP's authentication cheat sheet). A new browser proves itself by a password
reset, which starts the count anew.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.models import User

COOKIE = "__Host-known-browser" if settings.SESSION_COOKIE_SECURE else "known-browser"
KNOWN_FOR = timedelta(days=180)
_SALT = "accounts.known_browser"


def remember_browser(response: HttpResponseBase, user: User) -> None:
    """Let the browser say, next time, that this person has signed in from it."""
    # The random part is the counter's name: no two browsers of a person share one.
    words = f"{user.pk}:{secrets.token_hex(8)}"
    response.set_cookie(
        COOKIE,
        signing.dumps(words, salt=_SALT),
        max_age=KNOWN_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def known_browser(request: HttpRequest, email: str) -> str:
    """Name the browser when the person of this address signed in from it before, else ""."""
    try:
        words = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=KNOWN_FOR)
    except signing.BadSignature:
        return ""
    owner, _, _ = words.partition(":")
    is_theirs = User.objects.filter(pk=owner, email__iexact=email).exists()
    return words if is_theirs else ""
