"""What the engineer's page tells of a ticket's row and the rows it names, as plain values.

Its parts are drawn from these and nothing else, and remembered while they are the same
(`remembered_of`). The names are those of the rows, so that a template reads either.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from accounts.models import User
from entitlements.account import Account
from tickets.models import Ticket
from tickets.models.ticket import ticket_address


class PersonFacts(NamedTuple):
    """A person as the page tells of them."""

    name: str
    title: str
    phone: str
    email: str
    is_staff_member: bool

    def get_full_name(self) -> str:
        return self.name


class CompanyFacts(NamedTuple):
    """A customer by name and address."""

    name: str
    slug: str


class PlanFacts(NamedTuple):
    """The edition the ticket stands under, and its plan."""

    name: str
    plan_key: str
    plan_name: str


class TicketFacts(NamedTuple):
    """A ticket but for its words; `follows` is the number of the ticket before, if any."""

    number: int
    subject: str
    customer: CompanyFacts
    edition: PlanFacts
    filed_by: PersonFacts
    filed_at: datetime
    is_premium: bool
    is_open: bool
    state: str
    severity: int
    asked_severity: int
    assignee: PersonFacts | None
    product: str
    version: str
    kind: str
    channel: str
    follows: int | None
    criteria: Sequence[str]
    tags: Sequence[str]

    @property
    def reference(self) -> str:
        return f"TK-{self.number}"

    def get_absolute_url(self) -> str:
        return ticket_address(self.number)


class OtherTicket(NamedTuple):
    """Another ticket of the customer's, in a line; `state` is in words."""

    number: int
    subject: str
    severity: int
    state: str
    filed_at: datetime

    @property
    def reference(self) -> str:
        return f"TK-{self.number}"

    def get_absolute_url(self) -> str:
        return ticket_address(self.number)


class AccountFacts(NamedTuple):
    """What a customer has: incidents, of which `total` is None without a limit, and the plan."""

    has_incidents: bool
    incidents_used: int
    incidents_left: int | None
    incidents_total: int | None
    plan: str
    last_day: date | None


def ticket_facts(ticket: Ticket) -> TicketFacts:
    """Take what the page tells; runs a query for the ticket before, where there is one."""
    customer, edition, before = ticket.customer, ticket.edition, ticket.follows
    return TicketFacts(
        number=ticket.number,
        subject=ticket.subject,
        customer=CompanyFacts(customer.name, customer.slug),
        edition=PlanFacts(edition.name, edition.plan.key, edition.plan.name),
        filed_by=_person(ticket.filed_by),
        filed_at=ticket.filed_at,
        is_premium=ticket.debit_id is not None,
        is_open=ticket.is_open,
        state=ticket.state,
        severity=ticket.severity,
        asked_severity=ticket.asked_severity,
        assignee=_person(ticket.assignee) if ticket.assignee is not None else None,
        product=ticket.product.name if ticket.product is not None else "",
        version=ticket.version,
        kind=str(ticket.get_kind_display()),
        channel=str(ticket.get_channel_display()),
        follows=before.number if before is not None else None,
        criteria=ticket.criteria,
        tags=ticket.tags,
    )


def other_ticket(ticket: Ticket) -> OtherTicket:
    """Take what a line tells of another ticket."""
    return OtherTicket(
        number=ticket.number,
        subject=ticket.subject,
        severity=ticket.severity,
        state=str(ticket.get_state_display()),
        filed_at=ticket.filed_at,
    )


def account_facts(account: Account) -> AccountFacts:
    """Take what the page tells of a customer's contract."""
    contract, incidents = account.contract, account.incidents
    return AccountFacts(
        has_incidents=incidents is not None,
        incidents_used=incidents.used if incidents is not None else 0,
        incidents_left=incidents.left if incidents is not None else None,
        incidents_total=incidents.total if incidents is not None else None,
        plan=contract.edition.plan.name if contract is not None else "",
        last_day=contract.last_day if contract is not None else None,
    )


def _person(person: User) -> PersonFacts:
    return PersonFacts(
        name=person.name,
        title=person.title,
        phone=person.phone,
        email=person.email,
        is_staff_member=person.is_staff_member,
    )
