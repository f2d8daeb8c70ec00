"""Who may do what to articles."""

from accounts.choices import Role
from accounts.models import User
from knowledge.models import Article

# Those who know what helped: they answer customers, or look into files.
WRITES_ARTICLES = (Role.ENGINEER, Role.ANALYST, Role.DUTY_LEAD, Role.SUPPORT_MANAGER)


def can_write_articles(user: User) -> bool:
    """Write, change, ask for review and read what readers say."""
    return user.has_role(*WRITES_ARTICLES)


def can_publish(user: User, article: Article) -> bool:
    """Publish what somebody else wrote and asked to have read."""
    draft = article.writing
    if draft is None or article.retired_at is not None or not can_write_articles(user):
        return False
    return draft.is_in_review and draft.written_by_id != user.pk


def can_retire(user: User) -> bool:
    """Take an article out of readers' sight, and put it back."""
    return can_write_articles(user)
