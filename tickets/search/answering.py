"""The whole answer to a question, for the page and the API alike."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from accounts.models import User
from entitlements.models import Customer, Membership
from knowledge.searching import FoundArticle, find_articles, mark_articles
from tickets.choices import LinkKind
from tickets.models import Ticket, TicketLink
from tickets.querysets import TicketQuerySet, visible_tickets
from tickets.search.asking import Asked
from tickets.search.finding import PAGE_SIZE, Place, find_tickets
from tickets.search.marking import Marks, mark_words
from tickets.search.people import find_companies, find_people

MOST_ARTICLES = 5


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
    """A page of the answer; the first one also has the ticket of that number, people, articles."""

    exact: Hit | None
    results: list[Hit]
    companies: list[Customer]
    people: list[Membership]
    articles: list[FoundArticle]
    hints: list[str]
    more: Place | None

    @property
    def is_empty(self) -> bool:
        return not (self.exact or self.results or self.companies or self.people or self.articles)


def answer_question(
    asked: Asked, *, by: User, now: datetime, after: Place | None = None, size: int = PAGE_SIZE
) -> Answer:
    """Answer with what this person may see. At most ten queries, however much there is."""
    found = find_tickets(asked, by=by, now=now, after=after, size=size)
    rows = _with_merges(Ticket.objects.with_clock(), by).in_bulk(found.keys)
    marks = mark_words(found.keys, asked.terms, by=by)
    exact = _with_number(asked, by) if after is None else None
    results = [_hit(rows[key], marks.get(key)) for key in found.keys if key in rows]
    words = "" if after is not None else " ".join(term.text for term in asked.words)
    return Answer(
        exact=None if exact is None else _hit(exact, None),
        results=results,
        companies=find_companies(words, by=by),
        people=find_people(words, by=by),
        articles=_articles(words, by),
        hints=found.hints,
        more=found.more,
    )


def _hit(ticket: Ticket, marks: Marks | None) -> Hit:
    return Hit(ticket, marks, getattr(ticket, "merged_into", None))


def _with_merges(tickets: TicketQuerySet, by: User) -> TicketQuerySet:
    """Name with each the number it was merged into, as far as the reader sees that one."""
    links = TicketLink.objects.filter(visible_tickets(by, "target__"), kind=LinkKind.MERGED)
    merged = links.filter(source=OuterRef("pk")).values("target__number")
    return tickets.annotate(merged_into=Subquery(merged[:1]))


def _articles(words: str, by: User) -> list[FoundArticle]:
    if not words:
        return []
    found = list(find_articles(words, reader=by)[:MOST_ARTICLES])
    return mark_articles(found, words) if found else []


def _with_number(asked: Asked, by: User) -> Ticket | None:
    if asked.number is None:
        return None
    seen = Ticket.objects.visible_to(by).with_clock().filter(number=asked.number)
    return _with_merges(seen, by).first()
