"""What a notice says, put off until its reader is known: each reads their own language."""

from collections.abc import Callable

from django.utils import translation
from django.utils.translation import gettext

from accounts.languages import language_of
from accounts.models import User

# A text alike for everybody, or what says it to one reader.
type Words = str | Callable[[User], str]


def worded(text: str, **values: object) -> Words:
    """Give a marked text with its values, such as gettext_noop("%(by)s wrote"), by=author.

    A value may be a lazy text, or a function of the reader, as a moment in their zone is.
    """

    def say(reader: User) -> str:
        known = {name: one(reader) if callable(one) else one for name, one in values.items()}
        return gettext(text) % known

    return say


def said(words: Words, reader: User) -> str:
    """Say it to a reader in their language."""
    if isinstance(words, str):
        return words
    with translation.override(language_of(reader)):
        return words(reader)
