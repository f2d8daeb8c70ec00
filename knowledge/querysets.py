"""Sets of articles, scoped to who may read them."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from entitlements.models import Contract

if TYPE_CHECKING:
    from knowledge.models.article import Article  # noqa: F401 - named in a base class, as text

type Reader = User | AnonymousUser


class ArticleQuerySet(models.QuerySet["Article"]):
    """Questions about articles."""

    def visible_to(self, reader: Reader, now: datetime | None = None) -> "ArticleQuerySet":
        """All for staff; for everybody else what is published, and public or of their plan.

        One query for the plans of a signed-in customer.
        """
        if reader.is_authenticated and reader.is_staff_member:
            return self.all()
        allowed = Q(published__is_public=True)
        if plans := plans_of(reader, now or timezone.now()):
            allowed |= Q(published__plan_keys__overlap=plans)
        return self.current().filter(allowed)

    def current(self) -> "ArticleQuerySet":
        """Those that can be read: published, and not retired."""
        return self.filter(published__isnull=False, retired_at__isnull=True)

    def being_written(self) -> "ArticleQuerySet":
        return self.filter(draft__isnull=False, retired_at__isnull=True)


def plans_of(reader: Reader, now: datetime) -> list[str]:
    """Keys of the plans under which a company of this person has a contract in force."""
    if not reader.is_authenticated or not reader.is_active:
        return []
    contracts = Contract.objects.in_force_at(now).filter(
        customer__memberships__user=reader, customer__memberships__left_at__isnull=True
    )
    return sorted(set(contracts.values_list("edition__plan__key", flat=True)))
