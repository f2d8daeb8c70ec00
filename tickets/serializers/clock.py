"""A clock, and why its deadline is when it is."""

from datetime import datetime

from rest_framework import serializers

from accounts.api.fields import Instant, Seconds
from sla.choices import ClockState
from sla.counting import Row, RowKind
from sla.explanation import Explanation, Superseded
from sla.models import Clock


class CountedOutput(serializers.Serializer[Row]):
    """One line of the sum that makes a deadline, in words and as figures."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field's own label is not ours
    value = serializers.CharField()
    counted = serializers.BooleanField()
    kind = serializers.ChoiceField([kind.value for kind in RowKind])
    seconds = Seconds(source="length", help_text="What it adds to the sum.")
    starts_at = Instant(source="start", allow_null=True)
    ends_at = Instant(source="end", allow_null=True)
    from_date = serializers.DateField(
        source="on", allow_null=True, help_text="A local date of the calendar's zone."
    )
    to_date = serializers.DateField(source="until_on", allow_null=True)


class SupersededOutput(serializers.Serializer[Superseded]):
    """A deadline that a re-assessment replaced: by whom, when and why."""

    due_at = Instant()
    replaced_at = Instant()
    by = serializers.CharField(help_text="Empty when the portal itself did it.")
    reason = serializers.CharField()


class ExplanationOutput(serializers.Serializer[Explanation]):
    """Why a deadline is when it is. The lines that counted add up to the target."""

    calendar = serializers.CharField(source="count.calendar_version.calendar.name")
    calendar_version = serializers.IntegerField(source="count.calendar_version.number")
    zone = serializers.CharField(source="count.zone", help_text="In which it is counted.")
    reader_zone = serializers.CharField()
    target_seconds = Seconds(source="count.target")
    filed_at = Instant(source="count.filed_at")
    starts_at = Instant(source="count.starts_at")
    waits_for_call = serializers.BooleanField(source="count.waits_for_call")
    started_by_call = serializers.BooleanField(source="count.is_called")
    title = serializers.CharField()
    sentence = serializers.CharField()
    rows = CountedOutput(many=True)
    total = serializers.SerializerMethodField()
    terms = serializers.CharField()
    superseded = SupersededOutput(many=True, help_text="Earlier deadlines, oldest first.")

    def get_total(self, explanation: Explanation) -> str | None:
        return None if explanation.total is None else ": ".join(explanation.total)


class ClockOutput(serializers.Serializer[Clock]):
    """What was promised and where it stands. `now` comes in the context."""

    obligation = serializers.CharField()
    state = serializers.SerializerMethodField(
        help_text="`met`, too, of a ticket that its customer closed unanswered before it was due: "
        "there the ticket's `answered_at` is null."
    )
    target_seconds = Seconds(source="target")
    started_at = Instant()
    due_at = Instant(allow_null=True)
    stopped_at = Instant(allow_null=True)
    elapsed_seconds = serializers.SerializerMethodField()
    remaining_seconds = serializers.SerializerMethodField(
        help_text="Covered time left; below zero once it is overdue."
    )
    calendar = serializers.CharField(source="calendar_version.calendar.name")
    zone = serializers.CharField()
    waits_for_call = serializers.BooleanField()

    def get_state(self, clock: Clock) -> ClockState:
        return clock.state(self._now)

    def get_elapsed_seconds(self, clock: Clock) -> int:
        return int(clock.elapsed(self._now).total_seconds())

    def get_remaining_seconds(self, clock: Clock) -> int:
        return int(clock.remaining(clock.stopped_at or self._now).total_seconds())

    @property
    def _now(self) -> datetime:
        now = self.context["now"]
        assert isinstance(now, datetime)
        return now
