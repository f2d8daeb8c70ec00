"""What was done to a customer, its people and its contracts: who, when, what, why."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext, gettext_noop, ngettext

from accounts.models import AuditEvent
from entitlements.choices import AmendmentKind
from entitlements.models import Contract, Customer, Invitation, Membership, TopUpRequest
from sla import wording

# A page shows the latest rows; the table keeps all.
SHOWN = 20
# How the rows keep a day.
_DAY = re.compile(r"\b20\d\d-\d\d-\d\d\b")
_TERM = re.compile(r"(20\d\d-\d\d-\d\d) to (20\d\d-\d\d-\d\d)")

# How the rows name a request and an invitation.
_REQUEST = re.compile(r"(\d+) premium incidents for (\S+)")
_INVITATION = re.compile(r"(\S+@\S+) to (.+)")

# What a company's manager reads of its history: how the operations name what they did, and to what.
ACTIONS = (
    gettext_noop("contract signed"),
    gettext_noop("contract amended"),
    gettext_noop("customer added"),
    gettext_noop("customer changed"),
    gettext_noop("seat given"),
    gettext_noop("seat taken back"),
    gettext_noop("person added"),
    gettext_noop("person changed"),
    gettext_noop("person removed"),
    gettext_noop("person let back in"),
    gettext_noop("person invited"),
    gettext_noop("invitation sent again"),
    gettext_noop("invitation accepted"),
    gettext_noop("invitation withdrawn"),
    gettext_noop("night calls changed"),
    gettext_noop("top-up requested"),
    gettext_noop("top-up granted"),
    gettext_noop("top-up declined"),
    gettext_noop("top-up withdrawn"),
    gettext_noop("account escalated"),
    gettext_noop("account escalation answered"),
    gettext_noop("account escalation handed over"),
    gettext_noop("account escalation ended"),
)
# Whose reason was written for both sides; every other stays with colleagues.
_REASONS_OF_BOTH_SIDES = frozenset(
    {
        "contract amended",
        "top-up requested",
        "top-up granted",
        "top-up declined",
        "account escalated",
        "account escalation answered",
        "account escalation ended",
    }
)
FIELDS = (
    gettext_noop("amendment"),
    gettext_noop("edition"),
    gettext_noop("holder"),
    gettext_noop("invited by"),
    gettext_noop("name"),
    gettext_noop("owner"),
    gettext_noop("premium incidents"),
    gettext_noop("seats carried over"),
    gettext_noop("tam"),
    gettext_noop("tam team"),
    gettext_noop("term"),
    gettext_noop("timezone"),
)

# What somebody may and holds, as it is given and as it is taken: as rights of somebody who belongs
# to the company, and of somebody who is invited to it.
_RIGHTS = {
    "is_manager": (
        gettext_noop("manages the company"),
        gettext_noop("manages the company no longer"),
    ),
    "sees_company": (
        gettext_noop("sees all tickets of the company"),
        gettext_noop("sees only their own tickets"),
    ),
    "hears_of_all": (
        gettext_noop("gets a copy of each ticket"),
        gettext_noop("gets no copy of each ticket"),
    ),
    "contact seat": (
        gettext_noop("is given a contact seat"),
        gettext_noop("is given no contact seat"),
    ),
    "answers_at_night": (
        gettext_noop("may be called at night and at weekends"),
        gettext_noop("is not called at night or at weekends"),
    ),
}


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An audit row, its changes in words: "contact seats: 4 → 5", "manages the company".

    Rows are kept in English; all here is in the reader's language.
    """

    event: AuditEvent
    changes: list[str]
    reason: str

    @property
    def action(self) -> str:
        return gettext(self.event.action)

    @property
    def subject(self) -> str:
        named = self.event.subject
        if asked := _REQUEST.fullmatch(named):
            said = ngettext(
                "%(number)d premium incident for %(contract)s",
                "%(number)d premium incidents for %(contract)s",
                int(asked[1]),
            )
            return said % {"number": int(asked[1]), "contract": asked[2]}
        if invited := _INVITATION.fullmatch(named):
            said = gettext("%(address)s to %(customer)s")
            return said % {"address": invited[1], "customer": invited[2]}
        return named


def history_of_customer(customer: Customer) -> list[HistoryLine]:
    """Read the latest audit rows of a customer, its contracts, people and requests, as staff do."""
    return history_lines(_events_of(customer).select_related("by")[:SHOWN])


def history_for_manager(customer: Customer) -> list[HistoryLine]:
    """Read of those what its manager may: no row and no reason that is for colleagues."""
    events = _events_of(customer).filter(action__in=ACTIONS)
    return [
        line if line.event.action in _REASONS_OF_BOTH_SIDES else replace(line, reason="")
        for line in history_lines(events.select_related("by")[:SHOWN])
    ]


def _events_of(customer: Customer) -> models.QuerySet[AuditEvent]:
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
    return AuditEvent.objects.filter(about)


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
            event.reason,
        )
        for event in events
    ]


def _change(field: str, before: Any, after: Any) -> str:
    if field in _RIGHTS and isinstance(after, bool):
        return gettext(_RIGHTS[field][0 if after else 1])
    name = gettext(field.removeprefix("is_").replace("_", " "))
    if before in ("", [], None):
        return f"{name}: {_words(after)}"
    return f"{name}: {_words(before)} → {_words(after)}"


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(str(one).replace("_", " ") for one in value) or gettext("none")
    if value in ("", None):
        return gettext("none")
    if value in AmendmentKind.labels:
        return gettext(str(value))
    if term := _TERM.fullmatch(str(value)):
        said = gettext("%(start)s to %(end)s")
        return said % {"start": _day_words(term[1]), "end": _day_words(term[2])}
    return _DAY.sub(lambda found: _day_words(found[0]), str(value))


def _day_words(written: str) -> str:
    try:
        return wording.date_words(date.fromisoformat(written), get_language())
    except ValueError:  # it only looked like a day
        return written
