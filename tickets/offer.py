"""What somebody is offered before they file: each kind's promises, and whether premium is open."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from entitlements.account import Incidents, standing_of
from entitlements.choices import Severity
from entitlements.models import Contract, Membership
from entitlements.promise import Promise, promises_on
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
    """Work out what the member is offered at `now`; two queries.

    Source: catalogue README, premium and break/fix incidents.
    """
    standing = standing_of(membership.customer, now)
    contract = standing.contract if standing is not None else None
    balance = standing.incidents if standing is not None else None
    holds_seat = standing is not None and membership.pk in standing.holders
    refusal = _refusal(membership, contract, balance, holds_seat=holds_seat)
    promised = promises_on(contract, now)
    promises = {TicketKind.BREAK_FIX: promised.break_fix}
    if not refusal:
        promises[TicketKind.PREMIUM] = promised.premium
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
