"""Who asks for a page: the person, and what every page asks of them, in one query."""

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.utils import timezone

from accounts.columns import columns_of, rows_of
from accounts.models import User
from announcements.models import Announcement
from notifications.models import Notice

# Written out once: Django would put it together anew for each page, which takes it longer than
# the database takes to answer. What is announced now is told as AnnouncementQuerySet.current tells
# it, and a test of its pages holds them together.
_READER = f"""
SELECT {columns_of(User, "person")},
       EXISTS (SELECT FROM {Authenticator._meta.db_table} AS factor
                WHERE factor.user_id = person.id) AS has_second_factor,
       (SELECT count(*) FROM {Notice._meta.db_table} AS notice
         WHERE notice.recipient_id = person.id AND notice.read_at IS NULL) AS unread_notices,
       EXISTS (SELECT FROM {Announcement._meta.db_table} AS announced
                WHERE announced.starts_at <= %s
                  AND (announced.ends_at IS NULL OR announced.ends_at > %s)
              ) AS is_anything_announced
  FROM {User._meta.db_table} AS person
 WHERE person.id = %s
"""  # noqa: S608 - table names of our own


class ReaderBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Signs people in as allauth does, and finds the person behind a session with what they see."""

    def get_user(self, user_id: int) -> User | None:
        """Return the person, who may still come in, or None."""
        now = timezone.now()
        found = next(iter(rows_of(User, _READER, [now, now, user_id])), None)
        return found if found is not None and found.is_active else None
