"""Requests for more premium incidents: asked by a company's manager, answered by us."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from accounts.choices import Role
from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from entitlements.choices import TopUpOutcome
from entitlements.errors import ContractConflict
from entitlements.models import Contract, TopUpRequest
from entitlements.operations.contracts import add_incidents
from entitlements.permissions import can_administer, can_ask_for_top_up
from entitlements.promise import business_day
from notifications.operations import notify
from notifications.words import Words, worded

MOST_ASKED = 1000


@transaction.atomic
def request_top_up(
    contract: Contract, *, amount: int, reason: str, by: User, now: datetime | None = None
) -> TopUpRequest:
    """Ask for more premium incidents in the present contract year.

    Raises: NotAllowed; InvalidInput for an amount out of 1 to MOST_ASKED; ContractConflict when
    the contract is not in force, has no limit, or has an open request. Effects: one TopUpRequest,
    one audit row, notices to administrators and the account managers.
    """
    moment = now or timezone.now()
    # Never joined with its edition: after a wait for the lock the joined one would be the old one.
    contract = Contract.objects.select_for_update().get(pk=contract.pk)
    if not can_ask_for_top_up(by, contract.customer):
        raise NotAllowed(_("Your company manager asks for premium incidents."))
    if not 1 <= amount <= MOST_ASKED:
        raise InvalidInput(_("Ask for 1 to %(most)d.") % {"most": MOST_ASKED}, field="amount")
    if not contract.is_in_force(business_day(contract.zone, moment)):
        raise ContractConflict(_("This contract is not in force."))
    if contract.edition.premium_incidents_per_year is None:
        raise ContractConflict(_("Your plan has no limit of premium incidents."))
    if contract.top_up_requests.open().exists():
        raise ContractConflict(_("We have a request of yours already, and answer that one first."))
    asked = TopUpRequest.objects.create(
        contract=contract, amount=amount, reason=reason.strip(), asked_by=by, asked_at=moment
    )
    record_change(
        "top-up requested",
        asked,
        by=by,
        changes={"premium incidents": ["", amount]},
        reason=asked.reason,
        now=moment,
    )
    customer = contract.customer
    tams = [one for one in customer.tams() if one.has_role(Role.TAM)]
    notify(
        [*User.objects.active().with_role(Role.ADMINISTRATOR), *tams],
        key=f"top-up:{asked.pk}",
        kind="top_up_request",
        subject=f"{customer} asks for {amount} more premium incidents",
        body=f"{by} asks for {amount} premium incidents on {contract}."
        + (f"\n\n{asked.reason}" if asked.reason else ""),
        path=f"/top-ups/{asked.pk}/",
        now=moment,
    )
    return asked


@transaction.atomic
def grant_top_up(
    asked: TopUpRequest, *, amount: int, answer: str, by: User, now: datetime | None = None
) -> TopUpRequest:
    """Add the incidents to the contract year, as many as asked for or another number.

    Raises: NotAllowed, InvalidInput, ContractConflict. Effects: an Amendment with its top-up (see
    add_incidents), the TopUpRequest, one audit row of it, notices to the company's managers.
    """
    moment = now or timezone.now()
    asked = _lock(asked, by)
    why = f"Asked for by {asked.asked_by}" + (f": {asked.reason}" if asked.reason else "")
    asked.amendment = add_incidents(
        asked.contract, amount=amount, reason=why[:300], by=by, now=moment
    )
    _end(asked, TopUpOutcome.GRANTED, answer=answer, by=by, now=moment)
    _tell_managers(
        asked,
        subject=lambda _reader: _added(amount, asked.contract),
        body=answer.strip() or (lambda _reader: _there(amount)),
        now=moment,
    )
    return asked


@transaction.atomic
def decline_top_up(
    asked: TopUpRequest, *, answer: str, by: User, now: datetime | None = None
) -> TopUpRequest:
    """Say no, and why.

    Raises: NotAllowed, InvalidInput, ContractConflict. Effects: the TopUpRequest, one audit row,
    notices to the company's managers.
    """
    moment = now or timezone.now()
    asked = _lock(asked, by)
    if not answer.strip():
        raise InvalidInput("Say why: the company reads it.", field="answer")
    _end(asked, TopUpOutcome.DECLINED, answer=answer, by=by, now=moment)
    _tell_managers(
        asked,
        subject=worded(
            gettext_noop("No premium incidents were added to %(contract)s"), contract=asked.contract
        ),
        body=answer.strip(),
        now=moment,
    )
    return asked


@transaction.atomic
def withdraw_top_up(asked: TopUpRequest, *, by: User, now: datetime | None = None) -> TopUpRequest:
    """Take a request back. Raises: NotAllowed, ContractConflict. Effects: it, one audit row."""
    asked = _fresh(asked)
    if not can_ask_for_top_up(by, asked.contract.customer):
        raise NotAllowed(_("Only your company manager withdraws it."))
    _end(asked, TopUpOutcome.WITHDRAWN, answer="", by=by, now=now or timezone.now())
    return asked


def _lock(asked: TopUpRequest, by: User) -> TopUpRequest:
    if not can_administer(by):
        raise NotAllowed("Only an administrator answers a request for premium incidents.")
    return _fresh(asked)


def _fresh(asked: TopUpRequest) -> TopUpRequest:
    """The request's fresh row under its contract's lock, as asking takes them."""
    Contract.objects.select_for_update().get(pk=asked.contract_id)
    rows = TopUpRequest.objects.select_for_update(of=("self",))
    asked = rows.select_related("contract__customer", "asked_by").get(pk=asked.pk)
    if not asked.is_open:
        raise ContractConflict(_("This request has been answered or withdrawn already."))
    return asked


def _end(
    asked: TopUpRequest, outcome: TopUpOutcome, *, answer: str, by: User, now: datetime
) -> None:
    asked.outcome = outcome
    asked.answer = answer.strip()
    asked.answered_by = by
    asked.answered_at = now
    asked.save()
    record_change(f"top-up {outcome}", asked, by=by, reason=asked.answer, now=now)


def _added(amount: int, contract: Contract) -> str:
    said = ngettext(
        "%(number)d premium incident added to %(contract)s",
        "%(number)d premium incidents added to %(contract)s",
        amount,
    )
    return said % {"number": amount, "contract": contract}


def _there(amount: int) -> str:
    said = ngettext(
        "%(number)d premium incident is there from now on.",
        "%(number)d premium incidents are there from now on.",
        amount,
    )
    return said % {"number": amount}


def _tell_managers(asked: TopUpRequest, *, subject: Words, body: Words, now: datetime) -> None:
    customer = asked.contract.customer
    managers = customer.memberships.current().filter(is_manager=True).select_related("user")
    notify(
        [one.user for one in managers],
        key=f"top-up-answer:{asked.pk}",
        kind="top_up_answered",
        subject=subject,
        body=body,
        path=f"/companies/{customer.slug}/incidents/",
        now=now,
    )
