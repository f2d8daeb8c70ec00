"""What was done to a customer, its people and its contracts: who, when, what, why."""

from django.db.models import Q, QuerySet

from accounts.models import AuditEvent
from entitlements.models import Contract, Customer, Membership


def history_of_customer(customer: Customer) -> QuerySet[AuditEvent]:
    """Find the audit rows of a customer with its contracts and people, newest first."""
    about = Q(subject_type=Customer._meta.label_lower, subject_id=customer.pk)
    for model in (Contract, Membership):
        about |= Q(
            subject_type=model._meta.label_lower,
            subject_id__in=model._default_manager.filter(customer=customer).values("pk"),
        )
    return AuditEvent.objects.filter(about).select_related("by")


def history_of_contract(contract: Contract) -> QuerySet[AuditEvent]:
    """Find the audit rows of a contract, newest first."""
    return AuditEvent.objects.filter(
        subject_type=Contract._meta.label_lower, subject_id=contract.pk
    ).select_related("by")
