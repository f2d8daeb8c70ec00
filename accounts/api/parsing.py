"""Reading a request's body: JSON, bounded in size and depth, strict in form."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser


class BodyTooLarge(APIException):
    """More than the portal reads at once."""

    status_code = 413
    default_detail = "The body is larger than 1 MB."
    default_code = "too_large"


class BoundedJSONParser(JSONParser):
    """Reads JSON up to DATA_UPLOAD_MAX_MEMORY_SIZE.

    The framework's own parser reads the stream past Django's limit, and answers 500 to a body
    nested deeper than Python recurses. Names given twice in one object are refused, because two
    programs would not agree on which counts.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the parsed body. Raises: BodyTooLarge, ParseError."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise BodyTooLarge
        try:
            # As RFC 8259 has it, whatever charset is claimed.
            return json.loads(
                body.decode("utf-8"), parse_constant=_refuse, object_pairs_hook=_unique
            )
        except (ValueError, RecursionError) as error:
            raise ParseError("The body is not JSON that we can read.") from error


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is given twice")
    return found
