"""The company's home: who is there now, what is open, what is left."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User, known_people
from accounts.requests import SignedInRequest
from entitlements.account import Incidents, Standing, standing_of
from entitlements.models import Contract, Customer, Membership
from entitlements.promise import promises_on
from tickets.choices import TicketState
from tickets.coverage import Coverage, coverage_at
from tickets.models import CustomerEscalation, Ticket
from tickets.ticket_lines import TicketLine, ticket_lines
from tickets.views.company import Place, place_of

# The home is an overview; the list has the rest.
MOST_OPEN = 30
MOST_ENDED = 5
ENDED_WITHIN = timedelta(days=14)


@login_required
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """Lead everybody to where their work is: staff to the queue, a customer to the company."""
    if request.user.is_staff_member:
        return redirect("queue")
    return _company_page(request, place_of(request))


@login_required
@require_safe
def company_home(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show the home of one of the reader's companies, and remember it.

    Raises: Http404 for a company that is not the reader's.
    """
    if request.user.is_staff_member:
        # Notices about a company lead here; its account manager's page has another address.
        return redirect("customer", slug=slug)
    return _company_page(request, place_of(request, slug))


def _company_page(request: HttpRequest, place: Place | None) -> HttpResponse:
    if place is None:
        return render(request, "tickets/no_company.html")
    assert isinstance(request.user, User)
    now = timezone.now()
    membership = place.membership
    customer = membership.customer
    side = _side(standing_of(customer, now), membership, now)
    tickets = Ticket.objects.visible_to(request.user).filter(customer=customer)
    open_tickets = list(tickets.open().for_customer_list()[: MOST_OPEN + 1])
    lately = now - ENDED_WITHIN
    ended = list(
        tickets.ended()
        .filter(Q(resolved_at__gte=lately) | Q(closed_at__gte=lately))
        .with_clock()
        .order_by("-state", "-updated_at")[:MOST_ENDED]
    )
    lines = {line.ticket.pk: line for line in ticket_lines([*open_tickets, *ended], now=now)}
    open_lines = [lines[ticket.pk] for ticket in open_tickets[:MOST_OPEN]]
    context = {
        "place": place,
        "customer": customer,
        "now": now,
        "coverage": _coverage(side.contract, now, ZoneInfo(request.user.timezone)),
        "side": side,
        "escalation": (escalation := _escalation(request.user, customer)),
        "can_escalate": escalation is None and membership.is_manager,
        "groups": _groups(open_lines),
        "open_count": len(open_tickets),
        "has_more": len(open_tickets) > MOST_OPEN,
        "ended": [lines[ticket.pk] for ticket in ended],
    }
    return render(request, "tickets/home.html", context)


def _escalation(reader: User, customer: Customer) -> CustomerEscalation | None:
    """The escalation of the whole account, for those who see all of the company."""
    visible = CustomerEscalation.objects.visible_to(reader).open().of_accounts()
    return visible.filter(customer=customer).for_notice().first()


@dataclass(frozen=True, slots=True)
class TicketGroup:
    """Open tickets by whose turn it is."""

    label: str
    icon: str
    lines: list[TicketLine]


def _groups(lines: list[TicketLine]) -> list[TicketGroup]:
    theirs = [line for line in lines if line.ticket.state == TicketState.WAITING_FOR_CUSTOMER]
    ours = [line for line in lines if line.ticket.state != TicketState.WAITING_FOR_CUSTOMER]
    groups = [
        TicketGroup(_("Waiting for you"), "arrow-back-up", theirs),
        TicketGroup(_("With us"), "headset", ours),
    ]
    return [group for group in groups if group.lines]


@dataclass(frozen=True, slots=True)
class Side:
    """The contract at a glance: its plan and end, incidents left, seats, and the reader's PIN."""

    customer: Customer
    contract: Contract | None
    days_left: int
    balance: Incidents | None
    holders: list[User]
    pin: str
    is_manager: bool

    @property
    def ends_soon(self) -> bool:
        return self.contract is not None and self.days_left <= 60


def _side(standing: Standing | None, membership: Membership, now: datetime) -> Side:
    contract = standing.contract if standing is not None else None
    holders = known_people.get_all(standing.holders.values()) if standing is not None else {}
    holds_seat = standing is not None and membership.pk in standing.holders
    today = now.astimezone(ZoneInfo(contract.zone if contract else "UTC")).date()
    return Side(
        customer=membership.customer,
        contract=contract,
        days_left=(contract.last_day - today).days if contract is not None else 0,
        balance=standing.incidents if standing is not None else None,
        holders=sorted(holders.values(), key=lambda one: one.name),
        pin=membership.caller_pin if holds_seat else "",
        is_manager=membership.is_manager,
    )


def _coverage(contract: Contract | None, now: datetime, zone: ZoneInfo) -> Coverage:
    promised = promises_on(contract, now)
    other = None if promised.are_on_the_same_terms else promised.break_fix
    return coverage_at(promised.premium, other, zone=zone)
