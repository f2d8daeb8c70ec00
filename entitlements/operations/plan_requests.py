"""Requests for a plan: kept, told to administrators, handled."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.choices import Role
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.operations import record_change
from entitlements.errors import ContractConflict
from entitlements.models import Customer, Plan, PlanRequest
from entitlements.permissions import can_administer
from notifications.operations import notify


@transaction.atomic
def request_plan(
    plan: Plan,
    *,
    company: str,
    name: str,
    email: str,
    phone: str,
    message: str,
    customer: Customer | None = None,
    now: datetime | None = None,
) -> PlanRequest:
    """Keep a request for a plan and tell the administrators in the portal and by mail.

    The sender gets no mail: the address is not proven to be theirs.
    Effects: one PlanRequest, notices.
    """
    moment = now or timezone.now()
    assert plan.offered_edition is not None, "only offered plans are shown"
    request = PlanRequest.objects.create(
        plan=plan,
        edition=plan.offered_edition,
        customer=customer,
        company=company,
        name=name,
        email=email,
        phone=phone,
        message=message,
        requested_at=moment,
    )
    notify(
        User.objects.active().with_role(Role.ADMINISTRATOR),
        key=f"plan-request:{request.pk}",
        kind="plan_request",
        subject=f"{plan.name} requested by {company}",
        body=f"{name} of {company} asks for {plan.name}.",
        path=f"/plan-requests/{request.pk}/",
        now=moment,
    )
    return request


@transaction.atomic
def handle_plan_request(
    request: PlanRequest, *, outcome: str, by: User, now: datetime | None = None
) -> PlanRequest:
    """Mark a request as handled, with what came of it.

    Raises: NotAllowed, ContractConflict. Effects: the PlanRequest, one audit row.
    """
    if not can_administer(by):
        raise NotAllowed("Only an administrator handles plan requests.")
    request = PlanRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if request.handled_at is not None:
        raise ContractConflict("Somebody has handled this request already.")
    request.handled_at = now or timezone.now()
    request.handled_by = by
    request.outcome = outcome
    request.save(update_fields=["handled_at", "handled_by", "outcome"])
    record_change("plan request handled", request, by=by, reason=outcome, now=now)
    return request
