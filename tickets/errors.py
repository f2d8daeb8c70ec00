"""What tickets refuse."""

from typing import TYPE_CHECKING

from accounts.errors import DomainError

if TYPE_CHECKING:  # The models' querysets come by here; only the annotation looks back.
    from tickets.models.draft import Draft


class InvalidTransition(DomainError):
    """The ticket's state does not allow this."""


class AttachmentRefused(DomainError):
    """A file that is too large, one too many, or empty."""

    status = 422


class DraftChanged(DomainError):
    """The same draft was saved from another window meanwhile: `newer` holds what stands there."""

    def __init__(self, newer: "Draft") -> None:
        super().__init__("You wrote on this in another window.")
        self.newer = newer
