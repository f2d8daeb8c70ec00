"""The words of clocks and ladders."""

from django.db import models


class Obligation(models.TextChoices):
    """What a clock measures. Only the first is contractual in the catalogue's plans."""

    FIRST_RESPONSE = "first_response", "First qualified response"
    NEXT_RESPONSE = "next_response", "Next response"
    PROGRESS_NOTICE = "progress_notice", "Progress notice"
    RESOLUTION = "resolution", "Resolution"


class ClockState(models.TextChoices):
    """Where a clock stands at an instant; derived, never stored."""

    WAITING_FOR_CALL = "waiting_for_call", "Waiting for your call"
    RUNNING = "running", "On track"
    AT_RISK = "at_risk", "At risk"
    PAUSED = "paused", "Paused"
    OVERDUE = "overdue", "Overdue"
    MET = "met", "Met"
    MISSED = "missed", "Missed"
    EXCUSED = "excused", "Excused"


class ClockEventKind(models.TextChoices):
    """What happened to a clock; past tense, append-only."""

    STARTED = "started", "Started"
    CALLED = "called", "Phone call logged"
    PAUSED = "paused", "Paused"
    RESUMED = "resumed", "Resumed"
    STOPPED = "stopped", "Stopped"
    REASSESSED = "reassessed", "Re-assessed"
    OVERTURNED = "overturned", "Answer overturned"
    MISSED = "missed", "Deadline passed"
    EXCUSED = "excused", "Excused"
    LADDER_MOVED = "ladder_moved", "Put on another version of its ladder"


class LateCause(models.TextChoices):
    """Why the watch recorded a step long after its time, in words that end a sentence."""

    WATCH_DOWN = "watch_down", "the watch was down"
    SET_ASIDE = "set_aside", "acting on this clock had failed before"
    STARTED = "started", "the clock was started afterwards, from an earlier time"
    CALLED = "called", "the call was logged afterwards"
    RESUMED = "resumed", "the clock was resumed afterwards"
    REASSESSED = "reassessed", "the deadline was re-assessed when this time had passed"
    OVERTURNED = "overturned", "the answer was overturned when this time had passed"


class Counting(models.TextChoices):
    """What a step's delay is counted in."""

    COVERED = "covered", "Covered time"
    PLAIN = "plain", "Plain elapsed time"


class Audience(models.TextChoices):
    """Whom a step tells; tickets turns the word into people."""

    ASSIGNEE = "assignee", "Assignee, else the duty engineers"
    DUTY_ENGINEERS = "duty_engineers", "Duty engineers"
    DUTY_LEAD = "duty_lead", "Duty lead"
    TAM = "tam", "The customer's TAM or TAM team"
    SUPPORT_MANAGER = "support_manager", "Support manager"
    CUSTOMER_MANAGER = "customer_manager", "The customer's own manager"


class StepAction(models.TextChoices):
    """What a step does; each but the first raises the ticket in the queue too."""

    TELL = "tell", "Tell"
    RAISE = "raise", "Tell and raise in the queue"
    REASSIGN = "reassign", "Tell, raise, and give to an engineer on duty"
    PAGE = "page", "Page: tell at once, past quiet hours, and by webhook"


class DutyRole(models.TextChoices):
    """What somebody on the roster is there for."""

    ENGINEER = "engineer", "Engineer on duty"
    DUTY_LEAD = "duty_lead", "Duty lead"
