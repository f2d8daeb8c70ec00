"""What is promised beside each severity while somebody files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from entitlements.choices import Severity
from entitlements.comparison import target_words
from entitlements.models import SeverityDefinition
from entitlements.promise import Promise, explain_promise
from sla.explanation import Explanation
from tickets.choices import DraftKind, TicketKind
from tickets.forms.filing import FORMS
from tickets.offer import Offer, offer_for
from tickets.views.company import place_of


@never_cache
@require_safe
def ticket_promise(request: HttpRequest) -> HttpResponse:
    """Show what is promised now, for each kind and severity: the part of the form that ages.

    Somebody whose session has ended gets nothing new: the sign-in page would take the place of
    what they type; on sending, the text is kept and they are asked to sign in.
    Raises: Http404 for a company that is not the reader's.
    """
    if not request.user.is_authenticated:
        return HttpResponse(status=204)
    signed_in = cast("SignedInRequest", request)
    place = place_of(signed_in, request.GET.get("company", ""))
    if place is None:
        raise Http404
    offer = offer_for(place.membership, timezone.now())
    about = request.GET.get("about", "")
    form = FORMS[DraftKind(about)] if about in FORMS else FORMS[DraftKind.FILING]
    definitions = SeverityDefinition.objects.filter(severity__in=form.severities)
    context = promises_shown(signed_in, offer, definitions, form.kinds)
    context["about"] = form.draft_kind.value
    return render(request, "tickets/ticket_promise.html", context)


@dataclass(frozen=True, slots=True)
class Choice:
    """One kind at one severity, as the page says it.

    `hours` and `target` are in the reader's words; `other_zone` is the contract's zone where it
    shows another time than the reader's.
    """

    kind: TicketKind
    promise: Promise
    hours: str
    target: str
    other_zone: str
    explanation: Explanation | None
    plans_url: str


@dataclass(frozen=True, slots=True)
class SeverityChoice:
    """One severity: what it means, and its promise for each kind that can be filed."""

    definition: SeverityDefinition
    choices: list[Choice]


def promises_shown(
    request: SignedInRequest,
    offer: Offer,
    definitions: Iterable[SeverityDefinition],
    form_kinds: Sequence[TicketKind],
) -> dict[str, Any]:
    """What a page shows of the promises for the kinds a form files.

    What is neither premium nor break/fix is served as break/fix is.
    """
    zone, company = request.user.timezone, offer.membership.customer.slug
    served = {kind: offer.promises.get(kind) for kind in form_kinds}
    if TicketKind.PREMIUM not in served:
        served = dict.fromkeys(form_kinds, offer.promises[TicketKind.BREAK_FIX])
    severities = [
        SeverityChoice(
            definition,
            [
                _choice(kind, promises[Severity(definition.severity)], zone, company)
                for kind, promises in served.items()
                if promises is not None
            ],
        )
        for definition in definitions
    ]
    return {
        "offer": offer,
        "customer": offer.membership.customer,
        "severities": severities,
        "has_both_kinds": len([kind for kind in served if served[kind] is not None]) > 1,
        "uncounted": form_kinds[-1],
        "now": offer.now,
    }


def _choice(kind: TicketKind, promise: Promise, zone: str, company: str) -> Choice:
    asked = {"company": company, "severity": promise.level.severity}
    at = promise.due_at or promise.opens_at
    is_same = (
        at.astimezone(ZoneInfo(zone)).utcoffset()
        == at.astimezone(ZoneInfo(promise.zone)).utcoffset()
    )
    return Choice(
        kind=kind,
        promise=promise,
        hours=promise.calendar_version.hours_text(promise.zone, get_language()),
        target=target_words(promise.level),
        other_zone="" if is_same else promise.zone,
        explanation=explain_promise(promise, reader_zone=zone),
        plans_url=f"{reverse('plan_promises')}?{urlencode(asked)}",
    )
