"""What every request needs to know about the person behind it."""

import zoneinfo
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

type Handler = Callable[[HttpRequest], HttpResponse]

# Pages a person without a second factor still reaches: setting one up, and signing out.
_OPEN_PREFIXES = ("/accounts/", "/static/", "/health/", "/plans/")


class ReaderTimeZoneMiddleware:
    """Shows times in the reader's own zone."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            with timezone.override(zoneinfo.ZoneInfo(request.user.timezone)):
                return self.get_response(request)
        return self.get_response(request)


class SecondFactorMiddleware:
    """Keeps staff without a second factor on the page that sets one up (ASVS 6.3.3)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if (
            settings.STAFF_SECOND_FACTOR_REQUIRED
            and user.is_authenticated
            and user.is_staff_member
            and not request.path.startswith(_OPEN_PREFIXES)
            and not is_mfa_enabled(user)
        ):
            messages.info(request, "Set up an authenticator app first. Then your work opens.")
            return redirect("mfa_activate_totp")
        return self.get_response(request)
