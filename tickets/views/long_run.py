"""How far long work is, for the page that waits for it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sla.models import LongRun


def progress_response(request: HttpRequest, run: LongRun, *, noun: str) -> HttpResponse:
    """Draw the bar anew; once the run has ended, have the page drawn anew instead."""
    answer = render(request, "tickets/_long_run.html", {"run": run, "noun": noun})
    if not run.is_running:
        answer["HX-Refresh"] = "true"
    return answer
