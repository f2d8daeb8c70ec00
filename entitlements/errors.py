"""What promises refuse."""

from http import HTTPStatus

from accounts.errors import DomainError


class QuotaExhausted(DomainError):
    """No premium incident is left in this contract year."""


class SeatLimitReached(DomainError):
    """Every contact seat of the contract is held."""


class ContractOverlap(DomainError):
    """The customer has an MSA contract in force on one of these days."""


class ContractConflict(DomainError):
    """The contract is not in a state that allows this."""


class CatalogueConflict(DomainError):
    """The data differ from an edition that is published, and so immutable."""


class InvitationGone(DomainError):
    """A link that opens no invitation: unknown, used, withdrawn or expired alike."""

    status = HTTPStatus.NOT_FOUND
