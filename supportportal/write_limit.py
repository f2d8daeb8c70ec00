"""Holds people to a number of changes a minute, on pages; the API counts its own requests."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.errors import TooFast
from accounts.rate_limit import may_write
from supportportal.page_errors import answer_domain_error

type Handler = Callable[[HttpRequest], HttpResponse]

_READS = frozenset({"GET", "HEAD", "OPTIONS"})


class WriteLimitMiddleware:
    """Refuses a change too many with a page that keeps what was typed."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, given: Any
    ) -> HttpResponse | None:
        """Count a change before its view runs; nothing else is counted."""
        if request.method in _READS or request.path.startswith("/api/"):
            return None
        if getattr(view, "counts_as_no_change", False):
            return None
        if not request.user.is_authenticated or may_write(request.user):
            return None
        return answer_domain_error(
            request, TooFast("That were many changes in a minute. Wait a moment, then go on.")
        )
