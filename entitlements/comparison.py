"""The public comparison of plans: rows, cells and what they mean."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import get_language, gettext, gettext_noop, ngettext

from entitlements.calendar_versions import current_versions
from entitlements.choices import ResponseUnit, Severity, TamKind
from entitlements.models import Edition, Plan, ServiceLevel, SeverityDefinition
from sla.models import CalendarVersion

YES, NO = "yes", "—"


@dataclass(frozen=True, slots=True)
class Row:
    """One row. A cell is YES (a tick), NO (a dash) or a few words; plans stand in their order."""

    name: str
    cells: list[str]
    explanation: str = ""
    criteria: list[str] = field(default_factory=list)
    severity: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading."""

    name: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The plans on offer and everything that tells them apart."""

    plans: list[Plan]
    groups: list[Group]


type Cell = Callable[[Edition], str]
type Fact = tuple[str, Cell, str]


def per_year(count: int, *, in_days: bool = False) -> str:
    """Write a yearly count as the comparison does: once a year, 1 day per year, or a dash."""
    if not count:
        return NO
    if in_days:
        words = ngettext("%(count)d day per year", "%(count)d days per year", count)
    else:
        words = ngettext("Once a year", "%(count)d times a year", count)
    return words % {"count": count}


def tick(*, included: bool) -> str:
    """Write yes or no as a cell."""
    return YES if included else NO


def incidents_text(edition: Edition) -> str:
    """Write the premium incidents of a year as a cell."""
    count = edition.premium_incidents_per_year
    return gettext("Unlimited") if count is None else str(count)


def escalation_text(edition: Edition) -> str:
    """Write the level of priority escalation as a cell."""
    level = edition.priority_escalation
    return NO if level == "none" else gettext(level.capitalize())


def coverage_text(version: CalendarVersion, zone: str = "") -> str:
    """Write coverage hours as a cell: "09:00–19:00 ET, Mon–Fri", or "24x7x365"."""
    if version.schedule().is_always_open:
        return "24x7x365"
    text = version.hours_text(zone, get_language())
    if "," in text:  # Days with different hours read better day by day.
        return text
    days, hours = text.split(" ", 1)
    return f"{hours}, {days}"


def target_words(level: ServiceLevel) -> str:
    """Write a target in the reader's words: "8 working hours", or a dash for none."""
    count = level.response_value
    if count is None:
        return NO
    words = {
        ResponseUnit.MINUTES: ngettext("%(count)d minute", "%(count)d minutes", count),
        ResponseUnit.HOURS: ngettext("%(count)d hour", "%(count)d hours", count),
        ResponseUnit.WORKING_HOURS: ngettext(
            "%(count)d working hour", "%(count)d working hours", count
        ),
    }
    return words[ResponseUnit(level.response_unit)] % {"count": count}


# Levels of priority escalation, which stand in the catalogue.
_LEVELS = (
    gettext_noop("Low"),
    gettext_noop("Medium"),
    gettext_noop("High"),
    gettext_noop("Highest"),
)

# The groups and rows of the catalogue's comparison, in its order; the words are our own.
CONTACTS_AND_INCIDENTS: list[Fact] = [
    (
        gettext_noop("Premium incidents per year"),
        incidents_text,
        gettext_noop(
            "Tickets filed as premium are answered within the plan's response time. They are "
            "counted from the contract's first day to its anniversary."
        ),
    ),
    (
        gettext_noop("Assigned customer technical contacts"),
        lambda edition: str(edition.technical_contacts),
        gettext_noop(
            "The people of your company, by name, who may file premium incidents and use the "
            "priority phone line."
        ),
    ),
    (
        gettext_noop("Break/fix incidents"),
        lambda edition: tick(included=edition.break_fix_incidents),
        gettext_noop(
            "Software errors, false detections, how the product and its database updates work, and "
            "whatever else Standard Support covers. They never count as premium incidents."
        ),
    ),
]
COUNTED = {"Premium incidents per year", "Assigned customer technical contacts"}
REMOTE: list[Fact] = [
    (
        gettext_noop("Remote assistance"),
        lambda edition: tick(included=edition.remote_assistance),
        gettext_noop(
            "With your consent an engineer connects to your computer. Technical Support decides "
            "when a session is the way to help."
        ),
    ),
]
ENHANCED: list[Fact] = [
    (
        gettext_noop("TAM team"),
        lambda edition: tick(included=edition.tam == TamKind.TEAM),
        gettext_noop(
            "Senior engineers who look for trouble before it finds you and keep your protection "
            "up to date."
        ),
    ),
    (
        gettext_noop("Dedicated TAM"),
        lambda edition: tick(included=edition.tam == TamKind.DEDICATED),
        gettext_noop(
            "One technical account manager who knows your company, looks for trouble before it "
            "finds you and keeps your protection up to date."
        ),
    ),
]
ASSURANCE: list[Fact] = [
    (
        gettext_noop("Quality monitoring and reporting"),
        lambda edition: tick(included=edition.monthly_incident_report),
        gettext_noop("Each month you get a report on the state of your incidents."),
    ),
    (
        gettext_noop("Review call"),
        lambda edition: per_year(edition.review_call_days_per_year, in_days=True),
        gettext_noop("We go through what is open and plan what comes next."),
    ),
    (
        gettext_noop("Health check service"),
        lambda edition: per_year(edition.health_checks_per_year),
        gettext_noop(
            "We check your administration settings from here. For existing Enterprise customers."
        ),
    ),
    (
        gettext_noop("Private patching and error fixing"),
        lambda edition: tick(included=edition.private_patches),
        gettext_noop("Fixes made for problems that only your environment has."),
    ),
    (
        gettext_noop("Priority escalation of support requests"),
        escalation_text,
        gettext_noop(
            "How early, and how far up, our own people are alerted as your answer falls due. A "
            "higher level also comes first in our queue."
        ),
    ),
]


