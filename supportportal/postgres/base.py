"""A connection that is looked at, and not asked, before each request."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection, whose health costs no question.

    Django asks `SELECT 1` on a connection before the first question of each request, one round trip
    of nine on a ticket's page. A server that ended a connection has said so, and what it says waits
    to be read: silence is health.
    """

    def is_usable(self) -> bool:
        """Whether the connection still stands.

        Asks only where something waits to be read, or where an error came before.
        """
        if self.connection is None or self.connection.closed or self.errors_occurred:
            return super().is_usable()
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return not waiting.poll(0) or super().is_usable()
