"""What every request needs to know about the person behind it."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation

from accounts.devices import follow_session
from accounts.languages import language_for, tell_language
from accounts.second_factor import lacks_second_factor

type Handler = Callable[[HttpRequest], HttpResponse]

# What a person without a second factor still reaches: setting one up, and signing out. The API
# refuses in its own words (accounts.api_authentication).
_OPEN_PREFIXES = ("/accounts/", "/api/v1/", "/static/", "/health/", "/plans/")


# What is said to programs is the same in every language.
_NO_LANGUAGE = ("/api/v1/", "/health/", "/metrics")


class ReaderTimeZoneMiddleware:
    """Shows times in the reader's own zone."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            # The person, and not what stands in until it is known who asks: a page looks at them
            # more than a hundred times.
            request.user = user = get_user(request)
            assert user.is_authenticated
            with timezone.override(zoneinfo.ZoneInfo(user.timezone)):
                return self.get_response(request)
        return self.get_response(request)


class DeviceMiddleware:
    """Keeps what is known of a device with its session, whose key may change."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            follow_session(request)
        return response


class ReaderLanguageMiddleware:
    """Speaks the reader's language, from here on inwards."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(_NO_LANGUAGE):
            with translation.override(settings.LANGUAGE_CODE):
                return self.get_response(request)
        code = language_for(request, request.user)
        with translation.override(code):
            response = self.get_response(request)
        tell_language(response, code)
        return response


class PrivatePagesMiddleware:
    """Keeps what signed-in people read out of every cache (ASVS 14.3.2).

    A shared desk's back button shows nothing after signing out. What says for itself how long it
    keeps is left alone.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response


class SecondFactorMiddleware:
    """Keeps staff without a second factor on the page that sets one up (ASVS 6.3.3)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if (
            user.is_authenticated
            and not request.path.startswith(_OPEN_PREFIXES)
            and lacks_second_factor(user)
        ):
            messages.info(request, "Set up an authenticator app first. Then your work opens.")
            return redirect("mfa_activate_totp")
        return self.get_response(request)
