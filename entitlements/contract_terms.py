"""A contract's terms beside its edition's, with who changed them and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from entitlements.account import incidents_of
from entitlements.calendar_versions import current_versions
from entitlements.choices import AmendmentKind, BreakFixTerms, ContractState, Severity
from entitlements.comparison import (
    coverage_text,
    escalation_text,
    per_year,
)
from entitlements.models import Amendment, Contract, Edition, ServiceLevel
from entitlements.promise import business_day
from sla.models import CalendarVersion
from sla.wording import zone_name


@dataclass(frozen=True, slots=True)
class Term:
    """One term: what the edition says, what this contract says when it differs, and why.

    `says` is empty where the contract says the same. `because` are the amendments that made the
    difference, newest first; without any, the contract was signed so.
    """

    name: str
    edition_says: str
    says: str = ""
    because: tuple[Amendment, ...] = ()
    severity: int | None = None

    @property
    def is_override(self) -> bool:
        return bool(self.says)

    @property
    def in_force(self) -> str:
        return self.says or self.edition_says


def terms_of(contract: Contract, now: datetime) -> list[Term]:
    """Write out a contract's terms; queries for its levels, calendars, years and amendments."""
    amendments = list(contract.amendments.select_related("by", "edition"))
    edition = contract.edition
    levels = list(edition.service_levels.all())
    versions = current_versions(level.calendar_id for level in levels)
    return [
        _edition_term(contract, amendments),
        *(_response(contract, level, versions[level.calendar_id], amendments) for level in levels),
        _incidents(contract, amendments, now),
        _differing(
            "Technical contacts",
            str(edition.technical_contacts),
            str(contract.seat_limit),
            _of_kind(amendments, AmendmentKind.EXTRA_SEATS),
        ),
        *(Term(name, text) for name, text in plain_terms(edition)),
    ]


def plain_terms(edition: Edition) -> list[tuple[str, str]]:
    """Write out what an edition includes besides answers, incidents and contacts."""
    return [
        ("Break/fix incidents are served on", BreakFixTerms(edition.break_fix_terms).label),
        ("Phone call needed out of hours", _yes(said=edition.phone_required_out_of_hours)),
        ("Priority escalation", escalation_text(edition)),
        ("Remote assistance", _yes(said=edition.remote_assistance)),
        ("Technical account management", edition.get_tam_display()),
        ("Monthly incident report", _yes(said=edition.monthly_incident_report)),
        ("Review call", per_year(edition.review_call_days_per_year, in_days=True)),
        ("Health check", per_year(edition.health_checks_per_year)),
        ("Private patches", _yes(said=edition.private_patches)),
        ("Expedited database releases", _yes(said=edition.expedited_database_release)),
    ]


def answer_text(level: ServiceLevel, version: CalendarVersion, zone: str = "") -> str:
    """Write a service level as one cell: "8 working hours, 09:00–19:00 ET, Mon–Fri"."""
    target = level.target_text if level.response_value is not None else "No promised time"
    return f"{target}, {coverage_text(version, zone)}"


def figures_of(contract: Contract, now: datetime) -> dict[str, str]:
    """Write out everything an amendment can change, to lay before and after side by side."""
    state = ContractState(contract.state(business_day(contract.zone, now)))
    left = incidents_of(contract, now).left
    figures = {term.name: term.in_force for term in terms_of(contract, now)}
    return figures | {
        "Calendar zone": zone_name(contract.zone),
        "Premium incidents left": "Unlimited" if left is None else str(left),
        "State": str(state.label),
        "Last day": "Never begins" if contract.was_cancelled else f"{contract.last_day:%-d %b %Y}",
    }


def _edition_term(contract: Contract, amendments: list[Amendment]) -> Term:
    changes = _of_kind(amendments, AmendmentKind.UPGRADE)
    if not changes:
        return Term("Plan edition", contract.edition.name)
    signed = Edition.objects.filter(key=changes[-1].before.get("edition", "")).first()
    return _differing("Plan edition", signed.name if signed else "", contract.edition.name, changes)


def _response(
    contract: Contract,
    level: ServiceLevel,
    version: CalendarVersion,
    amendments: list[Amendment],
) -> Term:
    return _differing(
        f"{Severity(level.severity).label} answer",
        answer_text(level, version),
        answer_text(level, version, contract.zone),
        _of_kind(amendments, AmendmentKind.ZONE),
        severity=level.severity,
    )


def _incidents(contract: Contract, amendments: list[Amendment], now: datetime) -> Term:
    granted = contract.edition.premium_incidents_per_year
    total = incidents_of(contract, now).total
    return _differing(
        "Premium incidents",
        "Unlimited" if granted is None else f"{granted} a year",
        "Unlimited"
        if total is None
        else (f"{total} a year" if total == granted else f"{total} this year"),
        _of_kind(amendments, AmendmentKind.EXTRA_INCIDENTS, AmendmentKind.UPGRADE),
    )


def _differing(
    name: str,
    edition_says: str,
    says: str,
    because: Iterable[Amendment],
    severity: int | None = None,
) -> Term:
    if says == edition_says:
        return Term(name, edition_says, severity=severity)
    return Term(name, edition_says, says, tuple(because), severity)


def _of_kind(amendments: list[Amendment], *kinds: AmendmentKind) -> list[Amendment]:
    return [one for one in amendments if one.kind in kinds]


def _yes(*, said: bool) -> str:
    return "Yes" if said else "—"
