"""Arithmetic on business time: when a window is open, and what is counted inside it.

Pure: no Django, no database, no clock of its own. The semantics are in docs/time.md.
"""

from sla.business_time.days import DayCount, DayNote
from sla.business_time.errors import (
    BusinessTimeError,
    EmptySchedule,
    InvalidSpan,
    InvalidTarget,
    InvalidWindow,
    NaiveDatetime,
    OutOfRange,
    UnknownZone,
)
from sla.business_time.schedule import (
    Schedule,
    WindowsKey,
    schedule_for,
    week_length,
    week_stretches,
    windows_key,
)
from sla.business_time.spans import Span
from sla.business_time.week import WEEKDAYS

__all__ = [
    "WEEKDAYS",
    "BusinessTimeError",
    "DayCount",
    "DayNote",
    "EmptySchedule",
    "InvalidSpan",
    "InvalidTarget",
    "InvalidWindow",
    "NaiveDatetime",
    "OutOfRange",
    "Schedule",
    "Span",
    "UnknownZone",
    "WindowsKey",
    "schedule_for",
    "week_length",
    "week_stretches",
    "windows_key",
]
