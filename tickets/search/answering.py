"""The whole answer to a question, for the page and the API alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from entitlements.models import Customer, Membership
from tickets.choices import LinkKind
from tickets.models import Ticket, TicketLink
from tickets.querysets import visible_tickets
from tickets.search.asking import Asked
from tickets.search.finding import PAGE_SIZE, Place, find_tickets
from tickets.search.marking import Marks, mark_words
from tickets.search.people import find_companies, find_people


@dataclass(frozen=True, slots=True)
class Hit:
    """A found ticket; without marks where no words were asked for.

    `merged_into` is the number of the ticket that goes on for it, where the reader sees that one.
    """

    ticket: Ticket
    marks: Marks | None
    merged_into: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of the answer; the first one also has the ticket of that number, and people."""

    exact: Hit | None
    results: list[Hit]
    companies: list[Customer]
    people: list[Membership]
    hints: list[str]
    more: Place | None

    @property
    def is_empty(self) -> bool:
        return not (self.exact or self.results or self.companies or self.people)


def answer_question(
    asked: Asked, *, by: User, now: datetime, after: Place | None = None, size: int = PAGE_SIZE
) -> Answer:
    """Answer with what this person may see. At most eight queries, however much there is."""
    found = find_tickets(asked, by=by, now=now, after=after, size=size)
    rows = Ticket.objects.with_clock().in_bulk(found.keys)
    marks = mark_words(found.keys, asked.terms, by=by)
    exact = _with_number(asked, by) if after is None else None
    merged = _merged([*found.keys, *([exact.pk] if exact is not None else [])], by)
    results = [Hit(rows[key], marks.get(key), merged.get(key)) for key in found.keys if key in rows]
    words = "" if after is not None else " ".join(term.text for term in asked.words)
    return Answer(
        exact=None if exact is None else Hit(exact, None, merged.get(exact.pk)),
        results=results,
        companies=find_companies(words, by=by),
        people=find_people(words, by=by),
        hints=found.hints,
        more=found.more,
    )


def _merged(keys: Sequence[int], by: User) -> dict[int, int]:
    """The numbers that found tickets were merged into, as far as the reader sees those."""
    if not keys:
        return {}
    links = TicketLink.objects.filter(visible_tickets(by, "target__"), kind=LinkKind.MERGED)
    return dict(links.filter(source__in=keys).values_list("source", "target__number"))


def _with_number(asked: Asked, by: User) -> Ticket | None:
    if asked.number is None:
        return None
    return Ticket.objects.visible_to(by).with_clock().filter(number=asked.number).first()
