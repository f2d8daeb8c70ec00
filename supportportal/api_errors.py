"""Errors as API answers: one shape for every refusal, and nothing of our insides.

{"errors": [{"field": "reason", "message": "Say why.", "code": "invalid_input"}]}
"""

import logging
import re
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import set_rollback

from accounts.errors import DomainError

logger = logging.getLogger(__name__)

NOT_FOUND = "There is nothing at this address."
NOT_ALLOWED = "You may not do this."
TOO_MUCH = "That was more than we take at once."


def handle_exception(error: Exception, context: Mapping[str, Any]) -> Response:
    """Map whatever a resource raised to its answer; what we did not foresee is 500 and logged."""
    set_rollback()
    if isinstance(error, DomainError):
        return _answer(error.status, _one(error.message, code_of(error), error.field))
    if isinstance(error, Http404):
        return _answer(404, _one(NOT_FOUND, "not_found"))
    if isinstance(error, PermissionDenied):
        return _answer(403, _one(NOT_ALLOWED, "not_allowed"))
    if isinstance(error, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)):
        return _answer(413, _one(TOO_MUCH, "too_large"))
    if isinstance(error, ValidationError):
        return _answer(error.status_code, list(_problems(error.detail)))
    if isinstance(error, APIException):
        return _answer(
            error.status_code,
            [_problem(detail) for detail in _details(error.detail)],
            headers=_headers(error),
        )
    return _server_error(error, context)


def code_of(error: DomainError) -> str:
    """Name a domain error for programs: QuotaExhausted is quota_exhausted."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(error).__name__).lower()


type Problem = dict[str, str | None]


def _problem(detail: ErrorDetail, field: str | None = None) -> Problem:
    return _one(str(detail), str(detail.code or "invalid"), field)[0]


def _one(message: str, code: str, field: str | None = None) -> list[Problem]:
    return [{"field": field and _drawable(field), "message": _drawable(message), "code": code}]


def _drawable(text: str) -> str:
    """What was sent may be said again, and half a character cannot be written as bytes."""
    return text.encode(errors="replace").decode()


def _problems(detail: Any, path: tuple[str, ...] = ()) -> Iterator[Problem]:
    """Flatten a validation error; a field inside a field is written with a dot."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            is_whole = name == api_settings.NON_FIELD_ERRORS_KEY
            yield from _problems(inner, path if is_whole else (*path, str(name)))
    elif isinstance(detail, ErrorDetail):
        yield _problem(detail, ".".join(path) or None)
    else:
        for inner in detail:
            yield from _problems(inner, path)


def _details(detail: Any) -> list[ErrorDetail]:
    if isinstance(detail, ErrorDetail):
        return [detail]
    inner = detail.values() if isinstance(detail, Mapping) else detail
    return [found for one in inner for found in _details(one)]


def _headers(error: APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = f"{wait:.0f}"
    return headers


def _server_error(error: Exception, context: Mapping[str, Any]) -> Response:
    reference = f"{secrets.token_hex(2)}-{secrets.token_hex(2)}"
    request = context.get("request")
    logger.error(
        "Answered 500 with reference %s on %s",
        reference,
        request.path if request is not None else "an unknown address",
        exc_info=error,
    )
    message = f"Something broke on our side. It is logged under {reference}."
    return _answer(500, _one(message, "server_error"))


def _answer(
    status: int, errors: list[Problem], *, headers: Mapping[str, str] | None = None
) -> Response:
    return Response({"errors": errors}, status=status, headers=headers)
