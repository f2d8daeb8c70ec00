"""The words of plans and contracts: labels are English, customers' pages translate them."""

from django.db import models
from django.utils.translation import gettext_noop


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

    DRAFT = "draft", gettext_noop("Draft")
    UPCOMING = "upcoming", gettext_noop("Upcoming")
    ACTIVE = "active", gettext_noop("Active")
    EXPIRING = "expiring", gettext_noop("Expiring")
    EXPIRED = "expired", gettext_noop("Expired")
    SUSPENDED = "suspended", gettext_noop("Suspended")
    TERMINATED = "terminated", gettext_noop("Terminated")
    CANCELLED = "cancelled", gettext_noop("Cancelled")


# Of which nothing can be amended any more.
ENDED_STATES = frozenset({ContractState.EXPIRED, ContractState.TERMINATED, ContractState.CANCELLED})


class AmendmentKind(models.TextChoices):
    """What a dated change to a contract changes."""

    UPGRADE = "upgrade", gettext_noop("Another plan edition")
    EXTRA_INCIDENTS = "extra_incidents", gettext_noop("Extra premium incidents")
    EXTRA_SEATS = "extra_seats", gettext_noop("Extra contact seats")
    ZONE = "zone", gettext_noop("Another calendar zone")
    SUSPENSION = "suspension", gettext_noop("Suspended")
    RESUMPTION = "resumption", gettext_noop("Suspension lifted")
    TERMINATION = "termination", gettext_noop("Terminated")
    CANCELLATION = "cancellation", gettext_noop("Cancelled before it began")


class EntryKind(models.TextChoices):
    """Why the incident balance moved."""

    GRANT = "grant", gettext_noop("Contract year opens")
    DEBIT = "debit", gettext_noop("Premium incident")
    CREDIT = "credit", gettext_noop("Credited back")
    TOP_UP = "top_up", gettext_noop("Top-up")
    EXPIRY = "expiry", gettext_noop("Expired with the year")


class TopUpOutcome(models.TextChoices):
    """What became of a request for more premium incidents."""

    GRANTED = "granted", gettext_noop("Granted")
    DECLINED = "declined", gettext_noop("Declined")
    WITHDRAWN = "withdrawn", gettext_noop("Withdrawn")
