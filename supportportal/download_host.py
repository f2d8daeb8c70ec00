"""The host that gives out strangers' files, and nothing else (docs/decisions, 0036)."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase
from django.utils.html import escape
from django.utils.translation import get_language, get_language_from_request, override
from django.utils.translation import gettext as _

from accounts.errors import DomainError
from tickets.operations.downloads import use_link
from tickets.views.attachment import hand_out

type Handler = Callable[[HttpRequest], HttpResponseBase]


class DownloadHostMiddleware:
    """Answers on that host, before a session is looked for or a cookie set."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.DOWNLOAD_URL or not _is_for_download_host(request):
            return self.get_response(request)
        token = request.path.removeprefix(settings.DOWNLOAD_PATH)
        if token == request.path and settings.DOWNLOAD_HOST_IS_SHARED:
            return self.get_response(request)
        # Nobody is known here: their browser's language is all there is to go by.
        with override(get_language_from_request(request)):
            if token == request.path:
                return _nothing_there()
            return _answer(request, token.rstrip("/"))


def _is_for_download_host(request: HttpRequest) -> bool:
    host, _port = split_domain_port(request.headers.get("Host", ""))
    return host == urlsplit(settings.DOWNLOAD_URL).hostname


def _answer(request: HttpRequest, token: str) -> HttpResponseBase:
    # Not HEAD either: whoever only looks would use the link up.
    if request.method != "GET":
        return _said(405, _("A link is followed, and nothing else."))
    try:
        found = use_link(token, has=_named_file(request))
    except DomainError as error:
        return _said(error.status, error.message)
    except FileNotFoundError:
        return _nothing_there()
    return hand_out(found, request)


def _named_file(request: HttpRequest) -> str:
    """The hash of the file a browser has the beginning of, when it asks for the rest."""
    return request.headers.get("If-Range", "").strip('"') if "Range" in request.headers else ""


def _nothing_there() -> HttpResponse:
    return _said(404, _("There is nothing at this address."))


def _said(status: int, sentence: str) -> HttpResponse:
    """A sentence and the way back, on a page that may do nothing at all."""
    response = HttpResponse(
        f'<!doctype html><html lang="{get_language()}"><title>{status}</title>'
        f"<p>{escape(sentence)}</p>"
        f'<p><a href="{escape(settings.BASE_URL)}/">{escape(settings.VENDOR_NAME)} Support</a></p>',
        status=status,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    response.headers["Cache-Control"] = "no-store"
    return response
