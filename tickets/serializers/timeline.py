"""What happened to a ticket."""

from typing import Any

from rest_framework import serializers

from accounts.api.fields import Instant, PersonOutput
from tickets.choices import CUSTOMERS_READ_DETAILS, CUSTOMERS_READ_REASON, EventKind
from tickets.models import TicketEvent
from tickets.permissions import sees_as_staff, sees_outbreaks

# An account manager sees the tickets of some customers, and an outbreak names others.
TELL_OF_OUTBREAK = frozenset({"outbreak", "title"})


class EventOutput(serializers.Serializer[TicketEvent]):
    """One change: who, when, what, why. `by` is null when the portal itself did it."""

    kind = serializers.ChoiceField(EventKind.choices)
    at = Instant()
    by = PersonOutput(allow_null=True)
    reason = serializers.SerializerMethodField()
    details = serializers.SerializerMethodField(
        help_text="Particulars of the kind, such as before and after."
    )

    def get_reason(self, event: TicketEvent) -> str:
        if self._is_for_staff(event) or event.kind in CUSTOMERS_READ_REASON:
            return event.reason
        return ""

    def get_details(self, event: TicketEvent) -> dict[str, Any]:
        is_for_staff = self._is_for_staff(event)
        hidden = set() if sees_outbreaks(self.context["reader"]) else TELL_OF_OUTBREAK
        return {
            name: value
            for name, value in event.details.items()
            if name not in hidden and (is_for_staff or name in CUSTOMERS_READ_DETAILS)
        }

    def _is_for_staff(self, event: TicketEvent) -> bool:
        return sees_as_staff(self.context["reader"], event.ticket)
