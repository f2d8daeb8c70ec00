"""What tickets refuse."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from accounts.errors import DomainError, InvalidInput

if TYPE_CHECKING:  # The models' querysets come by here; only the annotation looks back.
    from tickets.models.draft import Draft


class InvalidTransition(DomainError):
    """The ticket's state does not allow this."""


class SentOtherwise(InvalidInput):
    """A form was sent before, with other words; those it holds now were not sent."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This form was sent already, with other words. What stands here was not sent: "
                "send it again if it is to be."
            )
        )


class AttachmentRefused(DomainError):
    """A file that is too large, one too many, or empty."""

    status = 422


class FileWithheld(DomainError):
    """A file that is not given out, or not yet."""


class LinkSpent(DomainError):
    """A download link that was used, or whose time is over."""

    status = 410


class OffsetMoved(DomainError):
    """A piece of a file is not the next one."""


class StorageFull(DomainError):
    """No room for a file."""

    status = 507


class OldDatabase(DomainError):
    """A database release is asked for against databases that are not the latest."""


class DraftChanged(DomainError):
    """The same draft was saved from another window meanwhile: `newer` holds what stands there."""

    def __init__(self, newer: "Draft") -> None:
        super().__init__(_("You wrote on this in another window."))
        self.newer = newer
