"""Sending the same write twice: the header Idempotency-Key, as the operations' submission key."""

import uuid

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from accounts.errors import DomainError

HEADER = "Idempotency-Key"


class KeyReused(DomainError):
    """The key was sent before, with another body."""

    status = 422


def submission_key(request: Request) -> uuid.UUID | None:
    """Read the key, if one is sent. Raises: ValidationError when it is no UUID."""
    given = request.headers.get(HEADER)
    if given is None:
        return None
    try:
        return uuid.UUID(given)
    except ValueError as error:
        raise ValidationError({HEADER: "Send a UUID."}, code="invalid") from error


def require_same(*, is_same: bool) -> None:
    """Refuse a key that stands for another body already. Raises: KeyReused."""
    if not is_same:
        raise KeyReused(
            "This key was sent before with another body. Use a new key for a new request.",
            field=HEADER,
        )
