"""What Markdown will look like, drawn by the same cleaner as the conversation."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from tickets.operations.drafts import MAX_WORDS


@login_required
@require_POST
def preview(request: SignedInRequest) -> HttpResponse:
    """Draw what was typed; nothing is kept of it."""
    text = request.POST.get("body", "")[:MAX_WORDS]
    return render(request, "tickets/_preview.html", {"text": text})
