"""A calendar as somebody would have it, before it is saved: the facts of a version to come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sla.business_time import WEEKDAYS
from sla.models import Calendar, CalendarVersion
from sla.public_holidays import closed_days

type Windows = dict[str, list[list[str]]]


@dataclass(frozen=True, slots=True)
class Draft:
    """What an administrator decides; which days are closed follows from it.

    Units: as CalendarVersion. `skipped_holidays` are names without "(observed)".
    """

    zone: str
    windows: Windows
    country: str = ""
    subdivision: str = ""
    skipped_holidays: tuple[str, ...] = ()
    own_closures: Mapping[date, str] = field(default_factory=dict)

    @staticmethod
    def of(version: CalendarVersion) -> "Draft":
        """The draft that would change nothing, but for holidays the library has learnt since."""
        return Draft(
            zone=version.zone,
            windows=tidy(version.windows),
            country=version.country,
            subdivision=version.subdivision,
            skipped_holidays=tuple(version.skipped_holidays),
            own_closures={
                date.fromisoformat(day): name for day, name in version.own_closures.items()
            },
        )

    @property
    def closures(self) -> dict[date, str]:
        """Every closed date with its name; a name of our own goes before a holiday's."""
        holidays = closed_days(self.country, self.subdivision, self.skipped_holidays)
        return dict(sorted({**holidays, **self.own_closures}.items()))

    def version(self, calendar: Calendar, number: int) -> CalendarVersion:
        """The version this would become, not saved."""
        closures = self.closures
        return CalendarVersion(
            calendar=calendar,
            number=number,
            zone=self.zone,
            windows=tidy(self.windows),
            closures=list(closures),
            closure_names={day.isoformat(): name for day, name in closures.items()},
            country=self.country,
            subdivision=self.subdivision,
            skipped_holidays=sorted(self.skipped_holidays),
            own_closures={day.isoformat(): name for day, name in sorted(self.own_closures.items())},
        )


def tidy(windows: Mapping[str, list[list[str]]]) -> Windows:
    """Put weekdays and windows into their order, and leave out weekdays without one."""
    return {
        day: sorted([list(window) for window in windows[day]])
        for day in WEEKDAYS
        if windows.get(day)
    } | {day: list(some) for day, some in windows.items() if day not in WEEKDAYS}
