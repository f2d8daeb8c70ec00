"""The plan catalogue put into the database: calendars, ladders, plans and published editions."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from entitlements.errors import CatalogueConflict
from entitlements.models import Edition, Plan, ServiceLevel, SeverityDefinition
from sla.choices import Audience, Counting, StepAction
from sla.models import Calendar, Ladder
from sla.operations import add_ladder_version, publish_calendar
from sla.rungs import Rung

ZONE = "America/New_York"
# Whose federal holidays close the working hours, the observed days included.
COUNTRY = "US"
ALWAYS = "24x7x365"
BUSINESS_HOURS = "msa-business-hours"

# What the catalogue's coverage cells are called here, by opening and closing time.
CALENDARS: dict[str | tuple[str, str], tuple[str, str]] = {
    ALWAYS: ("always", "24x7x365"),
    ("10:00", "17:00"): ("standard-hours", "Standard hours"),
    ("09:00", "19:00"): (BUSINESS_HOURS, "MSA business hours"),
}
WORKING_DAYS = ("mon", "tue", "wed", "thu", "fri")
EVERY_DAY = (*WORKING_DAYS, "sat", "sun")

HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
ASSIGNEE, LEAD, TAM, SUPPORT_MANAGER = (
    (Audience.ASSIGNEE,),
    (Audience.DUTY_LEAD,),
    (Audience.TAM,),
    (Audience.SUPPORT_MANAGER,),
)
LEADERS = LEAD + TAM + SUPPORT_MANAGER
EVERYBODY = ASSIGNEE + LEADERS
TELL, RAISE = StepAction.TELL, StepAction.RAISE

# Source: domain, Watch and escalation. Weights order the queue: a heavier ladder comes first.
LADDERS: dict[str, tuple[Rung, ...]] = {
    "basic": (
        Rung(ASSIGNEE, RAISE, Decimal("0.75")),
        Rung(LEAD, RAISE, Decimal(1)),
    ),
    "medium": (
        Rung(ASSIGNEE, TELL, Decimal("0.5")),
        Rung(LEAD, RAISE, Decimal("0.8")),
        Rung(LEAD + TAM, RAISE, Decimal(1)),
        Rung(SUPPORT_MANAGER, RAISE, delay=HOUR),
    ),
    "high": (
        Rung(ASSIGNEE, TELL, Decimal("0.5")),
        Rung(LEAD, RAISE, Decimal("0.75")),
        Rung(LEADERS, RAISE, Decimal(1)),
        Rung(LEADERS, RAISE, delay=HOUR, repeats=True),
    ),
    "highest": (
        Rung(ASSIGNEE, TELL, Decimal("0.33")),
        Rung(LEAD + TAM, TELL, Decimal("0.66")),
        Rung(SUPPORT_MANAGER, RAISE, Decimal("0.85")),
        Rung(EVERYBODY, RAISE, Decimal(1)),
        Rung(EVERYBODY, RAISE, delay=QUARTER, counting=Counting.PLAIN, repeats=True),
    ),
}

# Cells that stand in the edition as they stand in the catalogue.
PLAIN_CELLS = (
    "name",
    "audience",
    "source",
    "technical_contacts",
    "break_fix_incidents",
    "telephone_and_web_tickets",
    "remote_assistance",
    "tam",
    "monthly_incident_report",
    "review_call_days_per_year",
    "health_checks_per_year",
    "private_patches",
    "priority_escalation",
    "expedited_database_release",
    "phone_required_out_of_hours",
    "break_fix_terms",
)


@transaction.atomic
def load_catalogue(data: Mapping[str, Any], *, now: datetime | None = None) -> list[Edition]:
    """Put the catalogue into the database; what is there already stays as it is.

    Calendars, ladders and offers that an administrator has changed since are not put back.
    Raises: CatalogueConflict when a published edition says something else than the data.
    Effects: severities, calendars with their closures, ladders, plans and published editions.
    Source: catalogue README; domain, Watch and escalation.
    """
    moment = now or timezone.now()
    for severity, words in data["severities"].items():
        SeverityDefinition.objects.update_or_create(severity=int(severity), defaults=words)
    calendars = {cell: _calendar(cell) for cell in CALENDARS}
    ladders = {key: _ladder(key, weight) for weight, key in enumerate(LADDERS, start=1)}
    editions = []
    for cells in data["editions"]:
        plan, _ = Plan.objects.get_or_create(
            key=cells["plan"],
            defaults={key: cells[key] for key in ("name", "audience", "order")},
        )
        edition = _edition(plan, cells, calendars, ladders, moment)
        # The comparison's edition carries its plan's key; others hold for contracts signed on them.
        if plan.offered_edition is None and edition.key == plan.key:
            plan.offered_edition = edition
            plan.save(update_fields=["offered_edition"])
        editions.append(edition)
    return editions


def _calendar(cell: str | tuple[str, str]) -> Calendar:
    key, name = CALENDARS[cell]
    calendar, _ = Calendar.objects.get_or_create(key=key, defaults={"name": name})
    if not calendar.versions.exists():
        window, days = (["00:00", "24:00"], EVERY_DAY) if cell == ALWAYS else (cell, WORKING_DAYS)
        publish_calendar(
            calendar,
            zone=ZONE,
            windows={day: [list(window)] for day in days},
            country="" if cell == ALWAYS else COUNTRY,
        )
    return calendar


def _ladder(key: str, weight: int) -> Ladder:
    ladder, is_new = Ladder.objects.get_or_create(
        key=key, defaults={"name": key.capitalize(), "weight": weight}
    )
    if is_new:
        add_ladder_version(ladder, LADDERS[key])
    return ladder


def _edition(
    plan: Plan,
    cells: Mapping[str, Any],
    calendars: Mapping[str | tuple[str, str], Calendar],
    ladders: Mapping[str, Ladder],
    moment: datetime,
) -> Edition:
    incidents = cells["premium_incidents_per_year"]
    terms = {cell: cells[cell] for cell in PLAIN_CELLS} | {
        "premium_incidents_per_year": None if incidents == "unlimited" else incidents,
        "business_calendar": None
        if plan.key == Plan.STANDARD_KEY
        else next(one for one in calendars.values() if one.key == BUSINESS_HOURS),
    }
    levels: list[dict[str, Any]] = []
    for severity, promise in cells["severities"].items():
        coverage, response = promise["coverage"], promise["response"]
        levels.append(
            {
                "severity": int(severity),
                "calendar": calendars[
                    coverage if coverage == ALWAYS else (coverage["open"], coverage["close"])
                ],
                "response_value": response["value"] if response else None,
                "response_unit": response["unit"] if response else "",
                "ladder": ladders[cells["priority_escalation"]] if response else None,
            }
        )
    edition = Edition.objects.filter(key=cells["edition"]).first()
    if edition is not None and edition.published_at is not None:
        _require_same(edition, terms, levels)
        return edition
    edition, _ = Edition.objects.update_or_create(
        key=cells["edition"], defaults={"plan": plan, **terms}
    )
    for level in levels:
        ServiceLevel.objects.update_or_create(
            edition=edition, severity=level["severity"], defaults=level
        )
    # Last, because the database refuses a change of what is published.
    edition.published_at = moment
    edition.save(update_fields=["published_at"])
    return edition


def _require_same(edition: Edition, terms: Mapping[str, Any], levels: list[dict[str, Any]]) -> None:
    differing = [cell for cell, value in terms.items() if getattr(edition, cell) != value]
    stored = {level.severity: level for level in edition.service_levels.all()}
    for level in levels:
        differing += [
            f"severity {level['severity']} {cell}"
            for cell, value in level.items()
            if getattr(stored.get(level["severity"]), cell, None) != value
        ]
    if differing:
        raise CatalogueConflict(
            f"{edition.key} is published and says something else about {', '.join(differing)}. "
            "Give the new terms a key of their own."
        )
