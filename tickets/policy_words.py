"""A draft policy in words, for the page of its replay."""

from collections.abc import Iterator

from entitlements.choices import Severity
from entitlements.models import Edition, Plan
from entitlements.policy_draft import LevelDraft, PolicyDraft, StepDraft
from sla import wording
from sla.choices import Counting
from sla.models import Calendar, Ladder


def policy_words(draft: PolicyDraft) -> list[tuple[str, str]]:
    """Say what is replayed, as labels and values."""
    return list(_lines(draft))


def _lines(draft: PolicyDraft) -> Iterator[tuple[str, str]]:
    plan = Plan.objects.filter(key=draft.plan).first()
    yield "Tickets of", "every plan" if plan is None else str(plan)
    if draft.edition:
        yield "Served on", str(Edition.objects.get(key=draft.edition))
    calendars = {one.key: str(one) for one in Calendar.objects.all()}
    ladders = {one.key: str(one) for one in Ladder.objects.of_plans()}
    for severity, level in sorted(draft.levels.items()):
        yield str(Severity(severity).label), _level(level, calendars, ladders)
    if draft.hours is not None:
        name = calendars.get(draft.hours.calendar, draft.hours.calendar)
        yield name, wording.week_words(draft.hours.windows)
        for label, days in (("Closed, too", draft.hours.closed), ("Open", draft.hours.opened)):
            if days:
                yield label, ", ".join(wording.date_words(day) for day in days)
    if draft.steps:
        yield "Ladder", ", ".join(_step(step) for step in draft.steps)


def _level(level: LevelDraft, calendars: dict[str, str], ladders: dict[str, str]) -> str:
    parts = []
    if level.is_without_target:
        parts.append("no promised time")
    if level.target is not None:
        parts.append(f"answer within {wording.span_sentence(level.target)}")
    if level.calendar:
        parts.append(f"counted on {calendars.get(level.calendar, level.calendar)}")
    if level.ladder:
        parts.append(f"{ladders.get(level.ladder, level.ladder)} ladder")
    return ", ".join(parts)


def _step(step: StepDraft) -> str:
    if step.share is not None:
        return f"{(step.share * 100).normalize():f} %"
    assert step.delay is not None, "a step has a share or a delay"
    how = "every" if step.repeats else "after"
    plain = " plain" if step.counting == Counting.PLAIN else ""
    return f"{how} {wording.span_sentence(step.delay)}{plain}"
