"""The whole answer to a question, for the page and the API alike."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from entitlements.models import Customer, Membership
from knowledge.searching import FoundArticle, find_articles, mark_articles
from tickets.models import Ticket
from tickets.search.asking import Asked
from tickets.search.finding import PAGE_SIZE, Place, find_tickets
from tickets.search.marking import Marks, mark_words
from tickets.search.people import find_companies, find_people

MOST_ARTICLES = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """A found ticket; without marks where no words were asked for."""

    ticket: Ticket
    marks: Marks | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of the answer; the first one also has the ticket of that number, people, articles."""

    exact: Ticket | None
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
    rows = Ticket.objects.with_clock().in_bulk(found.keys)
    marks = mark_words(found.keys, asked.terms, by=by)
    results = [Hit(rows[key], marks.get(key)) for key in found.keys if key in rows]
    words = "" if after is not None else " ".join(term.text for term in asked.words)
    return Answer(
        exact=_with_number(asked, by) if after is None else None,
        results=results,
        companies=find_companies(words, by=by),
        people=find_people(words, by=by),
        articles=_articles(words, by),
        hints=found.hints,
        more=found.more,
    )


def _articles(words: str, by: User) -> list[FoundArticle]:
    if not words:
        return []
    found = list(find_articles(words, reader=by)[:MOST_ARTICLES])
    return mark_articles(found, words) if found else []


def _with_number(asked: Asked, by: User) -> Ticket | None:
    if asked.number is None:
        return None
    return Ticket.objects.visible_to(by).with_clock().filter(number=asked.number).first()
