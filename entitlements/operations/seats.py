"""Contact seats: given, taken back, swapped. The limit is the database's.

A contract that is signed to follow takes the holders over (`carry_seats`), and what changes before
it begins is changed in it too, as long as both have the same holders: where people have chosen
others for it, or had to, their choice stands.
"""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from accounts.operations import record_change
from entitlements.errors import ContractConflict, SeatLimitReached
from entitlements.models import Contract, Membership, SeatHolding
from entitlements.notices import tell_if_nobody_answers_at_night
from entitlements.operations.company_lock import lock_customer
from entitlements.permissions import can_manage_company
from notifications.operations import mark_hidden_read


@transaction.atomic
def give_seat(
    contract: Contract, membership: Membership, *, by: User, now: datetime | None = None
) -> SeatHolding:
    """Make a member a technical contact of the contract.

    Raises: NotAllowed; ContractConflict when the contract was cancelled; SeatLimitReached when all
    seats are held; InvalidInput when the member has no phone number, belongs elsewhere or holds a
    seat already.
    Effects: under the company's and the contract's lock one SeatHolding, a caller PIN, one audit
    row; the same in a contract to follow that is in step and has a seat free.
    """
    moment = now or timezone.now()
    lock_customer(contract.customer_id)
    contract = (
        Contract.objects.select_for_update(of=("self",))
        .select_related("customer")
        .get(pk=contract.pk)
    )
    if not can_manage_company(by, contract.customer):
        raise NotAllowed(_("Only the company manager or an administrator gives seats."))
    if contract.was_cancelled:
        raise ContractConflict(_("This contract was cancelled before it began."))
    # The person after the contract, as whoever removes them takes the two.
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "customer")
        .get(pk=membership.pk)
    )
    if membership.customer_id != contract.customer_id or membership.left_at is not None:
        raise InvalidInput(_("Choose somebody of this company."), field="membership")
    if not membership.user.phone:
        raise InvalidInput(
            _("%(user)s needs a phone number first: we call technical contacts back.")
            % {"user": membership.user},
            field="membership",
        )
    if contract.seat_holdings.current().filter(membership=membership).exists():
        raise InvalidInput(
            _("%(user)s holds a seat already.") % {"user": membership.user}, field="membership"
        )
    if contract.seats_free < 1:
        raise SeatLimitReached(
            _(
                "All %(number)d contact seats are held. Take one back first, or add seats to "
                "the contract."
            )
            % {"number": contract.seat_limit},
            field="membership",
        )
    if not membership.caller_pin:
        _give_pin(membership)
    following = _following_in_step(contract, moment)
    holding = SeatHolding.objects.create(
        contract=contract, membership=membership, held_from=moment, given_by=by
    )
    record_change(
        "seat given", contract, by=by, changes={"holder": ["", str(membership.user)]}, now=moment
    )
    if following is not None and following.seats_free:
        give_seat(following, membership, by=by, now=moment)
    return holding


@transaction.atomic
def release_seat(holding: SeatHolding, *, by: User, now: datetime | None = None) -> SeatHolding:
    """Take a seat back; the row stays as history.

    Raises: NotAllowed, ContractConflict. Effects: the SeatHolding, one audit row; the same in a
    contract to follow that is in step; notices when nobody is left who may be called at night.
    """
    moment = now or timezone.now()
    holding, event = _release(holding, by=by, moment=moment)
    _tell(holding, event, moment)
    return holding


@transaction.atomic
def swap_seat(
    holding: SeatHolding, membership: Membership, *, by: User, now: datetime | None = None
) -> SeatHolding:
    """Pass a seat from one member to another in one step.

    Raises: as give_seat and release_seat. Effects: theirs.
    """
    moment = now or timezone.now()
    holding, event = _release(holding, by=by, moment=moment)
    given = give_seat(holding.contract, membership, by=by, now=moment)
    _tell(holding, event, moment)
    return given


def _release(holding: SeatHolding, *, by: User, moment: datetime) -> tuple[SeatHolding, AuditEvent]:
    lock_customer(holding.contract.customer_id)
    contract = (
        Contract.objects.select_for_update(of=("self",))
        .select_related("customer")
        .get(pk=holding.contract_id)
    )
    if not can_manage_company(by, contract.customer):
        raise NotAllowed(_("Only the company manager or an administrator takes seats back."))
    holding = SeatHolding.objects.select_related("membership__user", "membership__customer").get(
        pk=holding.pk
    )
    if holding.held_until is not None:
        raise ContractConflict(_("This seat has been given back already."))
    following = _following_in_step(contract, moment)
    event = _end(contract, holding, by=by, moment=moment)
    if following is not None:
        there = following.seat_holdings.current().get(membership=holding.membership_id)
        _release(there, by=by, moment=moment)
    return holding, event


def _end(contract: Contract, holding: SeatHolding, *, by: User, moment: datetime) -> AuditEvent:
    holding.held_until = max(moment, holding.held_from)
    holding.ended_by = by
    holding.save(update_fields=["held_until", "ended_by"])
    mark_hidden_read(holding.membership.user, now=moment)
    return record_change(
        "seat taken back",
        contract,
        by=by,
        changes={"holder": [str(holding.membership.user), ""]},
        now=moment,
    )


def _following_in_step(contract: Contract, now: datetime) -> Contract | None:
    """The contract that is signed to come after this one, when the same people hold its seats."""
    to_come = Contract.objects.to_come(contract.customer_id, now)
    following = to_come.filter(starts_on__gt=contract.starts_on).first()
    if following is None:
        return None
    here, there = (
        set(one.seat_holdings.current().values_list("membership", flat=True))
        for one in (contract, following)
    )
    return following if here == there else None


def _tell(holding: SeatHolding, event: AuditEvent, now: datetime) -> None:
    if holding.membership.can_be_called_at_night:
        tell_if_nobody_answers_at_night(holding.membership, holding.contract, event=event, now=now)


def carry_seats(contract: Contract, *, by: User, now: datetime) -> list[SeatHolding]:
    """Give the holders of the customer's preceding contract their seats of a new one.

    Call it while signing. When they are more than the new contract has, nobody is carried over:
    who keeps a seat is chosen by people. Effects: one SeatHolding each; the signing is the event.
    """
    preceding = Contract.objects.before(contract).first()
    if preceding is None:
        return []
    holders = list(
        preceding.seat_holdings.current().filter(membership__left_at__isnull=True).order_by("pk")
    )
    if len(holders) > contract.seat_limit:
        return []
    return [
        SeatHolding.objects.create(
            contract=contract, membership=one.membership, held_from=now, given_by=by
        )
        for one in holders
    ]


def end_seats(contract: Contract, *, by: User, now: datetime) -> None:
    """Take back all seats of a contract that will not begin; no other contract follows.

    Call it under the company's lock and the contract's. Effects: as release_seat, without notices:
    who is called today is said by the contract of today.
    """
    for holding in contract.seat_holdings.current().select_related("membership__user"):
        _end(contract, holding, by=by, moment=now)


def _give_pin(membership: Membership) -> None:
    """Six random digits, unlike any other of the company."""
    for _try in range(20):
        membership.caller_pin = f"{secrets.randbelow(1_000_000):06d}"
        try:
            with transaction.atomic():
                membership.save(update_fields=["caller_pin"])
        except IntegrityError:
            continue
        return
    raise ContractConflict(_("No free caller PIN was found. Try again."))
