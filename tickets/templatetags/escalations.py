"""What pages of apps below show of customers' escalations: they cannot ask for it themselves."""

from typing import Any

from django import template
from django.template.context import Context

from entitlements.models import Customer
from tickets.models import CustomerEscalation
from tickets.permissions import can_escalate_account

register = template.Library()


@register.inclusion_tag("tickets/_account_escalation.html", takes_context=True)
def account_escalation(context: Context, customer: Customer) -> dict[str, Any]:
    """Draw the banner of an escalated account, or the way to escalate it; one or two queries."""
    user = context["user"]
    visible = CustomerEscalation.objects.visible_to(user).open().of_accounts()
    escalation = visible.filter(customer=customer).select_related("owner").first()
    return {
        "escalation": escalation,
        "customer": customer,
        "can_escalate": escalation is None and can_escalate_account(user, customer),
        "is_staff": user.is_staff_member,
        "user": user,
    }
