"""A link as one of its two tickets shows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from tickets.choices import LinkKind
from tickets.models import Ticket, TicketLink

_WORDS = {
    LinkKind.DUPLICATE: (gettext_noop("Duplicate of"), gettext_noop("Has the duplicate")),
    LinkKind.RELATED: (gettext_noop("Related to"), gettext_noop("Related to")),
    LinkKind.PARENT: (gettext_noop("Part of"), gettext_noop("Has the part")),
    LinkKind.MERGED: (gettext_noop("Merged into"), gettext_noop("Merged into this")),
}


def link_words(kind: str, *, from_source: bool) -> str:
    """Say what a link is, from one of its ends."""
    return _WORDS[LinkKind(kind)][0 if from_source else 1]


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link of a ticket: what the other one is to it."""

    pk: int
    kind: str
    words: str
    other: Ticket
    is_away: bool

    @property
    def is_merge(self) -> bool:
        return self.kind == LinkKind.MERGED


def link_lines(ticket: Ticket, links: Iterable[TicketLink]) -> list[LinkLine]:
    """Turn links to the side of one of their tickets."""
    return [
        LinkLine(
            link.pk,
            link.kind,
            gettext(link_words(link.kind, from_source=link.source_id == ticket.pk)),
            link.target if link.source_id == ticket.pk else link.source,
            link.source_id == ticket.pk,
        )
        for link in links
    ]


def merged_in(lines: Sequence[LinkLine]) -> list[Ticket]:
    """The tickets that are merged into the one whose lines these are."""
    return [line.other for line in lines if line.is_merge and not line.is_away]


def merged_into(lines: Sequence[LinkLine]) -> Ticket | None:
    """The ticket into which the one whose lines these are is merged."""
    return next((line.other for line in lines if line.is_merge and line.is_away), None)
