"""People and companies by the beginnings of their names: for staff, among those they may see."""

import re
from functools import reduce
from operator import and_

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from accounts.models import NAMES, User
from entitlements.models import Customer, Membership

MOST = 5

_BEGINNING = re.compile(r"\w+", re.UNICODE)


def find_people(text: str, *, by: User, most: int = MOST) -> list[Membership]:
    """Find people of companies whose names or addresses begin with each word. One query."""
    beginnings = _beginnings(text)
    if not beginnings or not by.is_staff_member:
        return []
    asked = SearchQuery(
        " & ".join(f"{word}:*" for word in beginnings), search_type="raw", config="simple"
    )
    named = User.objects.annotate(names=NAMES).filter(names=asked)
    found = Membership.objects.current().visible_to(by).filter(user__in=named.values("pk"))
    return list(found.select_related("user", "customer").order_by("user__name", "pk")[:most])


def find_companies(text: str, *, by: User, most: int = MOST) -> list[Customer]:
    """Find companies with each word at the beginning of a word of their names. One query."""
    beginnings = _beginnings(text)
    if not beginnings or not by.is_staff_member:
        return []
    named = reduce(
        and_,
        (Q(name__istartswith=word) | Q(name__icontains=f" {word}") for word in beginnings),
    )
    return list(Customer.objects.visible_to(by).filter(named).order_by("name")[:most])


def _beginnings(text: str) -> list[str]:
    return _BEGINNING.findall(text)[:6]
