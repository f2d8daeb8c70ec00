"""Files that arrive in pieces: the tus protocol 1.0, for the page's script and for programs.

Core, creation, creation-with-upload, expiration, checksum and termination.
Source: tus.io/protocols/resumable-upload, version 1.0.0.
"""

import base64
import binascii
import hashlib
import tempfile
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import http_date

from accounts.errors import DomainError
from accounts.requests import SignedInRequest
from entitlements.models import Customer
from tickets.choices import FILING_DRAFTS, DraftKind
from tickets.models import FileUpload, Ticket
from tickets.operations.file_uploads import begin_upload, take_in, throw_away
from tickets.views.company import place_of

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,checksum,termination"
ALGORITHMS = ("sha256", "sha1", "md5")
CONTENT_TYPE = "application/offset+octet-stream"
# A piece as it is written. A body with a checksum is judged before it counts, so it waits in a
# temporary file, and is not longer than this. Units: bytes.
PIECE = 1024 * 1024
LONGEST_CHECKED = 64 * 1024 * 1024
CHECKSUM_MISMATCH = 460


class Refusal(Exception):
    """A request that the protocol does not allow."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def file_uploads(request: HttpRequest) -> HttpResponse:
    """Say what is spoken here (OPTIONS), or take an announcement (POST)."""
    return _speak(request, {"OPTIONS": _options, "POST": _create})


def file_upload(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Say how far a file is (HEAD, GET), take in the next piece (PATCH), or drop it (DELETE).

    Somebody else's is not there.
    """
    handlers: dict[str, Callable[[SignedInRequest], HttpResponse]] = {
        "OPTIONS": _options,
        "HEAD": lambda asked: _tell(_find(asked, key)),
        "GET": lambda asked: _show(_find(asked, key)),
        "PATCH": lambda asked: _append(asked, _find(asked, key)),
        "DELETE": lambda asked: _drop(_find(asked, key)),
    }
    return _speak(request, handlers)


# Pieces come quicker than a person clicks.
file_upload.counts_as_no_change = True  # type: ignore[attr-defined]  # read by the middleware
# Answered 401 with a stale token, too: the script then fetches a fresh one. Not by the decorator of
# accounts.kept_text: whoever is signed out is told in the protocol's own way, and may ask OPTIONS.
file_uploads.is_by_script = file_upload.is_by_script = True  # type: ignore[attr-defined]  # likewise


def _speak(
    request: HttpRequest, handlers: dict[str, Callable[[SignedInRequest], HttpResponse]]
) -> HttpResponse:
    method = request.headers.get("X-HTTP-Method-Override", request.method or "")
    handle = handlers.get(method)
    try:
        _require_manners(request, method)
        if handle is None:
            raise Refusal(405, "Not here.")  # noqa: TRY301 - said like any other refusal
        response = handle(cast("SignedInRequest", request))
    except Refusal as error:
        response = HttpResponse(str(error), status=error.status, content_type="text/plain")
    except DomainError as error:
        status = 413 if error.status == 422 else error.status
        response = HttpResponse(error.message, status=status, content_type="text/plain")
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    if response.status_code == 412:
        response.headers["Tus-Version"] = VERSION
    if response.status_code == 405:
        response.headers["Allow"] = ", ".join(handlers)
    return response


def _require_manners(request: HttpRequest, method: str) -> None:
    if method == "OPTIONS":
        return
    if not request.user.is_authenticated:
        raise Refusal(401, "You are signed out.")
    if method != "GET" and request.headers.get("Tus-Resumable") != VERSION:
        raise Refusal(412, f"Only version {VERSION} of the protocol is spoken here.")


def _options(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        status=204,
        headers={
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(settings.UPLOAD_MAX_BYTES),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        },
    )


def _create(request: SignedInRequest) -> HttpResponse:
    if "Upload-Defer-Length" in request.headers:
        raise Refusal(400, "Say how large the file is.")
    told = _metadata(request.headers.get("Upload-Metadata", ""))
    modified = told.get("modified", "")
    place = _place(request, told)
    upload = begin_upload(
        place,
        name=told.get("filename", ""),
        size=_number(request, "Upload-Length"),
        content_type=told.get("filetype", ""),
        modified=int(modified) if modified.isdecimal() and len(modified) < 17 else None,
        is_sample=told.get("sample") == "1",
        kind=_kind(told.get("kind", DraftKind.FILING), place),
        by=request.user,
    )
    if request.headers.get("Content-Type") == CONTENT_TYPE:
        upload = take_in(upload, _body(request), offset=0)
    # Relative to the host it was asked on, whatever the proxy in front calls it.
    headers = {"Location": reverse("file_upload", args=[upload.key]), **_progress(upload)}
    return HttpResponse(status=201, headers=headers)


