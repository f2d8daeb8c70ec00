"""What articles and tickets show of each other: for staff alone."""

from typing import Any

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


@register.inclusion_tag("tickets/_ticket_articles.html", takes_context=True)
def ticket_articles(
    context: Context,
    ticket: Ticket,
    has_articles: bool,  # noqa: FBT001 - as a template says it
) -> dict[str, Any]:
    """Draw the articles made from a solved ticket, and the way to one; one query when it has."""
    user = context["user"]
    solved = ticket.resolved_at is not None or not ticket.is_open
    made = None
    if solved and has_articles:
        made = Article.objects.visible_to(user).filter(origin__ticket=ticket)
    return {
        "ticket": ticket,
        "made": list(made.select_related("published", "draft")) if made is not None else [],
        "can_make": solved and can_make_article(user, ticket),
    }
