"""Calendars, ladders, clocks, what the watch keeps of them, and the roster."""

from sla.models.calendar import Calendar, CalendarVersion, known_versions
from sla.models.clock import Clock, ClockEvent
from sla.models.clock_audit import AuditFinding, ClockAudit
from sla.models.heartbeat import Heartbeat
from sla.models.ladder import Ladder, LadderStep, LadderVersion
from sla.models.long_run import LongRun
from sla.models.roster import HandOver, RosterFeed, Shift, ShiftPattern, ShiftTurn
from sla.models.step_record import StepAcknowledgement, StepRecord

__all__ = [
    "AuditFinding",
    "Calendar",
    "CalendarVersion",
    "Clock",
    "ClockAudit",
    "ClockEvent",
    "HandOver",
    "Heartbeat",
    "Ladder",
    "LadderStep",
    "LadderVersion",
    "LongRun",
    "RosterFeed",
    "Shift",
    "ShiftPattern",
    "ShiftTurn",
    "StepAcknowledgement",
    "StepRecord",
    "known_versions",
]
