"""Measured tickets, scoped to who may read figures of them."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.choices import Role
from accounts.models import User
from entitlements.querysets import tam_of

if TYPE_CHECKING:
    from tickets.models.measure import TicketMeasure  # noqa: F401 - named in a base class, as text

# Who reads figures of all customers; account managers read those of their own.
READS_ALL_FIGURES = (Role.DUTY_LEAD, Role.SUPPORT_MANAGER, Role.ADMINISTRATOR)


class TicketMeasureQuerySet(models.QuerySet["TicketMeasure"]):
    """Questions about measured tickets."""

    def visible_to(self, user: User) -> "TicketMeasureQuerySet":
        """All for leads, a TAM's customers' for a TAM, none for anybody else."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_role(*READS_ALL_FIGURES):
            return self
        if not user.has_role(Role.TAM):
            return self.none()
        customers = self.model._meta.get_field("customer").related_model
        assert isinstance(customers, type)
        theirs = customers._default_manager.filter(tam_of(user))
        return self.filter(Q(customer__in=theirs.values("pk")))
