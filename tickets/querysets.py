"""Sets of tickets and what hangs on them, scoped to who may see them."""

from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Now

from accounts.choices import Role
from accounts.kept_rows import KeptRows
from accounts.models import User
from entitlements.models import Membership, SeatHolding, known_editions
from entitlements.querysets import tam_of
from sla.choices import ClockEventKind
from sla.models import known_versions
from tickets.choices import INTERNAL_EVENTS, OPEN_STATES, LinkKind, TicketKind, TicketState
from tickets.search.asking import number_in
from tickets.urgency_querysets import UrgencyOrdered

if TYPE_CHECKING:  # The models name these querysets; only the annotations look back.
    from tickets.models.attachment import Attachment  # noqa: F401 - named in a base class, as text
    from tickets.models.call import ArrangedCall  # noqa: F401 - named in a base class, as text
    from tickets.models.event import TicketEvent  # noqa: F401 - named in a base class, as text
    from tickets.models.message import Message, Note  # noqa: F401 - named in a base class, as text
    from tickets.models.objective import TicketObjective  # noqa: F401 - named as text
    from tickets.models.product import Product
    from tickets.models.rating import Rating  # noqa: F401 - named in a base class, as text
    from tickets.models.ticket import Ticket

# Roles that work on every ticket.
SEES_ALL_TICKETS = (
    Role.ENGINEER,
    Role.DUTY_LEAD,
    Role.SUPPORT_MANAGER,
    Role.ADMINISTRATOR,
)

# How long a held answer that never went out keeps the watch from its ticket.
HOLDS_THE_WATCH = timedelta(minutes=10)

# How long a resolved ticket can be reopened with one click.
REOPEN_WITHIN = timedelta(days=14)


def visible_tickets(user: User, prefix: str = "") -> Q:
    """The one rule of who sees a ticket, for a path that leads to it.

    Support sees all; the lab what it works on; a TAM their customers'; technical contacts,
    company managers and people allowed to, their company's; everybody else what they filed or
    watch.
    """
    if not user.is_authenticated or not user.is_active:
        return Q(pk__in=[])
    if user.has_role(*SEES_ALL_TICKETS):
        return Q()
    return Q(**{f"{prefix}pk__in": _ticket_model().objects.filter(_own(user)).values("pk")})


def _own(user: User) -> Q:
    member = Membership.objects.filter(user=user, left_at__isnull=True)
    own = Q(customer__in=sees_company(user).values("customer"))
    own |= Q(customer__in=member.values("customer")) & (Q(filed_by=user) | Q(watchers=user))
    if user.has_role(Role.TAM):
        own |= tam_of(user, "customer__")
    if user.has_role(Role.ANALYST):
        own |= Q(kind=TicketKind.DATABASE_RELEASE) | Q(state=TicketState.WAITING_FOR_LAB)
    return own


def sees_company(user: User) -> "models.QuerySet[Membership]":
    """Places in companies that let a person see all of the company's tickets."""
    holds_seat = Exists(SeatHolding.objects.lasting().filter(membership=OuterRef("pk")))
    return Membership.objects.filter(user=user, left_at__isnull=True).filter(
        Q(is_manager=True) | Q(sees_company=True) | holds_seat
    )


def _ticket_model() -> "type[Ticket]":
    """The model, from the registry: querysets load before models."""
    return apps.get_model("tickets", "Ticket")


@cache
def _known_products() -> "KeptRows[Product]":
    return KeptRows(lambda key: apps.get_model("tickets", "Product").objects.get(pk=key))


def _known_product(key: int) -> "Product":
    return _known_products().get(key)


def product_names() -> list[str]:
    """Name the products, in their order (the setting PRODUCT_NAMES)."""
    return list(apps.get_model("tickets", "Product").objects.values_list("name", flat=True))


