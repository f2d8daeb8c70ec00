"""What clocks refuse."""

from accounts.errors import DomainError


class ClockConflict(DomainError):
    """The clock is not in a state that allows this."""
