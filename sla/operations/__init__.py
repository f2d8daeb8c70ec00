"""Changes of calendars, clocks and what the watch keeps."""

from sla.ladder_steps import DueStep, coming_steps
from sla.operations.acknowledgements import acknowledge_step
from sla.operations.calendars import change_calendar, create_calendar, publish_calendar
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
from sla.operations.ladders import add_ladder_version, publish_ladder
from sla.operations.watch import (
    Claim,
    beat_heart,
    claim_due_steps,
    claim_steps,
    database_now,
    set_clock_aside,
)

__all__ = [
    "Claim",
    "DueStep",
    "acknowledge_step",
    "add_ladder_version",
    "beat_heart",
    "change_calendar",
    "claim_due_steps",
    "claim_steps",
    "coming_steps",
    "create_calendar",
    "database_now",
    "excuse_clock",
    "log_call",
    "overturn_stop",
    "pause_clock",
    "publish_calendar",
    "publish_ladder",
    "reassess_clock",
    "resume_clock",
    "set_clock_aside",
    "start_clock",
    "stop_clock",
]
