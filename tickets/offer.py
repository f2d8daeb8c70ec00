"""What somebody is offered before they file: each kind's promises, and whether premium is open."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from entitlements.account import Incidents, incidents_of
from entitlements.choices import Severity
from entitlements.models import Contract, Membership
from entitlements.promise import Promise, contract_in_force, promises_for, terms_for
from tickets.choices import TicketKind


@dataclass(frozen=True, slots=True)
class Offer:
    """What a member of a company may file at an instant, and what is promised for it.

    `promises` has premium only when it can be filed; else `refusal` says why not. `pin` is the
    person's own caller PIN, empty without a contact seat.
    """

    membership: Membership
    contract: Contract | None
    now: datetime
    promises: dict[TicketKind, dict[Severity, Promise]]
    balance: Incidents | None
    holds_seat: bool
    refusal: str

    @property
    def pin(self) -> str:
        return self.membership.caller_pin if self.holds_seat else ""

    @property
    def can_file_premium(self) -> bool:
        return not self.refusal


def offer_for(membership: Membership, now: datetime) -> Offer:
    """Work out what the member is offered at `now`.

    Source: catalogue README, premium and break/fix incidents.
    """
    contract = contract_in_force(membership.customer, now)
    balance = incidents_of(contract, now) if contract is not None else None
    holds_seat = (
        contract is not None
        and contract.seat_holdings.current().filter(membership=membership).exists()
    )
    refusal = _refusal(membership, contract, balance, holds_seat=holds_seat)
    promises = {TicketKind.BREAK_FIX: promises_for(terms_for(contract, premium=False), now)}
    if not refusal:
        promises[TicketKind.PREMIUM] = promises_for(terms_for(contract, premium=True), now)
    return Offer(
        membership=membership,
        contract=contract,
        now=now,
        promises=promises,
        balance=balance,
        holds_seat=holds_seat,
        refusal=refusal,
    )


def _refusal(
    membership: Membership,
    contract: Contract | None,
    balance: Incidents | None,
    *,
    holds_seat: bool,
) -> str:
    """Say why no premium incident can be filed; empty when one can."""
    told = {"company": membership.customer}
    if contract is None or balance is None:
        return _("%(company)s has no maintenance contract in force.") % told
    if not holds_seat:
        return _("Only technical contacts of %(company)s file premium incidents.") % told
    if balance.left == 0:
        return _("All %(total)s premium incidents of this contract year are used.") % {
            "total": balance.total
        }
    return ""
