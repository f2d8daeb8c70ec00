"""Sessions in the database, as Django keeps them, found by a query that is written out."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.columns import columns_of, rows_of

# Django would put it together anew for each request, which takes it longer than the answer.
_FIND = f"""
SELECT {columns_of(Session, "kept")} FROM {Session._meta.db_table} AS kept
 WHERE session_key = %s AND expire_date > %s
"""  # noqa: S608 - a table of Django's own


class SessionStore(DatabaseSessions):
    """A session; not cached, so that people stay signed in while Valkey is away (0011)."""

    def _get_session_from_db(self) -> Session | None:
        found = next(iter(rows_of(Session, _FIND, [self.session_key, timezone.now()])), None)
        if found is None:  # As Django does it: what is kept next gets a key of its own.
            self._session_key = None
        return found
