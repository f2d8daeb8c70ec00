"""What somebody typed into the search, read: words, phrases, operators, a ticket's number."""

import re
from dataclasses import dataclass

# More words than these are more than anybody means; what follows is left out.
MOST_TERMS = 12
LONGEST = 200

_PIECE = re.compile(r'(-?)(?:([A-Za-z]{2,20}):(?!//))?(?:"([^"]*)"?|([^\s"]+))')
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
_NUMBER = re.compile(r"(?:#|TK-?)?(\d{1,17})", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase; `is_out` for one that must not be there.

    `is_beginning` for one that goes on: what somebody is still typing.
    """

    text: str
    is_phrase: bool = False
    is_out: bool = False
    is_beginning: bool = False


@dataclass(frozen=True, slots=True)
class Operator:
    """`severity:1`, `-is:open`: what narrows. `key` is in small letters, `value` as typed."""

    key: str
    value: str
    is_out: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the search, in the order it was typed."""

    text: str
    terms: tuple[Term, ...]
    operators: tuple[Operator, ...]

    @property
    def number(self) -> int | None:
        """The number, when nothing else was typed: "20418", "#20418", "TK-20418"."""
        return number_in(self.text)

    @property
    def words(self) -> list[Term]:
        """The terms that must be there."""
        return [term for term in self.terms if not term.is_out]


def read_question(typed: str) -> Asked:
    """Read what was typed; any text is a question, and none is refused.

    A word and a colon are an operator, quotes make a phrase, a minus leaves out. An address such
    as https://… is words.
    """
    text = _CONTROLS.sub(" ", typed)[:LONGEST].strip()
    terms: list[Term] = []
    operators: list[Operator] = []
    for minus, key, quoted, plain in _PIECE.findall(text):
        value = (quoted or plain).strip()
        if key:
            operators.append(Operator(key.lower(), value, is_out=bool(minus)))
        elif value:
            terms.append(Term(value, is_phrase=bool(quoted), is_out=bool(minus)))
    return Asked(text, tuple(terms[:MOST_TERMS]), tuple(operators[:MOST_TERMS]))


def number_in(text: str) -> int | None:
    """Return the ticket's number a text is, as people say it: "20418", "#20418", "TK-20418"."""
    found = _NUMBER.fullmatch(text.strip())
    return int(found[1]) if found else None