def _append(request: SignedInRequest, upload: FileUpload) -> HttpResponse:
    if request.headers.get("Content-Type") != CONTENT_TYPE:
        raise Refusal(415, f"Send it as {CONTENT_TYPE}.")
    offset = _number(request, "Upload-Offset")
    if offset != upload.received:
        raise Refusal(409, "That is not the next byte.")
    upload = take_in(upload, _body(request), offset=offset)
    return HttpResponse(status=204, headers=_progress(upload))


def _tell(upload: FileUpload) -> HttpResponse:
    name = base64.b64encode(upload.name.encode()).decode()
    return HttpResponse(
        headers={
            "Upload-Length": str(upload.size),
            "Upload-Metadata": f"filename {name}",
            **_progress(upload),
        }
    )


def _show(upload: FileUpload) -> HttpResponse:
    """What the page shows of a file that is here: its hash, and what the scanner says."""
    return JsonResponse(
        {
            "received": upload.received,
            "size": upload.size,
            "sha256": upload.sha256,
            "scan": upload.scan_state,
            "words": upload.scan_words,
            "is_inspected": upload.is_inspected,
        }
    )


def _drop(upload: FileUpload) -> HttpResponse:
    throw_away(upload)
    return HttpResponse(status=204)


def _find(request: SignedInRequest, key: uuid.UUID) -> FileUpload:
    upload = get_object_or_404(FileUpload, key=key, owner=request.user)
    if upload.expires_at <= timezone.now():
        raise Refusal(410, "It waited too long, and is gone.")
    return upload


def _place(request: SignedInRequest, told: dict[str, str]) -> Customer | Ticket:
    """The ticket or company the file is for. Raises: Http404 for one that is not the sender's."""
    number = told.get("ticket", "")
    if number.isdecimal() and len(number) < 18:
        seen = Ticket.objects.visible_to(request.user).select_related("customer")
        return get_object_or_404(seen, number=number)
    place = place_of(request, told.get("company", ""))
    if place is None:
        raise Http404
    return place.membership.customer


def _kind(told: str, place: Customer | Ticket) -> DraftKind:
    kinds = FILING_DRAFTS if isinstance(place, Customer) else (*FILING_DRAFTS, DraftKind.NOTE)
    if told not in kinds:
        raise Refusal(400, f"Say which form it is for: {', '.join(kinds)}.")
    return DraftKind(told)


def _progress(upload: FileUpload) -> dict[str, str]:
    expires_at: datetime = upload.expires_at
    return {
        "Upload-Offset": str(upload.received),
        "Upload-Expires": http_date(expires_at.timestamp()),
    }


def _number(request: HttpRequest, header: str) -> int:
    text = request.headers.get(header, "")
    if not text.isdecimal() or len(text) > 17:
        raise Refusal(400, f"{header} is no number.")
    return int(text)


def _metadata(header: str) -> dict[str, str]:
    told = {}
    for pair in header.split(","):
        name, _, value = pair.strip().partition(" ")
        try:
            told[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise Refusal(400, "Upload-Metadata cannot be read.") from error
    return told


def _body(request: HttpRequest) -> Iterator[bytes]:
    """The body piece by piece; one with a checksum only when it fits."""
    checksum = request.headers.get("Upload-Checksum")
    if checksum is None:
        return _pieces(request)
    return _checked(request, checksum)


def _pieces(stream: Any) -> Iterator[bytes]:
    """Read to the end, or until the connection breaks: what came before is kept."""
    while True:
        try:
            piece: bytes = stream.read(PIECE)
        except OSError:  # Django's UnreadablePostError: the sender is gone.
            return
        if not piece:
            return
        yield piece


def _checked(request: HttpRequest, header: str) -> Iterator[bytes]:
    algorithm, _, value = header.partition(" ")
    if algorithm not in ALGORITHMS:
        raise Refusal(400, f"Checksums are taken by {', '.join(ALGORITHMS)}.")
    try:
        wanted = base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise Refusal(400, "Upload-Checksum cannot be read.") from error
    digest, length = hashlib.new(algorithm, usedforsecurity=False), 0
    with tempfile.SpooledTemporaryFile(PIECE) as body:
        for piece in _pieces(request):
            length += len(piece)
            if length > LONGEST_CHECKED:
                raise Refusal(413, "A piece with a checksum has at most 64 MB.")
            digest.update(piece)
            body.write(piece)
        if not constant_time_compare(digest.digest(), wanted):
            raise Refusal(CHECKSUM_MISMATCH, "The piece is not what was sent.")
        body.seek(0)
        yield from _pieces(body)
