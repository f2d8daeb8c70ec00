"""Filing a ticket in the portal, with what is promised on screen before."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.errors import DomainError
from accounts.kept_text import kept_initial
from accounts.requests import SignedInRequest
from entitlements.models import Customer, SeverityDefinition
from sla import wording
from sla.choices import ClockState
from tickets.choices import DraftKind, TicketKind
from tickets.filing_guide import FilingGuide, filing_guide
from tickets.forms.files import refused_files
from tickets.forms.filing import FORMS, FilingForm
from tickets.models import DatabaseBuild, Draft, Ticket
from tickets.offer import Offer, offer_for
from tickets.operations.conversation.sent_once import require_same_words
from tickets.operations.drafts import filing_draft
from tickets.operations.file_uploads import uploads_for
from tickets.operations.filing import file_ticket
from tickets.views.carrying_out import add_refusal
from tickets.views.company import Place, place_of
from tickets.views.drafts import drafts_of_form, is_kept_newer, let_go
from tickets.views.filed_before import filed_before
from tickets.views.filing_cards import kind_cards, service_cards
from tickets.views.filing_promises import promises_shown

# What the button says that only shows the promise, for browsers without script.
SHOW_PROMISE = "promise"


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
    about = _form_of(request)
    now = timezone.now()
    offer = offer_for(place.membership, now)
    customer = place.membership.customer
    follows = _follows(request, customer)
    guide = filing_guide(place.membership)
    options = _options(offer, about, guide)
    if request.method != "POST":
        draft = filing_draft(customer, by=request.user, kind=about.draft_kind)
        # A draft of one thing is not offered for another: a follow-up begins with its own words.
        if draft is not None and draft.text("follows") != _number(follows):
            draft = None
        form = about(
            initial=_initial(request, offer, guide, about, follows=follows, draft=draft), **options
        )
        return _page(request, place, offer, form, follows, draft=draft)
    if request.POST.get("step") == SHOW_PROMISE:
        form = about(initial=_typed(request, about, options["definitions"]), **options)
        return _page(request, place, offer, form, follows)
    form = about(request.POST, request.FILES, refused=refused_files(request), **options)
    status = 422
    if form.is_valid():
        try:
            before = filed_before(request, customer, form, now) if follows is None else None
            ticket = before or _file(request, customer, form, follows, now)
        except DomainError as error:
            add_refusal(form, error)
            # A form that cannot be sent as it is, whatever the rule that says so.
            status = 409 if error.status == 409 else 422
        else:
            let_go(request, form.draft_kind, customer, form)
            if ticket.is_open:  # Not so when an old form of a withdrawn ticket is sent again.
                messages.success(request, _done(ticket, request.user.timezone, now))
            return redirect(ticket)
    return _page(request, place, offer, form, follows, status=status)


def _form_of(request: SignedInRequest) -> type[FilingForm]:
    """Which form is asked for; something that does not work, unless the address says otherwise."""
    about = request.POST.get("about") or request.GET.get("about", "")
    return FORMS[DraftKind(about)] if about in FORMS else FORMS[DraftKind.FILING]


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


def _options(offer: Offer, about: type[FilingForm], guide: FilingGuide) -> dict[str, Any]:
    options: dict[str, Any] = {
        "definitions": guide.definitions,
        "products": guide.products,
        "colleagues": guide.colleagues,
        "asked": guide.asked,
    }
    if about.draft_kind == DraftKind.FILING:
        options["cards"] = kind_cards(offer)
    elif about.draft_kind == DraftKind.SERVICE:
        options["cards"] = service_cards(offer)
    return options


def _number(follows: Ticket | None) -> str:
    return str(follows.number) if follows is not None else ""


def _initial(
    request: SignedInRequest,
    offer: Offer,
    guide: FilingGuide,
    about: type[FilingForm],
    *,
    follows: Ticket | None,
    draft: Draft | None,
) -> dict[str, Any]:
    initial: dict[str, Any] = {"submission_key": uuid.uuid4()}
    initial["watchers"] = [one.user_id for one in guide.colleagues if one.hears_of_all]
    if not offer.can_file_premium:
        initial["kind"] = TicketKind.BREAK_FIX
    if follows is not None:
        initial |= {
            "subject": (_("Follow-up: %(subject)s") % {"subject": follows.subject})[:200],
            "product": follows.product_id,
            "version": follows.version,
            "watchers": [
                *initial["watchers"],
                *follows.watchers.values_list("pk", flat=True),
                follows.filed_by_id,
            ],
        }
    if draft is not None:
        # Nobody gets a copy where the draft has unticked them all.
        initial["watchers"] = []
        initial |= {
            name: values if name in about.several else values[0]
            for name, values in draft.fields.items()
        }
        if not is_kept_newer(request, draft):
            return initial
    kept = kept_initial(request)
    for name in about.several:
        if isinstance(kept.get(name), str):
            kept[name] = [kept[name]]
    return initial | kept


def _typed(
    request: SignedInRequest,
    about: type[FilingForm],
    definitions: Sequence[SeverityDefinition],
) -> dict[str, Any]:
    """What was typed, with the severity that the ticked criteria propose."""
    typed: dict[str, Any] = {
        name: values if name in about.several else values[0]
        for name, values in request.POST.lists()
        if values
    }
    if not typed.get("severity"):
        ticked = set(typed.get("criteria", []))
        typed["severity"] = next(
            (one.severity for one in definitions if ticked & set(one.criteria)), None
        )
    return typed


def _file(
    request: SignedInRequest,
    customer: Customer,
    form: FilingForm,
    follows: Ticket | None,
    now: datetime,
) -> Ticket:
    data, kind = form.cleaned_data, form.ticket_kind
    assert kind is not None, "the form is valid"
    ticket = file_ticket(
        customer=customer,
        by=request.user,
        kind=kind,
        severity=data["severity"],
        subject=data["subject"],
        description=data["description"],
        criteria=data["criteria"],
        product=data["product"],
        version=data["version"],
        files=data["files"],
        fields=form.answers(),
        facts=form.facts(),
        watchers=list(data["watchers"]),
        submission_key=data["submission_key"],
        follows=follows,
        now=now,
    )
    words = (data["subject"].strip(), data["description"].strip())
    require_same_words(is_same=(ticket.subject, ticket.description) == words)
    return ticket


def _done(ticket: Ticket, zone: str, now: datetime) -> str:
    told = {"ticket": ticket.reference, "phone": settings.PHONE_LINE}
    clock = ticket.response_clock
    if clock is None or clock.due_at is None:
        return (
            _(
                "Ticket %(ticket)s created. There is no promised time for it; you hear from us in "
                "covered hours."
            )
            % told
        )
    told["due"] = wording.moment_words(
        clock.due_at, ZoneInfo(zone), now=now, language=get_language()
    )
    if clock.state(now) == ClockState.WAITING_FOR_CALL:
        return (
            _(
                "Ticket %(ticket)s created. Now call %(phone)s with your PIN: the clock starts "
                "with your call. Without one we answer by %(due)s."
            )
            % told
        )
    return _("Ticket %(ticket)s created. We answer by %(due)s.") % told


def _page(
    request: SignedInRequest,
    place: Place,
    offer: Offer,
    form: FilingForm,
    follows: Ticket | None,
    *,
    draft: Draft | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "drafts": drafts_of_form(
            place.membership.customer,
            {form.draft_kind: draft} if draft is not None else {},
            kind=form.draft_kind,
            reader=request.user,
            now=offer.now,
        ),
        "place": place,
        "form": form,
        "follows": follows,
        "about": form.draft_kind.value,
        "waiting_files": uploads_for(
            place.membership.customer, by=request.user, now=offer.now, kind=form.draft_kind
        ),
        "latest_build": (
            DatabaseBuild.objects.latest_published()
            if form.draft_kind == DraftKind.RELEASE
            else None
        ),
        **promises_shown(request, offer, form.definitions, form.kinds),
    }
    return render(request, "tickets/ticket_new.html", context, status=status)
