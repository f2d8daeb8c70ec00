"""What somebody typed survives an expired session or a stale form: it is kept, and given back.

A POST that meets the sign-in page, or fails the CSRF check although it came from this site, leaves
its text in the session, under the page its form stood on. Whoever then signs in as the same person
finds it in the form again. The session may be anonymous by then, so a cookie, set while somebody is
signed in, says for whom text is kept; without it nothing is.
"""

import re
import time
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, TypedDict, cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.requests import SignedInRequest

SESSION_KEY = "kept_text"
READER_COOKIE = "portal_reader"
MAX_BYTES = 64 * 1024
MAX_PAGES = 4
KEPT_FOR_SECONDS = 60 * 60

# Never kept: what proves who somebody is, and the form's own machinery.
_SECRET_NAME = re.compile(r"passw|secret|token|otp|^code$|\bpin\b|_pin$|^_|csrf", re.IGNORECASE)

type Handler = Callable[[HttpRequest], HttpResponse]


class KeptText(TypedDict):
    """One form's text. `action` is the address it was posted to, `at` seconds since the epoch."""

    reader: str
    action: str
    at: float
    fields: dict[str, list[str]]


class KeptTextMiddleware:
    """Keeps text that met the sign-in page, and lets go of it once it was sent."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        pages_before = _pages(request) if request.method == "POST" else {}
        response = self.get_response(request)
        if _went_to_sign_in(request, response):
            if request.method == "POST":
                return _keep_and_sign_in(request, response)
            if request.headers.get("HX-Request") == "true":
                return _lead_whole_page(request)
        if request.method == "POST":
            is_sent = response.status_code < HTTPStatus.BAD_REQUEST
            # Not what this very request kept: a stale form is answered with a redirect, too.
            if is_sent and _pages(request) == pages_before and not is_about_signing_in(request):
                forget(request)
        if request.user.is_authenticated:
            _set_reader_cookie(request, response)
        return response


def keep(request: HttpRequest) -> bool:
    """Keep the posted text for the page it was typed on; say whether there was any to keep.

    Effects: one entry in the session, the oldest of more than MAX_PAGES dropped. Text beyond
    MAX_BYTES is not kept at all, so that nobody sends half of what they wrote.
    """
    reader = _reader(request)
    fields = {
        name: values
        for name, values in request.POST.lists()
        if not _SECRET_NAME.search(name) and any(value.strip() for value in values)
    }
    size = sum(len(text.encode()) for name in fields for text in (name, *fields[name]))
    if not reader or not fields or size > MAX_BYTES or is_about_signing_in(request):
        return False
    pages: dict[str, KeptText] = request.session.get(SESSION_KEY, {})
    pages[_path_only(page_of(request))] = {
        "reader": reader,
        "action": request.path,
        "at": time.time(),
        "fields": fields,
    }
    newest = sorted(pages, key=lambda path: pages[path]["at"])[-MAX_PAGES:]
    request.session[SESSION_KEY] = {path: pages[path] for path in newest}
    return True


def kept_for_page(request: HttpRequest) -> KeptText | None:
    """Return what the reader had typed on this page, if it is younger than an hour and theirs."""
    pages = _pages(request)
    kept = pages.get(request.path)
    if kept is None or time.time() - kept["at"] > KEPT_FOR_SECONDS:
        return None
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return kept if constant_time_compare(kept["reader"], _reader_of(user.pk)) else None


def kept_initial(request: HttpRequest, form_prefix: str = "") -> dict[str, Any]:
    """Return kept text as the `initial` of a form; empty when there is none.

    Several values of one field come as a list.
    """
    kept = kept_for_page(request)
    start = f"{form_prefix}-" if form_prefix else ""
    return {
        name.removeprefix(start): values if len(values) > 1 else values[0]
        for name, values in (kept["fields"] if kept else {}).items()
        if name.startswith(start)
    }


def forget(request: HttpRequest) -> None:
    """Let go of the text of the page a form was sent from."""
    pages = _pages(request)
    if pages and (path := _path_only(page_of(request))) in pages:
        request.session[SESSION_KEY] = {key: pages[key] for key in pages if key != path}


def page_of(request: HttpRequest) -> str:
    """Return path and query of the page the posted form stood on.

    The form's own `_page` field knows best; else the Referer, when it is of this site; else the
    address posted to.
    """
    said = request.POST.get("_page", "")
    if said.startswith("/") and url_has_allowed_host_and_scheme(said, allowed_hosts=None):
        return said
    referer = urlsplit(request.headers.get("Referer", ""))
    if referer.netloc and referer.netloc == request.get_host():
        return referer.path + (f"?{referer.query}" if referer.query else "")
    return request.path


def came_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that the request comes from a page of this site."""
    source = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(source).netloc == request.get_host()


def go_to(request: HttpRequest, address: str) -> HttpResponse:
    """Lead the browser to a page of ours, also when htmx asked."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def sign_in_address(page: str) -> str:
    """Return the sign-in page that leads back to a page."""
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': page})}"


def _lead_whole_page(request: HttpRequest) -> HttpResponse:
    """Lead the page a part asked from: the sign-in page would be put into a corner of it."""
    page = page_of(request)
    return go_to(request, sign_in_address("/" if page == request.path else page))


def _keep_and_sign_in(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    is_kept = keep(request)
    messages.warning(
        request,
        _("You were signed out. What you entered is kept: sign in to go on.")
        if is_kept
        else _("You were signed out. Please sign in again."),
    )
    answer = go_to(request, sign_in_address(page_of(request)))
    answer.cookies = response.cookies
    return answer


def _went_to_sign_in(request: HttpRequest, response: HttpResponse) -> bool:
    if request.user.is_authenticated or not 300 <= response.status_code < 400:
        return False
    target = urlsplit(response.headers.get("Location", "")).path
    return target == resolve_url(settings.LOGIN_URL) and not is_about_signing_in(request)


def is_about_signing_in(request: HttpRequest) -> bool:
    """Whether the request is for a sign-in page, whose text is never kept."""
    match = request.resolver_match
    return bool(match and (match.url_name or "").startswith(("account_", "mfa_")))


def by_script[**P](
    view: Callable[Concatenate[SignedInRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Mark what a page's script sends by itself, beside the form: it is answered 401 signed out.

    Kept, or led to the sign-in page, it would take the place of the text that its form is sending.
    """

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return HttpResponse(status=401)
        return view(cast("SignedInRequest", request), *args, **kwargs)

    answer.is_by_script = True  # type: ignore[attr-defined]  # functions may carry names
    return answer


def is_by_script(request: HttpRequest) -> bool:
    """Whether the view that this goes to is one `by_script`."""
    match = request.resolver_match
    return bool(match and getattr(match.func, "is_by_script", False))


def _pages(request: HttpRequest) -> dict[str, KeptText]:
    session = getattr(request, "session", None)
    return session.get(SESSION_KEY, {}) if session is not None else {}


def _path_only(page: str) -> str:
    return urlsplit(page).path


def _reader(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return _reader_of(request.user.pk)
    return request.COOKIES.get(READER_COOKIE, "")


def _reader_of(pk: object) -> str:
    return salted_hmac("accounts.kept_text", str(pk), algorithm="sha256").hexdigest()


def _set_reader_cookie(request: HttpRequest, response: HttpResponse) -> None:
    reader = _reader_of(request.user.pk)
    if request.COOKIES.get(READER_COOKIE) != reader:
        response.set_cookie(
            READER_COOKIE,
            reader,
            secure=settings.IN_PRODUCTION,
            httponly=True,
            samesite="Lax",
        )
