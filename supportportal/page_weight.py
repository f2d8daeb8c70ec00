"""Sends pages compressed to browsers that take them so (docs/decisions, 0032)."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressPagesMiddleware(GZipMiddleware):
    """Compresses whole pages of HTML, and nothing else.

    Files are compressed already or large, streams must arrive as they come, and what the API
    answers is a program's. Static files never come here: WhiteNoise keeps them compressed.
    """

    def process_response(self, request: HttpRequest, response: Any) -> HttpResponseBase:
        """Compress a page; the length of what comes out is made to vary a little (BREACH)."""
        kind = response.get("Content-Type", "").partition(";")[0].strip()
        if response.streaming or kind != "text/html":
            return response  # type: ignore[no-any-return]  # Any, as the stubs have it
        return super().process_response(request, response)
