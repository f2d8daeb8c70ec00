"""What each plan promises for one severity from one instant: the same start, side by side."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from entitlements.calendar_versions import versions_at
from entitlements.choices import Severity
from entitlements.comparison import target_words
from entitlements.models import Contract, Edition, Plan, ServiceLevel
from entitlements.promise import Promise, Terms, explain_promise, promise_of_level
from sla.explanation import Explanation


@dataclass(frozen=True, slots=True)
class PlanPromise:
    """One plan's promise for a premium incident. `explanation` is None without a target."""

    promise: Promise
    explanation: Explanation | None
    is_own: bool

    @property
    def edition(self) -> Edition:
        return self.promise.terms.edition

    @property
    def plan(self) -> Plan:
        return self.edition.plan

    @property
    def hours(self) -> str:
        """When it is covered: "Mon–Fri 09:00–19:00 ET", "24×7"."""
        return self.promise.calendar_version.hours_text(self.promise.zone, get_language())

    @property
    def target(self) -> str:
        """The target in the reader's words: "8 working hours"."""
        return target_words(self.promise.level)


def promises_of_plans(
    severity: Severity, at: datetime, *, contract: Contract | None, reader_zone: str
) -> list[PlanPromise]:
    """Compare the plans for a premium incident of this severity that counts from `at`.

    The contract's own plan stands with the contract's edition, every other one with the edition
    it offers; all MSA plans are counted in the contract's zone, on the calendars of that time.
    Three queries for any number of plans.
    """
    offered = Edition.objects.filter(pk__in=Plan.objects.values("offered_edition"))
    terms = [
        Terms(edition, None, contract.zone if contract and not edition.is_standard else "")
        for edition in offered.select_related("plan", "business_calendar")
    ]
    if contract is not None:
        own = Terms(contract.edition, contract, contract.zone)
        terms = [own if one.edition.plan_id == own.edition.plan_id else one for one in terms]
    terms.sort(key=lambda one: one.edition.plan.order)
    levels = _levels(terms, severity)
    calendars = {level.calendar_id for level in levels.values()} | {
        one.edition.business_calendar_id
        for one in terms
        if one.edition.business_calendar_id is not None
    }
    versions = versions_at(calendars, at)
    promises = [promise_of_level(one, levels[one.edition.pk], versions, at) for one in terms]
    return [
        PlanPromise(
            promise=promise,
            explanation=explain_promise(promise, reader_zone=reader_zone),
            is_own=_is_own(promise, contract),
        )
        for promise in promises
    ]


def _levels(terms: list[Terms], severity: Severity) -> dict[int, ServiceLevel]:
    found = ServiceLevel.objects.filter(
        edition__in=[one.edition for one in terms], severity=severity
    )
    return {level.edition_id: level for level in found.select_related("calendar", "ladder")}


def _is_own(promise: Promise, contract: Contract | None) -> bool:
    if contract is None:
        return promise.terms.edition.is_standard
    return promise.terms.contract is not None
