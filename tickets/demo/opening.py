"""The ticket whose deadline passes while a visitor looks."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.choices import Role
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer, SeverityDefinition
from entitlements.promise import contract_in_force
from tickets.choices import Channel, TicketKind
from tickets.demo.companies import PRODUCTS
from tickets.demo.outbox import settle_history
from tickets.demo.timeline import Timeline
from tickets.models import Product, Ticket
from tickets.operations.filing import file_ticket
from tickets.operations.phone import log_phone_call

COMPANY = "Eastgate Hospitals"
# Enterprise answers Critical within 30 minutes. Called in so long ago, the deadline passes a
# minute and a half after the start; 33 % and 66 % are history, 85 % is acted on at once.
CALLED_AGO = timedelta(minutes=28, seconds=30)
FILED_BEFORE_CALL = timedelta(seconds=40)
HISTORY_UNTIL_AGO = timedelta(minutes=5)
# A deadline this near is a show that is still to come.
SHOWN_WITHIN = timedelta(minutes=3)
EMERGENCIES = (
    (
        "Imaging stations lose the archive, {n} agents offline",
        """Since the shift began the imaging stations of the north wing lose the picture archive one
after the other. Their agents are offline in the console. Emergency admissions continue on paper.
We need somebody at once.""",
    ),
    (
        "Files with a new ending on the ward file server",
        """Since a quarter of an hour files on the ward's server have a new ending, {n} by now. We
have taken it off the network. Please tell us what to look for on the clients.""",
    ),
    (
        "Domain controllers do not answer after the policy change",
        """After a policy change {n} computers and both domain controllers of the day clinic do not
answer. Patients wait at the desk.""",
    ),
)


@transaction.atomic
def file_breaching_ticket(*, now: datetime) -> Ticket | None:
    """File a critical premium incident whose deadline passes a minute and a half from `now`.

    None when one of an earlier start is still to pass. Effects: as if filed and called in half an
    hour ago: the Ticket, its clock with its first steps recorded, notices marked as sent.
    """
    company = Customer.objects.get(name=COMPANY)
    pending = Ticket.objects.open().filter(
        customer=company,
        response_clock__stopped_at__isnull=True,
        response_clock__due_at__gt=now,
        response_clock__due_at__lte=now + SHOWN_WITHIN,
    )
    if pending.exists():
        return None
    called_at = now - CALLED_AGO
    contract = contract_in_force(company, called_at)
    assert contract is not None, "the demo's Enterprise contract outlives a year of starts"
    contact = contract.seat_holdings.current().select_related("membership__user").earliest("pk")
    number = Ticket.objects.filter(customer=company).count()
    subject, description = EMERGENCIES[number % len(EMERGENCIES)]
    count = 40 + number % 50
    ticket = file_ticket(
        customer=company,
        by=contact.membership.user,
        kind=TicketKind.PREMIUM,
        severity=Severity.CRITICAL,
        subject=subject.format(n=count),
        description=description.format(n=count),
        criteria=SeverityDefinition.objects.get(severity=Severity.CRITICAL).criteria[:1],
        product=Product.objects.get(name="Endpoint Protection"),
        version=PRODUCTS["Endpoint Protection"][0],
        channel=Channel.PORTAL,
        now=called_at - FILED_BEFORE_CALL,
    )
    assert ticket.response_clock is not None
    if ticket.response_clock.waits_for_call:
        ticket = log_phone_call(
            ticket,
            caller_pin=contact.membership.caller_pin,
            at=called_at,
            by=User.objects.active().with_role(Role.ENGINEER).earliest("pk"),
            now=called_at,
        )
    timeline = Timeline(now - HISTORY_UNTIL_AGO)
    timeline.watch(ticket)
    timeline.play()
    settle_history(now=now)
    return ticket
