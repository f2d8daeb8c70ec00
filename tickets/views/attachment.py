"""Downloading a file, through its ticket."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from tickets.models import Attachment
from tickets.operations.samples import require_fetchable


@login_required
@require_safe
def attachment(request: SignedInRequest, number: int, pk: int) -> HttpResponseBase:
    """Send a file to somebody who may see it; what a browser must never do is show it.

    Raises: Http404 for what is unseen, missing, or of another ticket.
    """
    found = get_object_or_404(
        Attachment.objects.visible_to(request.user), pk=pk, ticket__number=number
    )
    if found.is_sample:
        return redirect("attachment_sample", number=number, pk=pk)
    return download_of(found)


def download_of(found: Attachment) -> FileResponse:
    """Write the answer that carries a file, for this page and for the API.

    Raises: Http404 when the file itself is gone; FileWithheld while it is scanned, when it was
    refused, and for a sample, which has a page of its own.
    """
    require_fetchable(found)
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        content, as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
