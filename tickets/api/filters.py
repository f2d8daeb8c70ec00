"""The keys that narrow a list of tickets; no other is known."""

import django_filters
from django.http import QueryDict
from rest_framework.exceptions import ValidationError

from accounts.errors import InvalidInput
from accounts.models import User
from entitlements.choices import Severity
from tickets.choices import TicketKind, TicketState
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet, seen_as_staff
from tickets.tag_names import normal_tag

OPEN = "open"


class TicketFilter(django_filters.FilterSet):  # type: ignore[misc]  # django-filter ships no types
    """Narrows what a reader may see; it can never widen it."""

    state = django_filters.ChoiceFilter(
        choices=[(OPEN, "Any open state"), *TicketState.choices], method="of_state"
    )
    severity = django_filters.ChoiceFilter(choices=Severity.choices)
    kind = django_filters.ChoiceFilter(choices=TicketKind.choices)
    company = django_filters.CharFilter(field_name="customer__slug", max_length=60)
    assignee = django_filters.ChoiceFilter(choices=[("me", "You")], method="of_assignee")
    tag = django_filters.CharFilter(method="with_tag", max_length=60)
    q = django_filters.CharFilter(method="with_words", max_length=200)

    class Meta:
        model = Ticket
        fields: tuple[str, ...] = ()

    def __init__(self, query: QueryDict, tickets: TicketQuerySet, *, reader: User) -> None:
        super().__init__(data=query, queryset=tickets)
        self.reader = reader

    def narrow(self) -> TicketQuerySet:
        """Return the tickets asked for. Raises: ValidationError beside the key."""
        if not self.form.is_valid():
            raise ValidationError({key: list(texts) for key, texts in self.form.errors.items()})
        tickets: TicketQuerySet = self.qs
        return tickets

    def of_state(self, tickets: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        return tickets.open() if value == OPEN else tickets.filter(state=value)

    def of_assignee(self, tickets: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        return tickets.filter(assignee=self.reader)

    def with_tag(self, tickets: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """Tags are for staff; a customer who guesses one learns nothing."""
        try:
            tag = normal_tag(value)
        except InvalidInput:
            return tickets.none()
        return tickets.tagged(tag).filter(seen_as_staff(self.reader, "pk"))

    def with_words(self, tickets: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        return tickets.matching(value)


TICKET_KEYS = frozenset(TicketFilter.base_filters)
