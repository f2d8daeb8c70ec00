"""Who belongs to a company, who holds its seats, and who is invited: for its own people."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from entitlements.account import contract_of_today
from entitlements.continuity import continuity_of
from entitlements.forms.customer import SeatForm
from entitlements.history import history_for_manager
from entitlements.models import Contract, Customer, Membership, SeatHolding
from entitlements.operations.customers import choose_night_calls, restore_person
from entitlements.operations.invitations import invitations_of
from entitlements.permissions import membership_of
from entitlements.views.company import frame_of, seen_company


@login_required
@require_GET
def show_people(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show a company's people, seats and open invitations to one of its people."""
    return people_page(request, seen_company(request, slug))


def people_page(
    request: SignedInRequest, customer: Customer, *, of: Contract | None = None, **forms: Any
) -> HttpResponse:
    """Draw the page, with a refused form of a contract's seats in its place, and 422, if any.

    Staff who do not belong to the company are led to their own page of it.
    """
    now = timezone.now()
    people = list(
        customer.memberships.current().select_related("user").order_by("user__name", "pk")
    )
    membership = next((one for one in people if one.user_id == request.user.pk), None)
    if membership is None:
        return redirect("customer", slug=customer.slug)
    contract = contract_of_today(customer, now)
    seats = _seats(contract, customer)
    held = {holding.membership_id for holding in seats}
    context = {
        "here": "people",
        "people": people,
        "seats": seats,
        "holders": held,
        "continuity": continuity_of(contract, seats) if contract else None,
        **frame_of(customer, membership, contract, now, holds_seat=membership.pk in held),
    }
    if membership.is_manager:
        to_come = Contract.objects.to_come(customer.pk, now).first()
        context |= {
            "invitations": invitations_of(customer),
            "seat_form": _seat_form(contract, people, held) if contract else None,
        }
        if to_come is not None:
            context["to_come"] = _seats_to_come(
                to_come, customer, people, held, has_present=contract is not None
            )
        if of is not None and of == to_come:
            context["to_come"] |= forms
        else:
            context |= forms
    status = HTTPStatus.UNPROCESSABLE_ENTITY if forms else HTTPStatus.OK
    return render(request, "entitlements/company_people.html", context, status=status)


@login_required
@require_GET
def show_history(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show a company's manager who changed what, and who has left."""
    customer, membership = _managed(request, slug)
    now = timezone.now()
    left = customer.memberships.filter(left_at__isnull=False).select_related("user")
    context = {
        "history": history_for_manager(customer),
        "here": "history",
        "shows_subject": True,
        "left": left.order_by("-left_at"),
        **frame_of(customer, membership, contract_of_today(customer, now), now, holds_seat=False),
    }
    return render(request, "entitlements/company_history.html", context)


@login_required
@require_POST
def let_back_in(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Let somebody who left back into the company."""
    customer, _manager = _managed(request, slug)
    membership = restore_person(get_object_or_404(customer.memberships, pk=pk), by=request.user)
    messages.success(
        request,
        _("%(user)s belongs to %(customer)s again.")
        % {"user": membership.user, "customer": customer},
    )
    return redirect("company_people", slug=slug)


@login_required
@require_POST
def change_night_calls(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Say whether we may call somebody at night; they themselves or the manager."""
    customer = seen_company(request, slug)
    membership = get_object_or_404(
        customer.memberships.current().select_related("user", "customer"), pk=pk
    )
    membership = choose_night_calls(
        membership, answers_at_night=request.POST.get("may") == "yes", by=request.user
    )
    said = (
        _("%(user)s may be called at night and at weekends.")
        if membership.answers_at_night
        else _("%(user)s is not called at night and at weekends.")
    )
    messages.success(request, said % {"user": membership.user})
    return redirect("company_people", slug=slug)


def _seats(contract: Contract | None, customer: Customer) -> list[SeatHolding]:
    if contract is None:
        return []
    contract.customer = customer
    held = contract.seat_holdings.current().select_related("membership__user")
    return list(held.order_by("held_from", "pk"))


def _seats_to_come(
    contract: Contract,
    customer: Customer,
    people: list[Membership],
    held_now: set[int],
    *,
    has_present: bool,
) -> dict[str, Any]:
    """The seats of a contract that has not begun, which has the same holders as long as it can."""
    seats = _seats(contract, customer)
    held = {holding.membership_id for holding in seats}
    return {
        "contract": contract,
        "seats": seats,
        "is_in_step": has_present and held == held_now,
        "is_smaller": len(held_now) > contract.seat_limit,
        "seat_form": _seat_form(contract, people, held),
    }


def _seat_form(contract: Contract, people: list[Membership], held: set[int]) -> SeatForm:
    return SeatForm(contract, candidates=[one for one in people if one.pk not in held])


def _managed(request: SignedInRequest, slug: str) -> tuple[Customer, Membership]:
    """Fetch a company for its manager. Raises: Http404 when unseen, NotAllowed for others."""
    customer = seen_company(request, slug)
    membership = membership_of(request.user, customer)
    if membership is None or not membership.is_manager:
        raise NotAllowed(_("This page is for the company manager."))
    return customer, membership
