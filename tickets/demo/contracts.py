"""The contracts of the demo, signed and amended at their times."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.choices import Role
from entitlements.models import Contract, Edition
from entitlements.operations.contracts import (
    add_seats,
    change_edition,
    change_zone,
    suspend_contract,
)
from entitlements.operations.plan_requests import handle_plan_request, request_plan
from entitlements.operations.seats import give_seat
from entitlements.operations.signing import sign_contract
from tickets.demo.cast import Cast
from tickets.demo.companies import COMPANIES, Company, Term
from tickets.demo.plan import SUSPENDED, SUSPENDED_FOR, term_days
from tickets.demo.timeline import Script, Timeline

SIGNED_BEFORE = timedelta(days=12)


def add_contracts(timeline: Timeline, cast: Cast, *, now: datetime) -> None:
    """Put every signing and amendment on the timeline."""
    number = 0
    for company in COMPANIES:
        for term in company.terms:
            number += 1
            timeline.add(_sign(cast, company, term, number, now))
    timeline.add(_amend(cast, now))
    timeline.add(_ask_for_plans(cast, now))


def _sign(cast: Cast, company: Company, term: Term, number: int, now: datetime) -> Script:
    first, last = term_days(term, now.date())
    signed_at = datetime.combine(first, time(10), ZoneInfo(term.zone)) - SIGNED_BEFORE
    yield signed_at
    administrator = cast.the(Role.ADMINISTRATOR)
    contract = sign_contract(
        cast.customers[company.name],
        number=f"C-{first.year}-{400 + number * 7:04d}",
        edition=Edition.objects.get(key=term.edition),
        starts_on=first,
        ends_on=last,
        zone=term.zone,
        by=administrator,
        now=signed_at,
    )
    held = set(contract.seat_holdings.current().values_list("membership_id", flat=True))
    for membership in cast.contacts[company.name]:
        if membership.pk not in held:
            give_seat(contract, membership, by=administrator, now=signed_at + timedelta(hours=1))


def _amend(cast: Cast, now: datetime) -> Script:
    administrator = cast.the(Role.ADMINISTRATOR)

    def contract_of(name: str) -> Contract:
        return cast.customers[name].contracts.earliest("-starts_on")

    yield (at := now - timedelta(days=150))
    change_edition(
        contract_of("Dunmore University"),
        edition=Edition.objects.get(key="msa-business"),
        reason="The medical school joins and needs a time for High, too.",
        by=administrator,
        now=at,
    )
    yield (at := now - timedelta(days=100))
    change_zone(
        contract_of(SUSPENDED),
        zone="America/Denver",
        reason="The mill works Mountain Time.",
        by=administrator,
        now=at,
    )
    yield (at := now - timedelta(days=60))
    add_seats(
        contract_of("Northwind Logistics"),
        amount=1,
        reason="Second warehouse, agreed with Ines.",
        by=administrator,
        now=at,
    )
    yield (at := now - SUSPENDED_FOR)
    suspend_contract(
        contract_of(SUSPENDED),
        reason="Invoice of last quarter open for 90 days, agreed with the account team.",
        by=administrator,
        now=at,
    )


def _ask_for_plans(cast: Cast, now: datetime) -> Script:
    wishes = (
        (40, "Fennimore Foods", "Chloé Dubois", "msa-plus", "Our contract ends soon."),
        (6, "Juniper Freight", "Miriam Cohen", "msa-plus", "Six incidents were not enough."),
        (2, "Halden Ceramics", "Per Aasen", "msa-start", "Two plants, 180 machines."),
    )
    for days, company, name, plan, message in wishes:
        yield (at := now - timedelta(days=days))
        customer = cast.customers.get(company)
        domain = company.lower().replace(" ", "") + ".example"
        request = request_plan(
            Edition.objects.select_related("plan__offered_edition").get(key=plan).plan,
            company=company,
            name=name,
            email=f"{name.split()[-1].lower()}@{domain}",
            phone="+1 312 555 0177",
            message=message,
            customer=customer,
            now=at,
        )
        if days > 30:
            yield (at := at + timedelta(days=1))
            handle_plan_request(
                request,
                outcome="Called back. They stay on Standard until spring.",
                by=cast.the(Role.ADMINISTRATOR),
                now=at,
            )
