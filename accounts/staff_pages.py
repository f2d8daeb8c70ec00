"""What every page for our own people begins with: who asks."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from accounts import kept_text
from accounts.requests import SignedInRequest


def staff_only[**P](
    view: Callable[Concatenate[SignedInRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let staff in, lead the signed-out to the sign-in page, and show others nothing (404)."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _sign_in(request)
        if not request.user.is_staff_member:
            raise Http404
        return view(cast("SignedInRequest", request), *args, **kwargs)

    return wrapped


def _sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in page and from there back; more of it is done by accounts.kept_text."""
    page = request.get_full_path() if request.method == "GET" else kept_text.page_of(request)
    return HttpResponseRedirect(kept_text.sign_in_address(page))