class TicketQuerySet(UrgencyOrdered["Ticket"]):
    """Questions about tickets."""

    # Whether its tickets get their editions and calendar versions from memory.
    has_terms = False

    def visible_to(self, user: User) -> "TicketQuerySet":
        return self.filter(visible_tickets(user))

    def ended(self) -> "TicketQuerySet":
        return self.exclude(state__in=OPEN_STATES)

    def waiting_on_customer(self) -> "TicketQuerySet":
        return self.filter(state=TicketState.WAITING_FOR_CUSTOMER)

    def past_reopening(self, now: datetime) -> "TicketQuerySet":
        return self.filter(state=TicketState.RESOLVED, resolved_at__lte=now - REOPEN_WITHIN)

    def with_due_step(self, now: datetime | Now) -> "TicketQuerySet":
        """Tickets whose clock has a ladder step due; driven by the clock's partial index.

        In its order and no other: thousands due in one second would be sorted for each batch.
        A ticket whose qualified answer is sent and still held waits, and so does what is merged
        into it: it is answered in time or not by when that was pressed. Not for ever, if it never
        goes out.
        """
        held = apps.get_model("tickets", "Sending").objects.filter(
            qualified=True, due_at__gt=Now() - HOLDS_THE_WATCH
        )
        on_target = held.filter(
            ticket__links_in__source=OuterRef("pk"), ticket__links_in__kind=LinkKind.MERGED
        )
        return self.filter(
            ~Exists(held.filter(ticket=OuterRef("pk"))),
            ~Exists(on_target),
            response_clock__next_step_at__lte=now,
        ).order_by("response_clock__next_step_at")

    def locked(self) -> "TicketQuerySet":
        """Lock the rows, and let other transactions add events and messages meanwhile.

        Every operation takes the ticket before its clock, so no two can wait for each other.
        """
        return self.select_for_update(of=("self",), no_key=True)

    def locked_if_free(self) -> "TicketQuerySet":
        """Lock the rows as `locked`, and leave out those that somebody holds."""
        return self.select_for_update(of=("self",), no_key=True, skip_locked=True)

    def with_clock(self) -> "TicketQuerySet":
        """All a page needs to show a ticket's line with its clock, in one query.

        Editions, calendar versions and products hardly ever change: they are the process's own,
        and not joined. A join of all nine tables took 13 ms to plan and 0.2 ms to read. Where a
        clock ran on in what its ticket was merged into, two queries more say how that ended.
        """
        rows = self.select_related("customer", "assignee", "filed_by", "response_clock")
        rows.has_terms = True
        return rows

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]  # Django's way to carry what a queryset knows
        clone.has_terms = self.has_terms
        return clone  # type: ignore[no-any-return]  # its own kind

    def _fetch_all(self) -> None:
        is_fresh = self._result_cache is None
        super()._fetch_all()
        if not (is_fresh and self.has_terms and self._result_cache):
            return
        went_on = []
        for ticket in self._result_cache:
            if isinstance(ticket, models.Model):  # And not a row of values.
                ticket.edition = known_editions.get(ticket.edition_id)
                if ticket.product_id is not None:
                    ticket.product = _known_product(ticket.product_id)
                if (clock := ticket.response_clock) is not None:
                    clock.calendar_version = known_versions.get(clock.calendar_version_id)
                    if (
                        ticket.closed_at
                        and clock.stopped_at
                        and clock.stopped_at > ticket.closed_at
                    ):
                        went_on.append(ticket)
        if went_on:
            models.prefetch_related_objects(went_on, "merges__target")

    def tagged(self, name: str) -> "TicketQuerySet":
        """Tickets with a tag, by its name as it is kept. Staff only: customers know no tags."""
        return self.filter(tags__contains=[name])

    def for_customer_list(self) -> "TicketQuerySet":
        """What a customer's list shows: what waits for them first, then the newest."""
        return (
            self.with_clock()
            .annotate(
                theirs=Case(
                    When(state=TicketState.WAITING_FOR_CUSTOMER, then=Value(0)),
                    default=Value(1),
                )
            )
            .order_by("theirs", "-filed_at", "-number")
        )

    def matching(self, text: str) -> "TicketQuerySet":
        """Tickets whose number, subject or description match what was typed.

        Read by `ticket_words`; for open tickets tickets.queue_querysets has a shorter way.
        """
        vector = SearchVector("subject", "description", config="english")
        found = Q(document=SearchQuery(text, search_type="websearch", config="english"))
        if (number := number_in(text)) is not None:
            found |= Q(number=number)
        return self.annotate(document=vector).filter(found)


