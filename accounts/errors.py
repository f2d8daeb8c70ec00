"""Domain errors: said by operations, mapped once to pages and to API answers."""


class DomainError(Exception):
    """Something a rule refuses. `message` is a sentence for the person; `field` names its input."""

    status = 409

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotAllowed(DomainError):
    """This person may not do this to something they may see."""

    status = 403


class InvalidInput(DomainError):
    """A value no form could have checked, because it depends on the data."""

    status = 422


class TooFast(DomainError):
    """More changes in a minute than a person makes."""

    status = 429
