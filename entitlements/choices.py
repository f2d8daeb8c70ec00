"""The words of plans and contracts."""

from django.db import models


class Severity(models.IntegerChoices):
    """How bad it is, in the plan's own classes; names as in the catalogue."""

    CRITICAL = 1, "Critical"
    HIGH = 2, "High"
    MEDIUM = 3, "Medium"
    LOW = 4, "Low"


class ResponseUnit(models.TextChoices):
    """The unit a response target is written in; both count inside the coverage window."""

    MINUTES = "minutes", "minutes"
    HOURS = "hours", "hours"
    WORKING_HOURS = "working_hours", "working hours"


class TamKind(models.TextChoices):
    """What technical account management a plan includes."""

    NONE = "none", "None"
    TEAM = "team", "TAM team"
    DEDICATED = "dedicated", "Dedicated TAM"


class BreakFixTerms(models.TextChoices):
    """On whose terms break/fix tickets are served."""

    STANDARD = "standard", "Standard Support"
    CONTRACT = "contract", "The contract's own"


class ContractState(models.TextChoices):
    """Follows from the days and a suspension; never stored."""

    DRAFT = "draft", "Draft"
    UPCOMING = "upcoming", "Upcoming"
    ACTIVE = "active", "Active"
    EXPIRING = "expiring", "Expiring"
    EXPIRED = "expired", "Expired"
    SUSPENDED = "suspended", "Suspended"
    TERMINATED = "terminated", "Terminated"


class AmendmentKind(models.TextChoices):
    """What a dated change to a contract changes."""

    UPGRADE = "upgrade", "Another plan edition"
    EXTRA_INCIDENTS = "extra_incidents", "Extra premium incidents"
    EXTRA_SEATS = "extra_seats", "Extra contact seats"
    ZONE = "zone", "Another calendar zone"
    SUSPENSION = "suspension", "Suspended"
    RESUMPTION = "resumption", "Suspension lifted"
    TERMINATION = "termination", "Terminated"


class EntryKind(models.TextChoices):
    """Why the incident balance moved."""

    GRANT = "grant", "Contract year opens"
    DEBIT = "debit", "Premium incident"
    CREDIT = "credit", "Credited back"
    TOP_UP = "top_up", "Top-up"
    EXPIRY = "expiry", "Expired with the year"


class TopUpOutcome(models.TextChoices):
    """What became of a request for more premium incidents."""

    GRANTED = "granted", "Granted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"
