"""What the rules of articles refuse."""

from accounts.errors import DomainError


class WordsChanged(DomainError):
    """Somebody else saved newer words of the draft; they are not written over."""


class WrongState(DomainError):
    """The article is not in the state that the act needs."""
