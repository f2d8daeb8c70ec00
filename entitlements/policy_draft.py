"""A policy as somebody would have it: the changes to plans, hours and ladders, as plain data.

Pure: no database. What a draft leaves open is as it was when each ticket was filed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sla.choices import Counting


@dataclass(frozen=True, slots=True)
class LevelDraft:
    """What would be promised for one severity.

    `target` None leaves the target as it was; `is_without_target` promises no time. `calendar`
    and `ladder` are keys, "" for as it was.
    """

    target: timedelta | None = None
    is_without_target: bool = False
    calendar: str = ""
    ladder: str = ""

    @property
    def is_empty(self) -> bool:
        return self == LevelDraft()


@dataclass(frozen=True, slots=True)
class HoursDraft:
    """Other hours for a calendar that is there; `closed` and `opened` are local dates."""

    calendar: str
    windows: Mapping[str, list[list[str]]]
    closed: tuple[date, ...] = ()
    opened: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class StepDraft:
    """A step of a ladder of one's own: a share of the target, or a delay after the deadline."""

    order: int
    share: Decimal | None = None
    delay: timedelta | None = None
    counting: str = Counting.COVERED
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class PolicyDraft:
    """Which tickets (`plan` a key, "" for all), and on which terms they would have been filed.

    `edition` is the key of an edition to serve them on instead of their own; `steps` is a ladder
    for all of them.
    """

    plan: str = ""
    edition: str = ""
    levels: Mapping[int, LevelDraft] = field(default_factory=dict)
    hours: HoursDraft | None = None
    steps: tuple[StepDraft, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        return not (self.edition or self.levels or self.hours or self.steps)

    def to_json(self) -> dict[str, Any]:
        """Write it for a JSON column. Units: minutes, ISO dates."""
        return {
            "plan": self.plan,
            "edition": self.edition,
            "levels": {
                str(severity): {
                    "target_minutes": _minutes(level.target),
                    "without_target": level.is_without_target,
                    "calendar": level.calendar,
                    "ladder": level.ladder,
                }
                for severity, level in self.levels.items()
            },
            "hours": self.hours
            and {
                "calendar": self.hours.calendar,
                "windows": dict(self.hours.windows),
                "closed": [day.isoformat() for day in self.hours.closed],
                "opened": [day.isoformat() for day in self.hours.opened],
            },
            "steps": [
                {
                    "share": None if step.share is None else str(step.share),
                    "delay_minutes": _minutes(step.delay),
                    "counting": str(step.counting),
                    "repeats": step.repeats,
                }
                for step in self.steps
            ],
        }

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> "PolicyDraft":
        """Read what to_json wrote."""
        hours = kept["hours"]
        return PolicyDraft(
            plan=kept["plan"],
            edition=kept["edition"],
            levels={
                int(severity): LevelDraft(
                    target=_span(level["target_minutes"]),
                    is_without_target=level["without_target"],
                    calendar=level["calendar"],
                    ladder=level["ladder"],
                )
                for severity, level in kept["levels"].items()
            },
            hours=hours
            and HoursDraft(
                calendar=hours["calendar"],
                windows=hours["windows"],
                closed=tuple(date.fromisoformat(day) for day in hours["closed"]),
                opened=tuple(date.fromisoformat(day) for day in hours["opened"]),
            ),
            steps=tuple(
                StepDraft(
                    order=order,
                    share=None if step["share"] is None else Decimal(step["share"]),
                    delay=_span(step["delay_minutes"]),
                    counting=step["counting"],
                    repeats=step["repeats"],
                )
                for order, step in enumerate(kept["steps"], start=1)
            ),
        )


def _minutes(span: timedelta | None) -> float | None:
    return None if span is None else span / timedelta(minutes=1)


def _span(minutes: float | None) -> timedelta | None:
    return None if minutes is None else timedelta(minutes=minutes)
