"""Filing for somebody on the phone: the PIN first, then the ticket with what is promised."""

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.errors import DomainError, NotAllowed
from accounts.forms import add_domain_error
from accounts.kept_text import kept_initial
from accounts.requests import SignedInRequest
from entitlements.choices import Severity
from entitlements.models import Customer, Membership, SeverityDefinition
from entitlements.promise import Promise
from sla import wording
from tickets.choices import TicketKind
from tickets.forms.staff import CallerForm, PhoneFilingForm
from tickets.offer import Offer, offer_for
from tickets.operations.conversation.sent_once import require_same_words
from tickets.operations.phone import file_phone_ticket
from tickets.permissions import WORKS_TICKETS
from tickets.views.carrying_out import add_refusal
from tickets.views.staff import staff_only

# Goes along when a caller must be found anew.
WRITTEN_DOWN = (
    "kind",
    "severity",
    "subject",
    "description",
    "product",
    "version",
    "submission_key",
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def ticket_new_phone(request: SignedInRequest) -> HttpResponse:
    """Check the caller, show what is promised, and file.

    The PIN is posted and never stands in an address. Raises: NotAllowed for somebody who takes
    no calls.
    """
    if not request.user.has_role(*WORKS_TICKETS):
        raise NotAllowed("Only engineers file for callers.")
    customers = Customer.objects.visible_to(request.user).order_by("name")
    if request.method != "POST":
        # Their PIN is not kept: whoever was signed out meanwhile checks the caller anew.
        typed = kept_initial(request)
        form = CallerForm(
            customers=customers, by=request.user, initial={"customer": typed.get("customer")}
        )
        written = {name: typed[name] for name in WRITTEN_DOWN if typed.get(name)}
        return _caller_page(request, form, written)
    if "subject" not in request.POST:
        checked = CallerForm(request.POST, customers=customers, by=request.user)
        kept = _written_down(request, "kept_")
        if not checked.is_valid():
            return _caller_page(request, checked, kept, status=422)
        form = PhoneFilingForm(
            customers=customers,
            by=request.user,
            initial={
                "customer": checked.cleaned_data["customer"].slug,
                "caller_pin": checked.cleaned_data["caller_pin"],
                "submission_key": uuid.uuid4(),
            }
            | kept,
        )
        return _filing_page(request, form, checked.cleaned_data["caller"])
    form = PhoneFilingForm(request.POST, customers=customers, by=request.user)
    is_valid, status = form.is_valid(), 422
    caller: Membership | None = form.cleaned_data.get("caller")
    if caller is None:
        again = CallerForm(request.POST, customers=customers, by=request.user)
        return _caller_page(request, again, _written_down(request), status=422)
    if is_valid:
        try:
            return _file(request, form, caller)
        except NotAllowed as error:
            add_domain_error(form, error)
        except DomainError as error:
            add_refusal(form, error)
            status = error.status
    return _filing_page(request, form, caller, status=status)


def _file(request: SignedInRequest, form: PhoneFilingForm, caller: Membership) -> HttpResponse:
    typed = form.cleaned_data
    ticket = file_phone_ticket(
        caller=caller,
        caller_pin=typed["caller_pin"],
        by=request.user,
        kind=TicketKind(typed["kind"]),
        severity=Severity(typed["severity"]),
        subject=typed["subject"],
        description=typed["description"],
        product=typed["product"],
        version=typed["version"],
        submission_key=typed["submission_key"],
    )
    words = (typed["subject"].strip(), typed["description"].strip())
    require_same_words(is_same=(ticket.subject, ticket.description) == words)
    messages.success(request, f"{ticket.reference} is filed for {caller.user}.")
    return redirect(ticket)


def _written_down(request: SignedInRequest, prefix: str = "") -> dict[str, str]:
    """What was typed of the call before its caller could not be found again."""
    posted = {name: request.POST.get(prefix + name, "") for name in WRITTEN_DOWN}
    return {name: value for name, value in posted.items() if value}


def _caller_page(
    request: SignedInRequest,
    form: CallerForm,
    kept: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "kept": kept}
    return render(request, "tickets/ticket_new_phone.html", context, status=status)


def _filing_page(
    request: SignedInRequest, form: PhoneFilingForm, caller: Membership, *, status: int = 200
) -> HttpResponse:
    offer = offer_for(caller, timezone.now())
    _offer_cards(form, offer, request.user.timezone)
    return render(
        request,
        "tickets/ticket_new_phone.html",
        {"form": form, "caller": caller, "offer": offer, "now": offer.now},
        status=status,
    )


def _offer_cards(form: PhoneFilingForm, offer: Offer, zone: str) -> None:
    """Say on the cards what the caller is promised, so that it can be read out."""
    kinds: dict[str, dict[str, Any]] = {
        TicketKind.PREMIUM: {
            "icon": "lifebuoy",
            "text": "Served on the contract’s times.",
            "promise": "Not available",
            "detail": offer.refusal,
        },
        TicketKind.BREAK_FIX: {
            "icon": "tools",
            "text": "Served on Standard Support times.",
            "promise": "Not counted",
            "detail": "Unlimited in every plan",
        },
    }
    balance = offer.balance
    if offer.can_file_premium and balance is not None:
        left = (
            "Counted, never refused" if balance.left is None else f"Uses 1 of {balance.left} left"
        )
        kinds[TicketKind.PREMIUM] |= {"promise": left, "detail": ""}
    else:
        kinds[TicketKind.PREMIUM]["disabled"] = True
        form.initial["kind"] = TicketKind.BREAK_FIX
    form.fields["kind"].cards = kinds  # type: ignore[attr-defined]  # read by the card filter
    form.fields["severity"].cards = {  # type: ignore[attr-defined]  # read by the card filter
        str(definition.severity): {
            "severity": definition.severity,
            "text": f"{definition.means[:1].upper()}{definition.means[1:]}.",
            **_promised(offer, Severity(definition.severity), zone),
        }
        for definition in SeverityDefinition.objects.all()
    }


def _promised(offer: Offer, severity: Severity, zone: str) -> dict[str, str]:
    words = {kind: _due(promises[severity], zone) for kind, promises in offer.promises.items()}
    break_fix = words[TicketKind.BREAK_FIX]
    if TicketKind.PREMIUM not in words:
        return {"promise": break_fix, "detail": "as break/fix"}
    return {
        "promise": words[TicketKind.PREMIUM],
        "detail": f"as premium incident. As break/fix: {break_fix[0].lower()}{break_fix[1:]}",
    }


def _due(promise: Promise, zone: str) -> str:
    """The promise for a caller: a clock that waits for a call runs, because they are calling."""
    due = promise.due_at_if_called if promise.call_required else promise.due_at
    if due is None:
        return "No promised time"
    return f"We answer by {wording.moment_words(due, ZoneInfo(zone), now=promise.filed_at)}"
