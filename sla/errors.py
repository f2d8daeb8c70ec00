"""What clocks and rosters refuse."""

from accounts.errors import DomainError


class ClockConflict(DomainError):
    """The clock is not in a state that allows this."""


class RosterConflict(DomainError):
    """The shift or pattern is not in a state that allows this."""


class CalendarConflict(DomainError):
    """Somebody else saved another version of the calendar meanwhile."""


class AuditConflict(DomainError):
    """The clocks are being checked already."""


class LadderConflict(DomainError):
    """The ladder is not as the person saw it."""