def compare_plans() -> Comparison:
    """Draw up the comparison of the plans on offer from their editions; four queries."""
    plans = list(
        Plan.objects.filter(offered_edition__isnull=False)
        .select_related("offered_edition__plan")
        .prefetch_related("offered_edition__service_levels")
    )
    editions = [plan.offered_edition for plan in plans if plan.offered_edition is not None]
    definitions = {one.severity: one for one in SeverityDefinition.objects.all()}
    levels = [
        {level.severity: level for level in edition.service_levels.all()} for edition in editions
    ]
    versions = current_versions(
        level.calendar_id for by_severity in levels for level in by_severity.values()
    )

    def covered(level: ServiceLevel) -> str:
        return coverage_text(versions[level.calendar_id])

    def answered(level: ServiceLevel) -> str:
        return target_words(level)

    return Comparison(
        plans,
        [
            _facts(
                gettext("Support coverage, incidents and contacts"),
                CONTACTS_AND_INCIDENTS,
                editions,
            ),
            _severities(
                gettext("Telephone and web ticket support: coverage"), covered, levels, definitions
            ),
            _severities(gettext("Response time"), answered, levels, definitions),
            _facts(gettext("Remote assistance"), REMOTE, editions),
            _facts(gettext("Enhanced support services"), ENHANCED, editions),
            _facts(gettext("Detailed security assurance"), ASSURANCE, editions),
        ],
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What an edition promises for one severity, in words."""

    severity: int
    means: str
    criteria: list[str]
    covered: str
    target: str
    has_target: bool
    counts_always: bool


@dataclass(frozen=True, slots=True)
class PlainWords:
    """An edition in plain words: what is included, what is not, and the answers.

    `services` is what is included besides the counts of incidents and contacts, which a contract
    may amend.
    """

    edition: Edition
    included: list[Row]
    services: list[Row]
    left_out: list[Row]
    answers: list[Answer]
    business_hours: str


def describe_plan(plan: Plan) -> PlainWords:
    """Write a plan's offered edition in plain words."""
    assert plan.offered_edition is not None, "only offered plans are shown"
    return describe_edition(plan.offered_edition)


def describe_edition(edition: Edition, *, zone: str = "") -> PlainWords:
    """Write an edition in plain words, its hours in `zone` when a contract amends it."""
    levels = list(edition.service_levels.all())
    window = edition.business_calendar_id
    calendars = [level.calendar_id for level in levels] + ([window] if window else [])
    versions = current_versions(calendars)
    definitions = {one.severity: one for one in SeverityDefinition.objects.all()}
    facts = {
        name: Row(gettext(name), [cell(edition)], gettext(words))
        for name, cell, words in CONTACTS_AND_INCIDENTS + REMOTE + ENHANCED + ASSURANCE
    }
    answers = []
    for level in levels:
        version, definition = versions[level.calendar_id], definitions.get(level.severity)
        answers.append(
            Answer(
                severity=level.severity,
                means=gettext(definition.means) if definition else "",
                criteria=definition.criteria if definition else [],
                covered=coverage_text(version, zone),
                target=target_words(level),
                has_target=level.response_value is not None,
                counts_always=version.schedule().is_always_open,
            )
        )
    included = {name: row for name, row in facts.items() if row.cells[0] not in {NO, "0"}}
    return PlainWords(
        edition=edition,
        included=list(included.values()),
        services=[row for name, row in included.items() if name not in COUNTED],
        left_out=[row for name, row in facts.items() if name not in included],
        answers=answers,
        business_hours=coverage_text(versions[window], zone) if window else "",
    )


def _facts(name: str, facts: list[Fact], editions: list[Edition]) -> Group:
    return Group(
        name,
        [
            Row(gettext(row), [cell(one) for one in editions], gettext(words))
            for row, cell, words in facts
        ],
    )


def _severities(
    name: str,
    cell: Callable[[ServiceLevel], str],
    levels: list[dict[int, ServiceLevel]],
    definitions: Mapping[int, SeverityDefinition],
) -> Group:
    return Group(
        name,
        [
            Row(
                gettext("Severity %(number)d") % {"number": severity.value},
                [cell(by_severity[severity]) for by_severity in levels],
                explanation=gettext(definitions[severity].means) if severity in definitions else "",
                criteria=definitions[severity].criteria if severity in definitions else [],
                severity=severity.value,
            )
            for severity in Severity
        ],
    )
