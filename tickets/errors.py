"""What tickets refuse."""

from accounts.errors import DomainError


class InvalidTransition(DomainError):
    """The ticket's state does not allow this."""


class AttachmentRefused(DomainError):
    """A file that is too large, one too many, or empty."""

    status = 422
