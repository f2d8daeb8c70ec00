"""Which language somebody reads, on a page and in a mail. Why: docs/decisions, 0025."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.models import User


def language_of(reader: User) -> str:
    """The language somebody reads where no browser asks: in a mail."""
    code = "" if reader.is_staff_member else known_language(reader.language)
    return code or settings.LANGUAGE_CODE


def language_for(request: HttpRequest, reader: User | AnonymousUser) -> str:
    """The language of a page: what the reader chose, else their browser's.

    Staff read English.
    """
    if reader.is_authenticated:
        if reader.is_staff_member:
            return settings.LANGUAGE_CODE
        if chosen := known_language(reader.language):
            return chosen
    return translation.get_language_from_request(request)


def known_language(code: str) -> str:
    """Return a code the portal speaks, and nothing for any other."""
    return code if code in dict(settings.LANGUAGES) else ""


def in_words[Value](choices: Iterable[tuple[Value, str]]) -> list[tuple[Value, Promise]]:
    """Give choices, whose labels are English, to a field in its reader's words."""
    return [(value, gettext_lazy(label)) for value, label in choices]


def tell_language(response: HttpResponse, code: str) -> None:
    """Say in the answer what language it is in, and what it depends on."""
    response.headers.setdefault("Content-Language", code)
    patch_vary_headers(response, ("Accept-Language", "Cookie"))


def keep_language(response: HttpResponse, code: str) -> None:
    """Keep a choice in the browser: visitors have nowhere else, and the sign-in page needs it."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
