"""What the demo's administrator asks of tickets, and what its customers answer."""

from datetime import datetime, timedelta

from accounts.models import User
from tickets.choices import FieldKind, Finding, Service, TicketKind
from tickets.demo.plan import Planned
from tickets.demo.stories import Told
from tickets.filing_facts import Facts, ReleaseFacts, ServiceFacts
from tickets.models import Product
from tickets.operations.database_builds import publish_build
from tickets.operations.filing_fields import add_filing_field, retire_filing_field
from tickets.operations.products import change_product

SYSTEMS = ("Windows 11", "Windows 10", "Windows Server 2022", "macOS 15", "Ubuntu 24.04")


def ask_questions(products: dict[str, Product], *, by: User) -> None:
    """Ask what an engineer needs at once, some of it of one product alone.

    Effects: FilingFields, one of them retired; an old version of each product retired.
    """
    add_filing_field(
        label="Machines affected",
        kind=FieldKind.NUMBER,
        ticket_kinds=[TicketKind.PREMIUM, TicketKind.BREAK_FIX, TicketKind.DATABASE_RELEASE],
        help_text="Roughly. Leave it out when you do not know yet.",
        by=by,
    )
    add_filing_field(
        label="Operating system",
        kind=FieldKind.CHOICE,
        choices=list(SYSTEMS),
        product=products["Endpoint Protection"],
        by=by,
    )
    add_filing_field(
        label="Database server",
        kind=FieldKind.CHOICE,
        choices=["Built in", "PostgreSQL", "SQL Server"],
        product=products["Management Server"],
        is_required=True,
        by=by,
    )
    add_filing_field(
        label="Error code or message",
        kind=FieldKind.TEXT,
        ticket_kinds=[TicketKind.PREMIUM, TicketKind.BREAK_FIX],
        help_text="As the product shows it, word by word.",
        is_searchable=True,
        by=by,
    )
    old = add_filing_field(label="Console language", kind=FieldKind.TEXT, by=by)
    retire_filing_field(old, by=by)
    for product in products.values():
        change_product(product, name=product.name, versions=product.versions[:4], by=by)


def publish_builds(*, by: User, now: datetime) -> None:
    """Publish the databases of the last days. Effects: DatabaseBuilds."""
    for ago in (3, 2, 1, 0):
        at = now - timedelta(days=ago, hours=3)
        publish_build(f"{at:%Y-%m-%d}.2", published_at=at, by=by, now=now)


def answers_of(told: Told, planned: Planned) -> dict[str, str]:
    """What the customer answers, by the questions' keys."""
    answers = {}
    if planned.kind != TicketKind.SERVICE:
        answers["machines-affected"] = told.words["n"]
    if planned.story.product == "Endpoint Protection":
        answers["operating-system"] = SYSTEMS[planned.seed % len(SYSTEMS)]
    if planned.story.product == "Management Server":
        answers["database-server"] = ("Built in", "PostgreSQL", "SQL Server")[planned.seed % 3]
    if planned.kind in {TicketKind.PREMIUM, TicketKind.BREAK_FIX}:
        answers["error-code-or-message"] = told.words["error"]
    return answers


def facts_of(told: Told, planned: Planned) -> Facts | None:
    """What a database release or a service request is about."""
    if planned.kind == TicketKind.DATABASE_RELEASE:
        return ReleaseFacts(
            finding=Finding.FALSE_POSITIVE,
            build=told.words["build"],
            detected_where=f"{told.words['file']} on {told.words['host']}",
            detected_how=f"On access, as {told.words['threat']}",
            hashes=[told.words["hash"]],
        )
    return ServiceFacts(Service.QUESTION) if planned.kind == TicketKind.SERVICE else None