class MessageQuerySet(models.QuerySet["Message"]):
    """Questions about public messages."""

    def visible_to(self, user: User) -> "MessageQuerySet":
        return self.filter(visible_tickets(user, "ticket__"))


class NoteQuerySet(models.QuerySet["Note"]):
    """Questions about internal notes: staff only, whatever else somebody is."""

    def visible_to(self, user: User) -> "NoteQuerySet":
        if not user.is_authenticated or not user.is_staff_member:
            return self.none()
        return self.filter(seen_as_staff(user))


class EventQuerySet(models.QuerySet["TicketEvent"]):
    """Questions about timelines."""

    def visible_to(self, user: User) -> "EventQuerySet":
        visible = self.filter(visible_tickets(user, "ticket__"))
        if user.is_authenticated and user.is_staff_member:
            return visible.filter(~Q(kind__in=INTERNAL_EVENTS) | seen_as_staff(user))
        return visible.exclude(kind__in=INTERNAL_EVENTS)


class ArrangedCallQuerySet(models.QuerySet["ArrangedCall"]):
    """Questions about calls arranged with customers."""

    def visible_to(self, user: User) -> "ArrangedCallQuerySet":
        return self.filter(visible_tickets(user, "ticket__"))

    def to_come(self, now: datetime) -> "ArrangedCallQuerySet":
        """Neither cancelled nor long over: one that began may still be joined."""
        return self.filter(cancelled_at__isnull=True, starts_at__gt=now - timedelta(hours=4))


class RatingQuerySet(models.QuerySet["Rating"]):
    """Questions about ratings."""

    def visible_to(self, user: User) -> "RatingQuerySet":
        return self.filter(visible_tickets(user, "ticket__"))


class TicketObjectiveQuerySet(models.QuerySet["TicketObjective"]):
    """Questions about our own objectives on tickets."""

    def running(self) -> "TicketObjectiveQuerySet":
        return self.filter(ended_at__isnull=True)

    def with_rest(self) -> "TicketObjectiveQuerySet":
        """Say of each whether it rests: its clock was paused and not resumed since.

        The clock's `paused_at` does not say it: a pause after the deadline moves nothing.
        """
        moves = apps.get_model("sla", "ClockEvent").objects.filter(
            clock=OuterRef("clock"), kind__in=(ClockEventKind.PAUSED, ClockEventKind.RESUMED)
        )
        last = Subquery(moves.order_by("-pk").values("kind")[:1])
        return self.alias(last=last).annotate(rests=Q(last=ClockEventKind.PAUSED))  # type: ignore[no-redef]  # the model has its default

    def visible_to(self, user: User) -> "TicketObjectiveQuerySet":
        """Objectives are ours: staff see those of the tickets they see, customers none."""
        if not user.is_authenticated or not user.is_staff_member:
            return self.none()
        return self.filter(seen_as_staff(user))


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Questions about files."""

    def visible_to(self, user: User) -> "AttachmentQuerySet":
        """Files of visible tickets; those on a note only for staff who see the ticket as staff."""
        visible = self.filter(visible_tickets(user, "ticket__"))
        if not user.is_authenticated or not user.is_staff_member:
            return visible.filter(note__isnull=True)
        # "Or" with the empty condition of those who see everything would be no "or" at all.
        staff = seen_as_staff(user)
        return visible.filter(Q(note__isnull=True) | staff) if staff else visible


def seen_as_staff(user: User, path: str = "ticket") -> Q:
    """Tickets seen by way of a staff role, not by a company membership the person may also have.

    `path` leads to the ticket, and is "pk" for tickets themselves.
    """
    if user.has_role(*SEES_ALL_TICKETS):
        # Not an empty Q: "or" with one drops it, and would narrow instead of widen.
        return Q(**{f"{path}__isnull": False})
    seen = Q(pk__in=[])
    if user.has_role(Role.TAM):
        seen |= tam_of(user, "customer__")
    if user.has_role(Role.ANALYST):
        seen |= Q(kind=TicketKind.DATABASE_RELEASE) | Q(state=TicketState.WAITING_FOR_LAB)
    return Q(**{f"{path}__in": _ticket_model().objects.filter(seen).values("pk")})
