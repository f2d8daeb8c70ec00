"""Two people at the same instant: real threads, each with a connection of its own."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connection, transaction

# A thread that waits longer than this is stuck, and the test should say so. Units: seconds.
PATIENCE = 20


def race(*actions: Callable[[], Any]) -> list[Any]:
    """Run each action in a transaction of its own, all at once; return results or errors.

    The transactions are open before any action begins. Order as given.
    """
    outcomes: list[Any] = [None] * len(actions)
    start = Barrier(len(actions), timeout=PATIENCE)

    def run(number: int, action: Callable[[], Any]) -> None:
        try:
            with transaction.atomic():
                connection.cursor().execute("SELECT 1")
                start.wait()
                outcomes[number] = action()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the outcome
            outcomes[number] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "A transaction waits for ever."
    return outcomes


def refusals(outcomes: list[Any], kind: type[Exception]) -> list[Any]:
    """Return the errors of a kind; any other error is not an outcome but a fault, and raised."""
    for one in outcomes:
        if isinstance(one, Exception) and not isinstance(one, kind):
            raise one
    return [one for one in outcomes if isinstance(one, kind)]
