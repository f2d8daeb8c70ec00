"""What articles and tickets show of each other: for staff alone."""

from collections.abc import Iterable
from typing import NamedTuple

from django import template
from django.template.context import Context

from knowledge.models import Article
from tickets.models import Ticket
from tickets.permissions import can_make_article

register = template.Library()


@register.simple_tag(takes_context=True)
def origins(context: Context, article: Article) -> list[Ticket]:
    """List the tickets an article was made from, of those this member of staff sees. One query."""
    user = context["user"]
    if not user.is_authenticated or not user.is_staff_member:
        return []
    return list(Ticket.objects.visible_to(user).filter(made_articles__article=article))


class MadeArticle(NamedTuple):
    """An article in a line; `is_out` once it is published."""

    title: str
    url: str
    is_out: bool


class TicketArticles(NamedTuple):
    """The articles made from a ticket, and whether the reader may make one."""

    made: tuple[MadeArticle, ...]
    can_make: bool


@register.simple_tag(takes_context=True)
def ticket_articles(
    context: Context,
    ticket: Ticket,
    has_articles: bool,  # noqa: FBT001 - as a template says it
) -> TicketArticles:
    """Name the articles made from a solved ticket, and the way to one; one query when it has."""
    user = context["user"]
    solved = ticket.resolved_at is not None or not ticket.is_open
    made: Iterable[Article] = ()
    if solved and has_articles:
        visible = Article.objects.visible_to(user).filter(origin__ticket=ticket)
        made = visible.select_related("published", "draft")
    return TicketArticles(
        tuple(
            MadeArticle(str(one), one.get_absolute_url(), one.published_id is not None)
            for one in made
        ),
        can_make=solved and can_make_article(user, ticket),
    )
