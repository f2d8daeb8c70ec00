"""Changes of calendars, clocks and what the watch keeps."""

from sla.ladder_steps import DueStep, coming_steps
from sla.operations.calendars import publish_calendar
from sla.operations.clocks import (
    excuse_clock,
    log_call,
    overturn_stop,
    pause_clock,
    reassess_clock,
    resume_clock,
    start_clock,
    stop_clock,
)
from sla.operations.watch import beat_heart, claim_due_steps, database_now

__all__ = [
    "DueStep",
    "beat_heart",
    "claim_due_steps",
    "coming_steps",
    "database_now",
    "excuse_clock",
    "log_call",
    "overturn_stop",
    "pause_clock",
    "publish_calendar",
    "reassess_clock",
    "resume_clock",
    "start_clock",
    "stop_clock",
]
