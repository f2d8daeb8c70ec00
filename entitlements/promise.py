"""What is promised, before filing and at filing: one computation for both."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from accounts.columns import columns_of, rows_of
from accounts.compiled import Compiled
from entitlements.calendar_versions import current_versions
from entitlements.choices import BreakFixTerms, Severity
from entitlements.models import (
    Contract,
    Customer,
    Edition,
    Plan,
    ServiceLevel,
    known_editions,
    known_levels,
)
from sla.counting import Count
from sla.explanation import Explanation, explain_count
from sla.models import CalendarVersion

_NEAR_CONTRACTS = Compiled(
    lambda customer, earliest, latest: Contract.objects.filter(
        customer=customer,
        signed_at__isnull=False,
        suspended_at__isnull=True,
        starts_on__lte=latest,
        ends_on__gte=earliest,
    )
)
_PLAN = Compiled(lambda key: Plan.objects.filter(key=key))
# The newest versions of all calendars that Standard terms and another edition count on.
_VERSIONS_OF_TERMS = f"""
SELECT DISTINCT ON (version.calendar_id) {columns_of(CalendarVersion, "version")},
       standard.offered_edition_id AS standard_edition
  FROM entitlements_plan AS standard
  JOIN entitlements_edition AS edition ON edition.id IN (standard.offered_edition_id, %s)
  JOIN entitlements_servicelevel AS level ON level.edition_id = edition.id
  JOIN sla_calendarversion AS version
    ON version.calendar_id IN (level.calendar_id, edition.business_calendar_id)
 WHERE standard.key = 'standard'
 ORDER BY version.calendar_id, version.number DESC
"""  # noqa: S608 - column names of our own


@dataclass(frozen=True, slots=True)
class Terms:
    """The edition somebody is served on, by which contract, counted in which zone.

    `contract` is None on Standard terms; `zone` is empty when the calendar's own zone holds.
    """

    edition: Edition
    contract: Contract | None
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """What the portal promises for one severity at one instant.

    Units: `target` is covered time, None when there is no promised time, and then `due_at` and
    `starts_at` are None. `starts_at` is when counting can begin: the filing, the next opening,
    or with `call_required` the business window's next opening unless the customer calls earlier.
    """

    terms: Terms
    level: ServiceLevel
    calendar_version: CalendarVersion
    zone: str
    filed_at: datetime
    target: timedelta | None
    starts_at: datetime | None
    due_at: datetime | None
    due_at_if_called: datetime | None
    call_required: bool
    is_open: bool
    opens_at: datetime


def business_day(zone: str, now: datetime) -> date:
    """The local date at `now` in a zone."""
    return now.astimezone(ZoneInfo(zone)).date()


def contract_in_force(customer: Customer, now: datetime) -> Contract | None:
    """The MSA contract in force at `now`, by the contract's own local date.

    Contracts lie in different zones, so the days around are looked at too.
    """
    today, day = now.date(), timedelta(days=1)
    for contract in _NEAR_CONTRACTS.all(customer.pk, today - day, today + day):
        contract.customer = customer
        contract.edition = known_editions.get(contract.edition_id)
        if contract.is_in_force(business_day(contract.zone, now)):
            return contract
    return None


def standard_edition() -> Edition:
    """The terms of everybody without an MSA contract."""
    plan = _PLAN.first(Plan.STANDARD_KEY)
    assert plan is not None, "the catalogue is loaded"
    assert plan.offered_edition_id is not None, "the catalogue is loaded with an offered edition"
    return known_editions.get(plan.offered_edition_id)


def terms_for(
    contract: Contract | None, *, premium: bool, standard: Edition | None = None
) -> Terms:
    """The terms a ticket is served on: premium on the contract's, the rest as the edition says.

    `standard` saves asking for the standard edition again.
    Source: catalogue README, premium and break/fix incidents.
    """
    if contract is not None:
        own = Terms(contract.edition, contract, contract.zone)
        if premium or contract.edition.break_fix_terms == BreakFixTerms.CONTRACT:
            return own
    return Terms(standard or standard_edition(), None)


def promise_for(terms: Terms, severity: Severity, now: datetime) -> Promise:
    """What is promised for a ticket of this severity filed at `now`.

    What may change is read: which edition is offered, and the calendar's newest version. Editions
    and their levels never do, the database sees to that, so they are the process's own.
    Source: domain, Clocks; catalogue README for the phone call out of hours.
    """
    level = _level_of(terms, severity)
    return promise_of_level(terms, level, _current_versions(terms, [level]), now)


def promise_on(
    contract: Contract | None, severity: Severity, now: datetime, *, premium: bool
) -> Promise:
    """What is promised for a ticket filed at `now` under a contract, or on Standard terms.

    As `promise_for` on `terms_for`, by one query.
    """
    standard, versions = _current_terms(contract)
    terms = terms_for(contract, premium=premium, standard=standard)
    return promise_of_level(terms, _level_of(terms, severity), versions, now)


@dataclass(frozen=True, slots=True)
class Promises:
    """What is promised at an instant for each severity, the most severe first."""

    premium: dict[Severity, Promise]
    break_fix: dict[Severity, Promise]

    @property
    def are_on_the_same_terms(self) -> bool:
        """Whether premium and break/fix tickets are served alike."""
        return (
            self.premium[Severity.HIGH].terms.edition == self.break_fix[Severity.HIGH].terms.edition
        )


def promises_on(contract: Contract | None, now: datetime) -> Promises:
    """What is promised under a contract, or on Standard terms, for whoever looks; one query.

    As `promise_for` decides it, for all severities.
    """
    standard, versions = _current_terms(contract)

    def promises(*, premium: bool) -> dict[Severity, Promise]:
        terms = terms_for(contract, premium=premium, standard=standard)
        return {
            Severity(level.severity): promise_of_level(terms, level, versions, now)
            for level in known_levels.get(terms.edition.pk)
        }

    return Promises(premium=promises(premium=True), break_fix=promises(premium=False))


def _level_of(terms: Terms, severity: Severity) -> ServiceLevel:
    levels = known_levels.get(terms.edition.pk)
    level = next((one for one in levels if one.severity == severity), None)
    assert level is not None, "the catalogue gives each edition all severities"
    return level


def _current_terms(contract: Contract | None) -> tuple[Edition, dict[int, CalendarVersion]]:
    """The edition of Standard terms, and the versions that it and the contract's count on."""
    edition = contract.edition_id if contract is not None else 0
    versions = rows_of(CalendarVersion, _VERSIONS_OF_TERMS, [edition])
    assert versions, "the catalogue is loaded with an offered edition"
    standard = known_editions.get(versions[0].standard_edition)  # type: ignore[attr-defined]  # told by the query
    return standard, {version.calendar_id: version for version in versions}


