"""Replays of a policy: the question in, the figures and the tickets out."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from accounts.api.fields import Instant, StrictInput
from entitlements.choices import Severity
from entitlements.models import Edition, Plan
from entitlements.policy_draft import HoursDraft, LevelDraft, PolicyDraft, StepDraft
from sla.business_time import WEEKDAYS, BusinessTimeError, Schedule
from sla.choices import Counting
from sla.models import Calendar, Ladder
from tickets.choices import ReplayOutcome
from tickets.models import PolicyReplay, ReplayFlip
from tickets.replay_result import result_of
from tickets.serializers.clock_audit import LongRunOutput

MOST_STEPS = 12
MOST_MINUTES = 9999 * 60


class LevelInput(StrictInput):
    """What would be promised for one severity; what is left out is as it was."""

    target_minutes = serializers.FloatField(
        min_value=1, max_value=MOST_MINUTES, allow_null=True, default=None
    )
    without_target = serializers.BooleanField(default=False)
    calendar = serializers.CharField(default="", allow_blank=True, max_length=60)
    ladder = serializers.CharField(default="", allow_blank=True, max_length=60)


class HoursInput(StrictInput):
    """Other hours for a calendar that is there."""

    calendar = serializers.CharField(max_length=60)
    windows = serializers.DictField(
        child=serializers.ListField(
            child=serializers.ListField(
                child=serializers.CharField(max_length=5), min_length=2, max_length=2
            ),
            max_length=6,
        ),
        help_text='As {"mon": [["09:00", "19:00"]]}; weekdays mon to sun.',
    )
    closed = serializers.ListField(child=serializers.DateField(), default=list, max_length=400)
    opened = serializers.ListField(child=serializers.DateField(), default=list, max_length=400)

    def validate_windows(self, value: dict[str, list[list[str]]]) -> dict[str, list[list[str]]]:
        """Refuse hours that are none, each with the sentence of business time."""
        try:
            Schedule("UTC", {day: [(a, b) for a, b in some] for day, some in value.items()})
        except BusinessTimeError as error:
            raise serializers.ValidationError(str(error)) from error
        return {day: value[day] for day in WEEKDAYS if day in value}


class StepInput(StrictInput):
    """A step of a ladder of one's own: a share of the target, or a delay after the deadline."""

    share = serializers.DecimalField(
        max_digits=4,
        decimal_places=3,
        min_value=Decimal("0.001"),
        max_value=Decimal(1),
        allow_null=True,
        default=None,
    )
    delay_minutes = serializers.FloatField(
        min_value=1, max_value=MOST_MINUTES, allow_null=True, default=None
    )
    counting = serializers.ChoiceField(Counting.choices, default=Counting.COVERED)
    repeats = serializers.BooleanField(default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Take one of the two, and repeat only a delay."""
        if (attrs["share"] is None) == (attrs["delay_minutes"] is None):
            raise serializers.ValidationError("A step has a share or a delay, and not both.")
        if attrs["repeats"] and attrs["delay_minutes"] is None:
            raise serializers.ValidationError({"repeats": "Only a delay repeats."})
        return attrs


class PolicyInput(StrictInput):
    """Which tickets, and what would have been promised. What is left out is as it was."""

    plan = serializers.CharField(default="", allow_blank=True, max_length=60)
    edition = serializers.CharField(default="", allow_blank=True, max_length=60)
    levels = serializers.DictField(
        child=LevelInput(), default=dict, help_text="By severity, 1 to 4."
    )
    hours = HoursInput(allow_null=True, default=None)
    steps = serializers.ListField(child=StepInput(), default=list, max_length=MOST_STEPS)

    def validate_plan(self, value: str) -> str:
        return _known(value, Plan.objects.all(), "plan")

    def validate_edition(self, value: str) -> str:
        return _known(value, Edition.objects.filter(published_at__isnull=False), "edition")

    def validate_levels(self, value: dict[str, dict[str, Any]]) -> dict[int, LevelDraft]:
        """Turn them into drafts. Raises: ValidationError for a key nobody knows."""
        if set(value) - {str(severity.value) for severity in Severity}:
            raise serializers.ValidationError("Severities are 1 to 4.")
        drafts = {
            int(severity): LevelDraft(
                target=_span(level["target_minutes"]),
                is_without_target=level["without_target"],
                calendar=_known(level["calendar"], Calendar.objects.all(), "calendar"),
                ladder=_known(level["ladder"], Ladder.objects.of_plans(), "ladder"),
            )
            for severity, level in value.items()
        }
        return {severity: draft for severity, draft in drafts.items() if not draft.is_empty}

    def validate_hours(self, value: dict[str, Any] | None) -> HoursDraft | None:
        if value is None:
            return None
        return HoursDraft(
            calendar=_known(value["calendar"], Calendar.objects.all(), "calendar"),
            windows=value["windows"],
            closed=tuple(sorted(set(value["closed"]))),
            opened=tuple(sorted(set(value["opened"]))),
        )

    def validate_steps(self, value: list[dict[str, Any]]) -> tuple[StepDraft, ...]:
        return tuple(
            StepDraft(
                order,
                share=step["share"],
                delay=_span(step["delay_minutes"]),
                counting=step["counting"],
                repeats=step["repeats"],
            )
            for order, step in enumerate(value, start=1)
        )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {"draft": PolicyDraft(**attrs)}


class PolicyReplayInput(StrictInput):
    """A question, and the policy it asks of."""

    question = serializers.CharField(max_length=120)
    policy = PolicyInput()

    def validate_policy(self, value: dict[str, Any]) -> PolicyDraft:
        draft: PolicyDraft = value["draft"]
        return draft


class PairOutput(serializers.Serializer[Any]):
    """A figure as it was, and as it would have been."""

    was = serializers.IntegerField()
    would = serializers.IntegerField()


class ReplayLineOutput(serializers.Serializer[Any]):
    """The tickets of a plan and severity. Excused ones are counted among the missed."""

    plan = serializers.CharField()
    severity = serializers.IntegerField()
    tickets = serializers.IntegerField()
    met = PairOutput()
    missed = PairOutput()
    without_target = PairOutput(source="without")
    ladder_steps = PairOutput(source="steps")


class PolicyReplayOutput(LongRunOutput):
    """A replay: what was asked, and how far it is."""

    question = serializers.CharField()
    policy = serializers.JSONField()
    since = Instant()
    until = Instant()


class PolicyReplayDetailOutput(PolicyReplayOutput):
    """A replay with what it has counted so far."""

    lines = serializers.SerializerMethodField()

    def get_lines(self, replay: PolicyReplay) -> Iterable[dict[str, Any]]:
        """The figures by plan and severity."""
        lines: Iterable[dict[str, Any]] = ReplayLineOutput(result_of(replay).lines, many=True).data
        return lines


class ReplayFlipOutput(serializers.Serializer[ReplayFlip]):
    """A ticket that would have come out otherwise."""

    ticket = serializers.IntegerField(source="ticket.number")
    was = serializers.ChoiceField(ReplayOutcome.choices)
    would = serializers.ChoiceField(ReplayOutcome.choices)
    was_due_at = Instant(allow_null=True)
    would_due_at = Instant(allow_null=True)
    answered_at = Instant(allow_null=True)


def _known(key: str, rows: Any, word: str) -> str:
    if key and not rows.filter(key=key).exists():
        raise serializers.ValidationError(f"There is no {word} with this key.", code="unknown")
    return key


def _span(minutes: float | None) -> timedelta | None:
    return None if minutes is None else timedelta(minutes=minutes)
