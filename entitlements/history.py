"""What was done to a customer, its people and its contracts: who, when, what, why."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import AuditEvent
from entitlements.models import Contract, Customer, Invitation, Membership, TopUpRequest
from sla import wording

# A page shows the latest rows; the table keeps all.
SHOWN = 20
# How the rows keep a day.
_DAY = re.compile(r"\b20\d\d-\d\d-\d\d\b")

# What somebody may and holds, as it is given and as it is taken: as rights of somebody who belongs
# to the company, and of somebody who is invited to it.
_RIGHTS = {
    "is_manager": ("manages the company", "manages the company no longer"),
    "sees_company": ("sees all tickets of the company", "sees only their own tickets"),
    "hears_of_all": ("gets a copy of each ticket", "gets no copy of each ticket"),
    "contact seat": ("is given a contact seat", "is given no contact seat"),
    "answers_at_night": (
        "may be called at night and at weekends",
        "is not called at night or at weekends",
    ),
}


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An audit row, its changes in words: "contact seats: 4 → 5", "manages the company"."""

    event: AuditEvent
    changes: list[str]


def history_of_customer(customer: Customer) -> list[HistoryLine]:
    """Read the latest audit rows of a customer, its contracts, people and requests."""
    about = Q(subject_type=Customer._meta.label_lower, subject_id=customer.pk)
    for model, path in (
        (Contract, "customer"),
        (Membership, "customer"),
        (Invitation, "customer"),
        (TopUpRequest, "contract__customer"),
    ):
        about |= Q(
            subject_type=model._meta.label_lower,
            subject_id__in=model._default_manager.filter(**{path: customer}).values("pk"),
        )
    return history_lines(AuditEvent.objects.filter(about).select_related("by")[:SHOWN])


def history_of(subject: models.Model) -> list[HistoryLine]:
    """Read the latest audit rows of one thing, newest first."""
    events = AuditEvent.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk
    )
    return history_lines(events.select_related("by")[:SHOWN])


def history_lines(events: Iterable[AuditEvent]) -> list[HistoryLine]:
    """Put audit rows into words."""
    return [
        HistoryLine(
            event,
            [
                _change(field, before, after)
                for field, (before, after) in event.changes.items()
                if before != after
            ],
        )
        for event in events
    ]


def _change(field: str, before: Any, after: Any) -> str:
    if field in _RIGHTS and isinstance(after, bool):
        return _RIGHTS[field][0 if after else 1]
    name = field.removeprefix("is_").replace("_", " ")
    if before in ("", [], None):
        return f"{name}: {_words(after)}"
    return f"{name}: {_words(before)} → {_words(after)}"


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(one).replace("_", " ") for one in value) or "none"
    return _DAY.sub(_day, str(value)) if value not in ("", None) else "none"


def _day(written: re.Match[str]) -> str:
    try:
        return wording.date_words(date.fromisoformat(written[0]), "en")
    except ValueError:  # it only looked like a day
        return written[0]