def _current_versions(terms: Terms, levels: Iterable[ServiceLevel]) -> dict[int, CalendarVersion]:
    """The newest version of each calendar that the levels are counted on, by the calendar's key."""
    calendars = {level.calendar_id for level in levels}
    if terms.edition.business_calendar_id is not None:
        calendars.add(terms.edition.business_calendar_id)
    return current_versions(calendars)


def promise_of_level(
    terms: Terms, level: ServiceLevel, versions: Mapping[int, CalendarVersion], now: datetime
) -> Promise:
    """What a service level promises at `now`, on the calendar versions given by calendar key."""
    version = versions[level.calendar_id]
    version.calendar = level.calendar  # It is known: who says its name asks no more.
    zone = terms.zone or version.zone
    schedule = version.schedule(zone)
    opens_at = schedule.next_opening(now)
    call_required, starts_at = False, opens_at
    if terms.edition.phone_required_out_of_hours and schedule.is_always_open:
        window = terms.edition.business_calendar_id
        assert window is not None, "a constraint holds this"
        business = versions[window].schedule(zone)
        if not business.is_open(now):
            call_required, starts_at = True, business.next_opening(now)
    target = level.target
    return Promise(
        terms=terms,
        level=level,
        calendar_version=version,
        zone=zone,
        filed_at=now,
        target=target,
        starts_at=None if target is None else starts_at,
        due_at=None if target is None else schedule.deadline(starts_at, target),
        due_at_if_called=(
            schedule.deadline(now, target) if target is not None and call_required else None
        ),
        call_required=call_required and target is not None,
        is_open=opens_at == now,
        opens_at=opens_at,
    )


def terms_words(edition: Edition, severity: int) -> str:
    """Name the terms of a deadline by their edition: "MSA Enterprise (2023 data sheet), High"."""
    return f"{edition}, {gettext(Severity(severity).label)}"


def explain_promise(promise: Promise, *, reader_zone: str) -> Explanation | None:
    """Explain, before filing, why the promised moment is when it is; None without a target."""
    if promise.target is None or promise.starts_at is None or promise.due_at is None:
        return None
    count = Count(
        calendar_version=promise.calendar_version,
        zone=promise.zone,
        target=promise.target,
        filed_at=promise.filed_at,
        starts_at=promise.starts_at if promise.call_required else promise.filed_at,
        due_at=promise.due_at,
        waits_for_call=promise.call_required,
    )
    return explain_count(
        count,
        now=promise.filed_at,
        reader_zone=reader_zone,
        terms=terms_words(promise.terms.edition, promise.level.severity),
    )
