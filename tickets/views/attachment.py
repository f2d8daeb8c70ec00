"""Downloading a file, through its ticket."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.files import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import SignedInRequest
from tickets.byte_ranges import BeyondTheEnd, PartOfFile, asked_stretch
from tickets.models import Attachment
from tickets.operations.downloads import Download, link_for, open_file
from tickets.operations.samples import require_fetchable

# Of a file of gigabytes, read and sent at once; Django's own 4 kB cost more than they carry.
BLOCK = 256 * 1024


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
    return download_of(found, request, request.user)


def download_of(found: Attachment, request: HttpRequest, reader: User) -> HttpResponseBase:
    """Write the answer that leads to a file or carries it, for this page and for the API.

    Raises: Http404 when the file itself is gone; FileWithheld while it is scanned, when it was
    refused, and for a sample, which has a page of its own.
    """
    require_fetchable(found)
    if leads_away(request):
        return led_away(found, reader)
    try:
        return hand_out(open_file(found, by=reader), request)
    except FileNotFoundError as error:
        raise Http404 from error


def leads_away(request: HttpRequest) -> bool:
    """Whether files are given out on a host of their own.

    Where that is another name of this machine, only to those who came by the machine's first name:
    through a tunnel it might lead elsewhere.
    """
    if not settings.DOWNLOAD_URL:
        return False
    by_first_name = request.get_host() == urlsplit(settings.BASE_URL).netloc
    return by_first_name or not settings.DOWNLOAD_HOST_IS_SHARED


def led_away(found: Attachment, reader: User) -> HttpResponseRedirect:
    """Lead to the file by a link for this one download. Raises: as link_for."""
    response = HttpResponseRedirect(link_for(found, by=reader))
    response.headers["Cache-Control"] = "no-store"
    return response


def hand_out(download: Download, request: HttpRequest) -> HttpResponseBase:
    """Write the answer that carries a file: to be saved, by no means to be shown or run.

    A browser whose download broke off asks for the rest (Range), and names by If-Range the file it
    has the beginning of. If that is another one, it gets the whole.
    """
    content, size = download.content, download.size
    response = FileResponse(content_type="application/octet-stream")
    response.block_size = BLOCK
    if isinstance(content, File) and download.sha256:
        response.headers["ETag"] = tag = f'"{download.sha256}"'
        response.headers["Accept-Ranges"] = "bytes"
        asked = request.headers.get("Range", "")
        if request.headers.get("If-Range", tag) != tag:
            asked = ""
        try:
            stretch = asked_stretch(asked, content.size)
        except BeyondTheEnd:
            content.close()
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{content.size}"})
        if stretch is not None:
            response.status_code = 206
            response.headers["Content-Range"] = f"bytes {stretch}/{content.size}"
            content, size = PartOfFile(content, stretch, piece=BLOCK), stretch.size
    response.streaming_content = content
    # By hand: of content that comes piece by piece Django says neither.
    response.headers["Content-Disposition"] = content_disposition_header(True, download.name) or ""
    if size is not None:
        response.headers["Content-Length"] = str(size)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
