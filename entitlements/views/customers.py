"""Customers, on our side."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import InvalidInput, NotAllowed
from accounts.forms import add_domain_error
from accounts.kept_text import kept_initial
from accounts.requests import SignedInRequest
from entitlements.account import account_of, accounts_of
from entitlements.forms.customer import CustomerForm
from entitlements.history import history_of_customer
from entitlements.models import Customer, LedgerEntry, Membership
from entitlements.operations.customers import create_customer, update_customer
from entitlements.permissions import can_administer, can_read_customers

PAGE_SIZE = 50
RECENT_ROWS = 8


@login_required
@require_GET
def show_customers(request: SignedInRequest) -> HttpResponse:
    """List the customers the reader may see, found by name, address of a person, or contract."""
    _require_reader(request)
    # PostgreSQL refuses a text with NUL in it.
    words = request.GET.get("q", "").replace("\0", "").strip()
    customers = Customer.objects.visible_to(request.user).select_related("tam", "tam_team")
    if words:
        found = Customer.objects.filter(
            Q(name__icontains=words)
            | Q(contracts__number__icontains=words)
            | Q(memberships__user__email__icontains=words)
        )
        customers = customers.filter(pk__in=found.values("pk"))
    page = Paginator(customers, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "accounts": accounts_of(page.object_list, timezone.now()),
        "words": words,
        "query": urlencode({"q": words}) if words else "",
        "can_administer": can_administer(request.user),
    }
    return render(request, "entitlements/customer_list.html", context)


@login_required
@require_GET
def show_customer(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show a customer with its contracts, people, recent incidents and history."""
    customer = _seen_customer(request, slug)
    now = timezone.now()
    people = list(
        customer.memberships.current()
        .select_related("user")
        .prefetch_related("seat_holdings__contract")
        .order_by("user__name")
    )
    contracts = customer.contracts.select_related("edition__plan")
    context = {
        "customer": customer,
        "account": account_of(customer, now),
        "contracts": [(one, one.state_at(now)) for one in contracts],
        "people": [(one, _held_numbers(one)) for one in people],
        "movements": LedgerEntry.objects.filter(year__contract__customer=customer).select_related(
            "by", "year__contract"
        )[:RECENT_ROWS],
        "history": history_of_customer(customer),
        "can_administer": can_administer(request.user),
    }
    return render(request, "entitlements/customer.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add_customer(request: SignedInRequest) -> HttpResponse:
    """Add a customer."""
    if not can_administer(request.user):
        raise NotAllowed("Only an administrator adds customers.")
    if request.method == "POST":
        form = CustomerForm(request.POST)
        if form.is_valid():
            try:
                customer = create_customer(by=request.user, **form.cleaned_data)
            except InvalidInput as error:
                add_domain_error(form, error)
            else:
                messages.success(request, f"{customer} added.")
                return redirect("customer", slug=customer.slug)
    else:
        form = CustomerForm(initial=kept_initial(request))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "entitlements/customer_new.html", {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def edit_customer(request: SignedInRequest, slug: str) -> HttpResponse:
    """Change a customer's name, zone and account managers."""
    customer = _seen_customer(request, slug)
    if not can_administer(request.user):
        raise NotAllowed("Only an administrator changes customers.")
    if request.method == "POST":
        form = CustomerForm(request.POST)
        if form.is_valid():
            try:
                customer = update_customer(customer, by=request.user, **form.cleaned_data)
            except InvalidInput as error:
                add_domain_error(form, error)
            else:
                messages.success(request, "Changes saved.")
                return redirect("customer", slug=customer.slug)
    else:
        present = {
            "name": customer.name,
            "zone": customer.timezone,
            "tam": customer.tam,
            "tam_team": customer.tam_team,
        }
        form = CustomerForm(initial=present | kept_initial(request))
    context = {"form": form, "customer": customer}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "entitlements/customer_edit.html", context, status=status)


def _require_reader(request: SignedInRequest) -> None:
    if not can_read_customers(request.user):
        raise NotAllowed("Customers are read by support, account managers and administrators.")


def _seen_customer(request: SignedInRequest, slug: str) -> Customer:
    """Find a customer the reader may see; somebody of the company is sent no staff page."""
    visible = Customer.objects.visible_to(request.user).select_related("tam", "tam_team")
    customer = get_object_or_404(visible, slug=slug)
    _require_reader(request)
    return customer


def _held_numbers(membership: Membership) -> list[str]:
    return [
        holding.contract.number
        for holding in membership.seat_holdings.all()
        if holding.held_until is None
    ]
