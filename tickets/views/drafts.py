"""How a page shows the drafts of its form, and lets go of one that was sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from accounts.kept_text import kept_for_page
from accounts.models import User
from accounts.requests import SignedInRequest
from entitlements.models import Customer
from sla import wording
from tickets.choices import DraftKind
from tickets.forms.draft import DraftForm
from tickets.models import Draft
from tickets.operations.drafts import Place, discard_sent


@dataclass(frozen=True, slots=True)
class DraftsOfForm:
    """The drafts of one form, as its page and its script (drafts.js) take them.

    `kind` is the one the form shows first; `known` what the server holds of each kind.
    """

    kind: DraftKind
    url: str
    removal_url: str
    known: dict[str, dict[str, Any]]

    @property
    def shown(self) -> dict[str, Any]:
        """What the server holds of the kind that shows."""
        return self.known.get(self.kind, {})


def drafts_of_form(
    place: Place,
    drafts: Mapping[DraftKind, Draft],
    *,
    kind: DraftKind,
    reader: User,
    now: datetime,
) -> DraftsOfForm:
    """Describe a form's drafts to its page."""
    if isinstance(place, Customer):
        urls = reverse("filing_draft"), reverse("filing_draft_removal")
    else:
        given = [place.number]
        urls = (
            reverse("ticket_draft", args=given),
            reverse("ticket_draft_removal", args=given),
        )
    known = {key.value: draft_words(draft, reader, now) for key, draft in drafts.items()}
    return DraftsOfForm(kind, *urls, known)


def draft_words(draft: Draft, reader: User, now: datetime) -> dict[str, Any]:
    """A draft as drafts.js reads it."""
    at = wording.near_words(
        draft.saved_at, ZoneInfo(reader.timezone), now=now, language=get_language()
    )
    return {"revision": str(draft.revision), "at": at, "fields": draft.fields}


def is_kept_newer(request: HttpRequest, draft: Draft) -> bool:
    """Whether the text kept over a sign-in is younger than the draft."""
    kept = kept_for_page(request)
    return kept is not None and kept["at"] > draft.saved_at.timestamp()


def let_go(request: SignedInRequest, kind: DraftKind, place: Place, form: forms.Form) -> None:
    """Throw away the draft of a form that was sent. Effects: as discard_sent."""
    seen = DraftForm(request.POST)
    seen.is_valid()
    discard_sent(
        kind,
        place,
        by=request.user,
        form=form.cleaned_data["submission_key"],
        seen=seen.cleaned_data.get("draft_seen"),
    )
