"""Filing a ticket in the portal, with what is promised on screen before."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.errors import DomainError
from accounts.forms import add_domain_error
from accounts.kept_text import kept_initial
from accounts.requests import SignedInRequest
from entitlements.choices import Severity
from entitlements.models import Customer, SeverityDefinition
from entitlements.promise import Promise, explain_promise
from sla import wording
from sla.choices import ClockState
from sla.explanation import Explanation
from tickets.choices import DraftKind, TicketKind
from tickets.forms.files import refused_files
from tickets.forms.filing import KINDS, TicketForm
from tickets.models import Draft, Product, Ticket
from tickets.offer import Offer, offer_for
from tickets.operations.drafts import filing_draft
from tickets.operations.filing import file_ticket
from tickets.views.company import Place, place_of
from tickets.views.drafts import drafts_of_form, is_kept_newer, let_go

_SEVERAL = ("criteria", "watchers")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ticket_new(request: SignedInRequest) -> HttpResponse:
    """Show the form with what is promised now; file what was sent.

    Raises: Http404 for a company, or a ticket to follow up, that is not the reader's.
    """
    if request.user.is_staff_member:
        return redirect("queue")
    place = place_of(request, request.POST.get("company") or request.GET.get("company", ""))
    if place is None:
        return render(request, "tickets/no_company.html")
    now = timezone.now()
    offer = offer_for(place.membership, now)
    follows = _follows(request, place.membership.customer)
    definitions = list(SeverityDefinition.objects.all())
    options = _options(offer, definitions)
    if request.method != "POST":
        draft = filing_draft(place.membership.customer, by=request.user)
        # A draft of one thing is not offered for another: a follow-up begins with its own words.
        if draft is not None and draft.text("follows") != _number(follows):
            draft = None
        form = TicketForm(initial=_initial(request, offer, follows, draft), **options)
        return _page(request, place, offer, form, follows, draft=draft)
    form = TicketForm(request.POST, request.FILES, refused=refused_files(request), **options)
    status = 422
    if form.is_valid():
        try:
            ticket = _file(request, place.membership.customer, form, follows, now)
        except DomainError as error:
            add_domain_error(form, error)
            # A form that cannot be sent as it is, whatever the rule that says so.
            status = 409 if error.status == 409 else 422
        else:
            let_go(request, DraftKind.FILING, place.membership.customer, form)
            messages.success(request, _done(ticket, request.user.timezone, now))
            return redirect(ticket)
    return _page(request, place, offer, form, follows, status=status)


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
    context = _promises(signed_in, offer, SeverityDefinition.objects.all())
    return render(request, "tickets/ticket_promise.html", context)


def _follows(request: SignedInRequest, customer: Customer) -> Ticket | None:
    wanted = request.POST.get("follows") or request.GET.get("follows", "")
    if not wanted:
        return None
    digits = wanted.upper().removeprefix("TK-")
    tickets = Ticket.objects.visible_to(request.user).filter(customer=customer)
    is_number = digits.isdecimal() and len(digits) < 18
    found = tickets.filter(number=digits).first() if is_number else None
    if found is None:
        raise Http404
    return found


def _options(offer: Offer, definitions: list[SeverityDefinition]) -> dict[str, Any]:
    customer = offer.membership.customer
    colleagues = customer.memberships.current().exclude(user=offer.membership.user_id)
    return {
        "definitions": definitions,
        "products": list(Product.objects.all()),
        "colleagues": list(colleagues.values_list("user_id", flat=True)),
        "cards": _kind_cards(offer),
    }


def _kind_cards(offer: Offer) -> dict[str, dict[str, Any]]:
    premium: dict[str, Any] = {
        "icon": "lifebuoy",
        "text": "Served on your contract's times, with the promise shown below.",
        "promise": "Not available",
        "detail": offer.refusal,
        "disabled": not offer.can_file_premium,
    }
    if offer.can_file_premium and offer.balance is not None:
        if offer.balance.left is None:
            premium |= {"promise": "Counted, never refused", "detail": "Unlimited in your plan"}
        else:
            premium |= {
                "promise": f"Uses 1 of your {offer.balance.left} left",
                "used": offer.balance.used,
                "total": offer.balance.total,
            }
    break_fix = {
        "icon": "tools",
        "text": "The product does not do what it should. Served on Standard Support times.",
        "promise": "Not counted",
        "detail": "Unlimited in every plan",
    }
    return {TicketKind.PREMIUM.value: premium, TicketKind.BREAK_FIX.value: break_fix}


def _number(follows: Ticket | None) -> str:
    return str(follows.number) if follows is not None else ""


def _initial(
    request: SignedInRequest, offer: Offer, follows: Ticket | None, draft: Draft | None
) -> dict[str, Any]:
    initial: dict[str, Any] = {"submission_key": uuid.uuid4()}
    if not offer.can_file_premium:
        initial["kind"] = TicketKind.BREAK_FIX
    if follows is not None:
        initial |= {
            "subject": f"Follow-up: {follows.subject}"[:200],
            "product": follows.product_id,
            "version": follows.version,
        }
    if draft is not None:
        initial |= {
            name: values if name in _SEVERAL else values[0] for name, values in draft.fields.items()
        }
        if not is_kept_newer(request, draft):
            return initial
    kept = kept_initial(request)
    for name in _SEVERAL:
        if isinstance(kept.get(name), str):
            kept[name] = [kept[name]]
    return initial | kept


def _file(
    request: SignedInRequest,
    customer: Customer,
    form: TicketForm,
    follows: Ticket | None,
    now: datetime,
) -> Ticket:
    data = form.cleaned_data
    return file_ticket(
        customer=customer,
        by=request.user,
        kind=data["kind"],
        severity=data["severity"],
        subject=data["subject"],
        description=data["description"],
        criteria=data["criteria"],
        product=data["product"],
        version=data["version"],
        files=data["files"],
        watchers=list(data["watchers"]),
        submission_key=data["submission_key"],
        follows=follows,
        now=now,
    )


def _done(ticket: Ticket, zone: str, now: datetime) -> str:
    done = f"Ticket {ticket.reference} created."
    clock = ticket.response_clock
    if clock is None or clock.due_at is None:
        return f"{done} There is no promised time for it; you hear from us in covered hours."
    due = wording.moment_words(clock.due_at, ZoneInfo(zone), now=now)
    if clock.state(now) == ClockState.WAITING_FOR_CALL:
        return (
            f"{done} Now call {settings.PHONE_LINE} with your PIN: the clock starts with your "
            f"call. Without one we answer by {due}."
        )
    return f"{done} We answer by {due}."


def _page(
    request: SignedInRequest,
    place: Place,
    offer: Offer,
    form: TicketForm,
    follows: Ticket | None,
    *,
    draft: Draft | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "drafts": drafts_of_form(
            place.membership.customer,
            {DraftKind.FILING: draft} if draft is not None else {},
            kind=DraftKind.FILING,
            reader=request.user,
            now=offer.now,
        ),
        "place": place,
        "form": form,
        "follows": follows,
        **_promises(request, offer, form.definitions),
    }
    return render(request, "tickets/ticket_new.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Choice:
    """One kind at one severity, as the page says it.

    `other_zone` is the contract's zone where it shows another time than the reader's.
    """

    kind: TicketKind
    promise: Promise
    hours: str
    other_zone: str
    explanation: Explanation | None
    plans_url: str


@dataclass(frozen=True, slots=True)
class SeverityChoice:
    """One severity: what it means, and its promise for each kind that can be filed."""

    definition: SeverityDefinition
    choices: list[Choice]


def _promises(
    request: SignedInRequest, offer: Offer, definitions: Iterable[SeverityDefinition]
) -> dict[str, Any]:
    zone, company = request.user.timezone, offer.membership.customer.slug
    kinds = [kind for kind in KINDS if kind in offer.promises]
    severities = [
        SeverityChoice(
            definition,
            [
                _choice(kind, offer.promises[kind][Severity(definition.severity)], zone, company)
                for kind in kinds
            ],
        )
        for definition in definitions
    ]
    return {
        "offer": offer,
        "customer": offer.membership.customer,
        "severities": severities,
        "has_both_kinds": len(kinds) > 1,
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
        hours=promise.calendar_version.hours_text(promise.zone),
        other_zone="" if is_same else promise.zone,
        explanation=explain_promise(promise, reader_zone=zone),
        plans_url=f"{reverse('plan_promises')}?{urlencode(asked)}",
    )
