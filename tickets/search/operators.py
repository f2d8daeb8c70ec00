"""The operators of the search: what each means, for whom it is, and what to say of a wrong one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.errors import InvalidInput
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from tickets.choices import OPEN_STATES, TicketKind, TicketState
from tickets.models import Product, Tag
from tickets.querysets import seen_as_staff
from tickets.search.asking import Asked
from tickets.tag_names import normal_tag
from tickets.urgency import RUNNING, Urgency

_OPEN = Q(state__in=OPEN_STATES)
_NOTHING = Q(pk__in=[])


class WrongValue(Exception):
    """The value means nothing to its operator; says what would."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Who asks, and when."""

    by: User
    now: datetime


@dataclass(frozen=True, slots=True)
class Meaning:
    """One operator: what it does with a value, and what the page tells of it."""

    narrow: Callable[[str, Reading], Q]
    example: str
    tells: str
    is_for_staff: bool = False


def narrow(asked: Asked, *, by: User, now: datetime) -> tuple[Q, list[str]]:
    """Return the condition of all operators, and a hint for each that means nothing.

    One nobody knows narrows nothing, and its hint says so; a wrong value finds nothing, and one
    without a value is a word.
    """
    condition, hints = Q(), []
    known = operators_for(by)
    for term in asked.terms:
        if term.text.endswith(":") and term.text[:-1].lower() in known and not term.is_phrase:
            said = _("“%(word)s” was taken for a word: put the value right behind the colon.")
            hints.append(said % {"word": term.text})
    for operator in asked.operators:
        meaning = known.get(operator.key)
        if meaning is None:
            names = ", ".join(f"{key}:" for key in known)
            said = _("“%(key)s:” is no operator, so it was left out. Known: %(names)s.")
            hints.append(said % {"key": operator.key, "names": names})
            continue
        try:
            meant = meaning.narrow(operator.value, Reading(by, now))
        except WrongValue as error:
            hints.append(f"{operator.key}: {error}")
            meant = _NOTHING
        condition &= ~meant if operator.is_out and meant != _NOTHING else meant
    return condition, hints


def operators_for(user: User) -> dict[str, Meaning]:
    """The operators this person has."""
    return {
        key: one for key, one in OPERATORS.items() if user.is_staff_member or not one.is_for_staff
    }


def _of_customer(value: str, asked: Reading) -> Q:
    visible = Customer.objects.visible_to(asked.by)
    named = Q(slug=value.lower()) | Q(name__istartswith=value)
    found = list(visible.filter(named).values_list("pk", flat=True)[:50]) if value else []
    if not found:
        raise WrongValue(_("no company’s name begins with “%(value)s”.") % {"value": value})
    return Q(customer__in=found)


def _of_severity(value: str, asked: Reading) -> Q:
    for severity in Severity:
        label = str(severity.label)
        if value.lower() in {str(severity.value), label.lower(), _(label).lower()}:
            return Q(severity=severity)
    raise WrongValue(_("1, 2, 3 or 4, or critical, high, medium, low."))


def _of_state(value: str, asked: Reading) -> Q:
    given = value.lower().replace(" ", "_").replace("-", "_")
    found = [state for state in TicketState if given and state.value.startswith(given)]
    if given == "open":
        return _OPEN
    if not found:
        states = ", ".join(state.value for state in TicketState)
        raise WrongValue(_("open, %(states)s.") % {"states": states})
    return Q(state__in=found)


def _of_assignee(value: str, asked: Reading) -> Q:
    if value.lower() == "me":
        return Q(assignee=asked.by)
    if value.lower() in {"none", "nobody"}:
        return Q(assignee__isnull=True)
    named = Q(name__icontains=value) | Q(email__iexact=value)
    # Staff are few; nobody else is ever given a ticket.
    people = User.objects.filter(named, assigned_tickets__isnull=False) if value else None
    found = list(people.values_list("pk", flat=True).distinct()[:50]) if people else []
    if not found:
        raise WrongValue(_("“%(value)s” has no ticket. Try me, none or a name.") % {"value": value})
    return Q(assignee__in=found)


def _of_product(value: str, asked: Reading) -> Q:
    named = Product.objects.filter(name__icontains=value)
    found = list(named.values_list("pk", flat=True)) if value else []
    if not found:
        names = ", ".join(Product.objects.values_list("name", flat=True)[:8])
        raise WrongValue(
            _("there is no product “%(value)s”. There are: %(names)s.")
            % {"value": value, "names": names}
        )
    return Q(product__in=found)


def _of_tag(value: str, asked: Reading) -> Q:
    try:
        name = normal_tag(value)
    except InvalidInput as error:
        raise WrongValue(error.message) from None
    if not Tag.objects.filter(name=name).exists():
        raise WrongValue(f"nobody has used the tag “{name}”.")
    return Q(tags__contains=[name]) & seen_as_staff(asked.by, "pk")


def _is(value: str, asked: Reading) -> Q:
    now = asked.now
    escalated = Q(escalated_at__isnull=False) | Q(account_escalated_at__isnull=False)
    known = {
        "open": _OPEN,
        "closed": ~_OPEN,
        "overdue": _OPEN & Urgency.OVERDUE.holds(now),
        "at-risk": _OPEN & RUNNING & Q(answer_at_risk_at__lte=now),
        "mine": Q(assignee=asked.by) if asked.by.is_staff_member else Q(filed_by=asked.by),
        "unassigned": _OPEN & Q(assignee__isnull=True),
        "waiting": Q(state=TicketState.WAITING_FOR_CUSTOMER),
        "escalated": _OPEN & escalated,
        "premium": Q(kind=TicketKind.PREMIUM),
    }
    if asked.by.is_staff_member:
        known["at-risk"] &= seen_as_staff(asked.by, "pk")
    else:
        for name in ("at-risk", "unassigned"):
            del known[name]
    found = known.get(value.lower().replace("_", "-"))
    if found is None:
        raise WrongValue(f"{', '.join(known)}.")
    return found


def _before(value: str, asked: Reading) -> Q:
    return Q(filed_at__lt=_day(value, asked))


def _after(value: str, asked: Reading) -> Q:
    return Q(filed_at__gte=_day(value, asked))


def _day(value: str, asked: Reading) -> datetime:
    """The first instant of a day where the reader is."""
    try:
        day = date.fromisoformat(value)
        return datetime.combine(day, time(), ZoneInfo(asked.by.timezone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise WrongValue(
            _("a day such as %(day)s, not “%(value)s”.")
            % {"day": f"{asked.now:%Y-%m-%d}", "value": value}
        ) from None


OPERATORS: dict[str, Meaning] = {
    "is": Meaning(
        _is,
        "is:overdue",
        gettext_noop("open, closed, overdue, mine, waiting, escalated or premium"),
    ),
    "severity": Meaning(
        _of_severity, "severity:1", gettext_noop("1 to 4, or its word: severity:critical")
    ),
    "state": Meaning(_of_state, "state:resolved", gettext_noop("the state it is in")),
    "customer": Meaning(
        _of_customer, 'customer:"Harbour Foods"', gettext_noop("how its name begins")
    ),
    "product": Meaning(_of_product, "product:gateway", gettext_noop("a part of its name")),
    "assignee": Meaning(
        _of_assignee, "assignee:me", "me, none or a part of a name", is_for_staff=True
    ),
    "tag": Meaning(_of_tag, "tag:outbreak", "carries this tag", is_for_staff=True),
    "after": Meaning(_after, "after:2026-03-01", gettext_noop("filed on this day or later")),
    "before": Meaning(_before, "before:2026-04-01", gettext_noop("filed before this day")),
}
