"""Errors as pages: a domain error, a refusal, a missing page, a file too large, our own fault."""

import logging
import secrets
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts import kept_text
from accounts.errors import DomainError
from supportportal.context_processors import phone_href

logger = logging.getLogger(__name__)

type Handler = Callable[[HttpRequest], HttpResponse]


class DomainErrorMiddleware:
    """Answers a domain error with a page that says what happened and leads back."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Map a DomainError to its status; everything else goes on."""
        return answer_domain_error(request, error) if isinstance(error, DomainError) else None


def answer_domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer a rule's refusal. Effects: what was typed is kept in the session."""
    is_kept = request.method == "POST" and kept_text.keep(request)
    return _answer(
        request,
        error.status,
        "403.html" if error.status == HTTPStatus.FORBIDDEN else "409.html",
        error.message,
        is_kept=is_kept,
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request Django refused to read; too much data has its own page."""
    if isinstance(exception, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)):
        return _answer(request, 413, "413.html", _("That was more than we take at once."))
    return _answer(request, 400, "400.html", _("The browser sent something we could not read."))


def permission_denied(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    """Answer 403; the reason is shown when the code gave one."""
    return _answer(request, 403, "403.html", str(exception))


def page_not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    """Answer 404, the same for what is not there and for what the reader may not see."""
    return _answer(request, 404, "404.html", _("There is nothing at this address."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a reference that stands in the log; needs neither database nor context."""
    reference = f"{secrets.token_hex(2)}-{secrets.token_hex(2)}"
    logger.error("Answered 500 with reference %s on %s", reference, request.path)
    text = render_to_string(
        "500.html",
        {
            "vendor_name": settings.VENDOR_NAME,
            "phone_line": settings.PHONE_LINE,
            "phone_href": phone_href(settings.PHONE_LINE),
            "reference": reference,
            "is_kept": _keep_in_spite_of_all(request),
            "page": request.get_full_path() if request.method == "GET" else "",
            "was_sent": request.method != "GET",
        },
    )
    return HttpResponse(text, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Lead a stale form back to its page with its text; refuse what came from another site."""
    if not kept_text.came_from_here(request):
        return _answer(request, 403, "403_csrf.html", _("This form did not come from our page."))
    if kept_text.is_by_script(request):
        # Kept, or led away, it would take the place of the text that its form is sending.
        return HttpResponse(status=401)
    is_kept = kept_text.keep(request)
    page = kept_text.page_of(request)
    if request.user.is_authenticated or kept_text.is_about_signing_in(request):
        if not is_kept:
            messages.warning(request, _("The page had been open for too long. Send it again."))
        return kept_text.go_to(request, page)
    messages.warning(
        request,
        _("You were signed out. What you entered is kept: sign in to go on.")
        if is_kept
        else _("You were signed out. Sign in again."),
    )
    return kept_text.go_to(request, kept_text.sign_in_address(page))


def _answer(
    request: HttpRequest, status: int, template: str, message: str, *, is_kept: bool = False
) -> HttpResponse:
    """Answer with a page; htmx gets a notice that goes to the place for notices."""
    context = {
        "message": message,
        "status": status,
        "is_kept": is_kept,
        "back_url": _page_before(request),
    }
    if request.headers.get("HX-Request") == "true":
        text = render_to_string("components/_error_notice.html", context, request)
        headers = {"HX-Retarget": "#notices", "HX-Reswap": "innerHTML"}
        return HttpResponse(text, status=status, headers=headers)
    return HttpResponse(render_to_string(template, context, request), status=status)


def _page_before(request: HttpRequest) -> str:
    page = kept_text.page_of(request) if request.method == "POST" else ""
    if page and page != request.path and url_has_allowed_host_and_scheme(page, allowed_hosts=None):
        return page
    return ""


def _keep_in_spite_of_all(request: HttpRequest) -> bool:
    """Keep the text of a POST that failed on our side, if sessions still work.

    The session middleware does not save on a 500, so it is saved here.
    """
    if request.method != "POST":
        return False
    try:
        if not kept_text.keep(request):
            return False
        request.session.save()
    except Exception:  # whatever broke the request may break this too
        logger.exception("Text of a failed request could not be kept")
        return False
    return True
