"""Calendars, ladders, clocks and what the watch keeps of them."""

from sla.models.calendar import Calendar, CalendarVersion
from sla.models.clock import Clock, ClockEvent
from sla.models.heartbeat import Heartbeat
from sla.models.ladder import Ladder, LadderStep
from sla.models.step_record import StepRecord

__all__ = [
    "Calendar",
    "CalendarVersion",
    "Clock",
    "ClockEvent",
    "Heartbeat",
    "Ladder",
    "LadderStep",
    "StepRecord",
]
