"""A customer's plan at a glance: the contract of today and what is left of its incidents."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.columns import columns_of, rows_of
from entitlements.choices import ContractState
from entitlements.models import Contract, ContractYear, Customer, known_editions
from entitlements.operations.incidents import year_bounds
from entitlements.promise import business_day
from entitlements.querysets import ContractQuerySet

# A contract's years and who holds its seats stand in cells of its row: one question, on pages that
# ask many.
_NEAR = f"""
SELECT {columns_of(Contract, "contract")},
       (SELECT json_agg(json_build_array(year.id, year.starts_on, year.ends_on,
                                         year.is_unlimited, year.balance, year.used)
                        ORDER BY year.starts_on)
          FROM entitlements_contractyear AS year
         WHERE year.contract_id = contract.id) AS told_years,
       (SELECT json_object_agg(holding.membership_id, membership.user_id)
          FROM entitlements_seatholding AS holding
          JOIN entitlements_membership AS membership ON membership.id = holding.membership_id
         WHERE holding.contract_id = contract.id AND holding.held_until IS NULL) AS told_holders
  FROM entitlements_contract AS contract
 WHERE contract.customer_id = ANY(%s) AND contract.signed_at IS NOT NULL
       AND contract.starts_on <= %s AND contract.ends_on >= %s
"""  # noqa: S608 - column names of our own


@dataclass(frozen=True, slots=True)
class Incidents:
    """Premium incidents of a contract year. `left` and `total` are None when unlimited."""

    used: int
    total: int | None
    left: int | None
    until: date


@dataclass(frozen=True, slots=True)
class Account:
    """A customer, the signed contract that holds today's date, and what is left of it.

    `contract` may be suspended, as `state` says: Standard terms hold then, too. It is None on
    Standard.
    """

    customer: Customer
    contract: Contract | None
    state: ContractState | None
    incidents: Incidents | None

    @property
    def is_on_standard(self) -> bool:
        return self.contract is None or self.state == ContractState.SUSPENDED


@dataclass(frozen=True, slots=True)
class Standing:
    """The contract a customer has in force, what is left of it, and who holds its seats.

    `holders` are the holders' people by their memberships' keys.
    """

    contract: Contract
    incidents: Incidents
    holders: dict[int, int]


def standing_of(customer: Customer, now: datetime) -> Standing | None:
    """Look up the contract in force at `now`, with all that pages tell of it; one query."""
    for contract in _near_with_years([customer.pk], now.date()):
        if contract.is_in_force(business_day(contract.zone, now)):
            contract.customer = customer
            holders = contract.told_holders or {}  # type: ignore[attr-defined]  # told by _NEAR
            return Standing(
                contract,
                incidents_of(contract, now),
                {int(membership): user for membership, user in holders.items()},
            )
    return None


def accounts_of(customers: Iterable[Customer], now: datetime) -> list[Account]:
    """Look up each customer's contract of today; one query for any number of customers."""
    customers = list(customers)
    of_today = {
        contract.customer_id: contract
        for contract in _near_with_years([customer.pk for customer in customers], now.date())
        if _is_of_today(contract, now)
    }
    return [_account(customer, of_today.get(customer.pk), now) for customer in customers]


def contract_of_today(customer: Customer, now: datetime) -> Contract | None:
    """Look up the signed contract that holds today's date, a suspended one too; one query."""
    return next((one for one in _near([customer], now) if _is_of_today(one, now)), None)


def _near_with_years(customers: list[int], today: date) -> Iterator[Contract]:
    """Signed contracts of today with their years: in some zone, as each counts days in its own."""
    day = timedelta(days=1)
    near = rows_of(Contract, _NEAR, [customers, today + day, today - day])
    for contract in near:
        contract.edition = known_editions.get(contract.edition_id)
        years = contract.years.all()
        years._result_cache = _years(contract)  # noqa: SLF001 - as prefetch_related would leave them
        contract._prefetched_objects_cache = {"years": years}  # type: ignore[attr-defined]  # noqa: SLF001 - likewise
        yield contract


def _years(contract: Contract) -> list[ContractYear]:
    return [
        ContractYear(
            pk=key,
            contract=contract,
            starts_on=date.fromisoformat(starts_on),
            ends_on=date.fromisoformat(ends_on),
            is_unlimited=is_unlimited,
            balance=balance,
            used=used,
        )
        for key, starts_on, ends_on, is_unlimited, balance, used in contract.told_years or []  # type: ignore[attr-defined]  # told by _NEAR
    ]


def account_of(customer: Customer, now: datetime) -> Account:
    """Look up one customer's contract of today."""
    return accounts_of([customer], now)[0]


def incidents_of(contract: Contract, now: datetime) -> Incidents:
    """Count the incidents of the contract year of today, or of the nearest one.

    A year opens with its first movement; until then it holds what the edition grants.
    """
    day = min(max(business_day(contract.zone, now), contract.starts_on), contract.ends_on)
    for year in contract.years.all():
        if year.starts_on <= day <= year.ends_on:
            return _counted(year)
    grant = contract.edition.premium_incidents_per_year
    _, until = year_bounds(contract, day)
    return Incidents(used=0, total=grant, left=grant, until=until)


def _near(customers: Iterable[Customer], now: datetime) -> ContractQuerySet:
    """Contracts whose term may hold today: they count their days in different zones."""
    today = now.date()
    return Contract.objects.filter(
        customer__in=customers,
        signed_at__isnull=False,
        starts_on__lte=today + timedelta(days=1),
        ends_on__gte=today - timedelta(days=1),
    ).select_related("edition__plan")


def _is_of_today(contract: Contract, now: datetime) -> bool:
    return contract.starts_on <= business_day(contract.zone, now) <= contract.last_day


def _counted(year: ContractYear) -> Incidents:
    if year.is_unlimited:
        return Incidents(used=year.used, total=None, left=None, until=year.ends_on)
    return Incidents(used=year.used, total=year.granted, left=year.balance, until=year.ends_on)


def _account(customer: Customer, contract: Contract | None, now: datetime) -> Account:
    if contract is None:
        return Account(customer, None, None, None)
    state = contract.state(business_day(contract.zone, now))
    return Account(customer, contract, state, incidents_of(contract, now))
