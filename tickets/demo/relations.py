"""What belongs together in the demo: an outbreak of four customers, a merge, a split, links, tags.

The tickets are its own, filed and answered in the last hours: no other clock is touched.
"""

import uuid
from datetime import datetime, timedelta

from accounts.choices import Role
from accounts.models import User
from entitlements.choices import Severity
from tickets.choices import LinkKind, TicketKind
from tickets.demo.cast import Cast
from tickets.models import Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import answer_ticket, write_message, write_note
from tickets.operations.filing import file_ticket
from tickets.operations.links import link_tickets
from tickets.operations.merging import merge_ticket
from tickets.operations.outbreaks import broadcast_answer, open_outbreak
from tickets.operations.splitting import split_message
from tickets.operations.tags import change_tags
from tickets.operations.watching import watch_ticket

NORTHWIND = "Northwind Logistics"
PRODUCT = "Endpoint Protection"
TITLE = "Database update 4711 quarantines signed printer drivers"
SUMMARY = (
    "Rule 7 matches the signature block of drivers signed since May. The lab withdrew the rule; "
    "**update 4712** restores quarantined drivers by itself.\n\nUntil then: exclude the driver’s "
    "folder and restore from quarantine."
)
BROADCAST = (
    "We found the cause: a detection rule of our update 4711 matches the signature of your printer "
    "drivers. We withdrew the rule. Update 4712 restores the drivers by itself and comes within "
    "two hours. If you cannot wait, restore them from the quarantine and exclude the driver’s "
    "folder until then."
)
SECOND = (
    "Update 4712 is published. Please let one computer update and print a page; the others follow "
    "by themselves within the hour."
)
# Who files what how many minutes ago.
FILED = (
    (
        NORTHWIND,
        190,
        "Printing stopped after the morning’s update",
        "Since the update of this morning the drivers of our label printers are in quarantine.",
    ),
    (
        "Eastgate Hospitals",
        176,
        "Signed printer drivers in quarantine on two wards",
        "The agent moved the signed drivers of two ward printers into quarantine.",
    ),
    (
        "Bluewater Credit Union",
        151,
        "Printers gone from 40 workplaces",
        "40 workplaces lost their printers at nine. The quarantine lists a signed driver.",
    ),
    (
        "Iris Valley Schools",
        128,
        "Class room printers do not print any more",
        "No class room prints since this morning. The console says that a driver is a threat.",
    ),
)
DUPLICATE = (
    "Label printers down again",
    "A colleague may have told you already: the label printers are down again, quarantine.",
)
# So many tickets it adds: besides those above a duplicate, and one that is split off.
RELATED = len(FILED) + 2
ASIDE = (
    "Restored, thank you: labels come out again.\n\nAnother thing: the audit log of last week is "
    "missing in the console. Where does it go?"
)


def relate_tickets(cast: Cast, now: datetime) -> None:
    """Let tickets of the last three hours belong together. Effects: those of the operations."""
    engineers = cast.with_role(Role.ENGINEER)
    engineer, second = engineers[0], engineers[-1]

    def ago(minutes: int) -> datetime:
        return now - timedelta(minutes=minutes)

    tickets = [_file(cast, *one, now=now) for one in FILED]
    twin = _file(cast, NORTHWIND, 171, *DUPLICATE, now=now, person=1)
    for place, ticket in enumerate([*tickets, twin]):
        take_ticket(ticket, by=engineer, now=ago(124 - place))
    merge_ticket(twin, into=tickets[0], reason="Two people, one cause.", by=engineer, now=ago(115))
    write_note(
        tickets[0],
        body="Same signature block as the other three. I open an outbreak and ask the lab.",
        by=engineer,
        now=ago(112),
    )
    outbreak, _ = open_outbreak(
        title=TITLE, summary=SUMMARY, tickets=tickets, by=engineer, now=ago(110)
    )
    for key, minutes, body, qualified in (
        ("first", 95, BROADCAST, True),
        ("second", 38, SECOND, False),
    ):
        broadcast_answer(
            outbreak,
            body=body,
            qualified=qualified,
            by=engineer,
            submission_key=uuid.uuid5(uuid.NAMESPACE_URL, f"demo:update-4711:{key}"),
            now=ago(minutes),
        )
    told = write_message(tickets[0], body=ASIDE, by=tickets[0].filed_by, now=ago(24))
    aside = split_message(
        told,
        subject="Audit log of last week is missing in the console",
        by=second,
        submission_key=uuid.uuid5(uuid.NAMESPACE_URL, "demo:aside"),
        now=ago(20),
    )
    take_ticket(aside, by=second, now=ago(19))
    answer_ticket(
        aside,
        body="It is kept for seven days and then goes to the archive: Reports, Archive, Audit. "
        "Is last week there?",
        qualified=True,
        wait_for_customer=True,
        by=second,
        now=ago(15),
    )
    _link(tickets[0], by=engineer, at=ago(90))
    for ticket in tickets:
        change_tags(ticket, add=["rule-7", "false-positive"], by=engineer, now=ago(108))
    _tag_others(cast, {one.pk for one in tickets}, ago(60))
    watch_ticket(tickets[1], by=second, now=ago(100))


def _file(
    cast: Cast,
    company: str,
    minutes: int,
    subject: str,
    text: str,
    *,
    now: datetime,
    person: int = 0,
) -> Ticket:
    members = cast.members[company]
    return file_ticket(
        customer=cast.customers[company],
        by=members[min(person, len(members) - 1)].user,
        kind=TicketKind.BREAK_FIX,
        severity=Severity.MEDIUM,
        subject=subject,
        description=text,
        product=cast.products.get(PRODUCT),
        now=now - timedelta(minutes=minutes),
    )


def _link(ticket: Ticket, *, by: User, at: datetime) -> None:
    """To an older one of the same customer about the same printers."""
    older = Ticket.objects.filter(customer=ticket.customer, subject__icontains="label")
    others = older.exclude(pk=ticket.pk).exclude(links_out__kind=LinkKind.MERGED)
    first = others.order_by("pk").first()
    if first is not None:
        link_tickets(ticket, first, kind=LinkKind.RELATED, by=by, now=at)


def _tag_others(cast: Cast, besides: set[int], at: datetime) -> None:
    """File the open tickets under what they are about."""
    engineer = cast.the(Role.ENGINEER)
    others = Ticket.objects.open().exclude(pk__in=besides).order_by("number")
    for ticket in others.select_related("product"):
        name = ticket.product.name if ticket.product is not None else "question"
        change_tags(ticket, add=[name.split()[0]], by=engineer, now=at)
