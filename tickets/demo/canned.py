"""Texts the demo's desk answers with, and one engineer's own."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from accounts.models import User
from tickets.operations.canned_answers import add_canned_answer

SHARED = (
    (
        "Ask for the agent log",
        (
            "Hello {contact},\n\nto see what {product} does here I need the agent log of "
            "**one** computer:\n\n1. Open *Agent > Support > Collect*.\n2. Take the last day.\n"
            "3. Attach the ZIP here.\n\nRegards\n{engineer}"
        ),
    ),
    (
        "False positive: hash and sample",
        (
            "Hello {contact},\n\nplease send the SHA-256 of the file that was found, and the file "
            "itself as a ZIP with the password `infected`. The lab looks at it under {ticket}.\n\n"
            "Regards\n{engineer}"
        ),
    ),
    (
        "Try the current version",
        (
            "Hello {contact},\n\nwhat you describe is mended in the current {product}. Can "
            "you update one computer and tell me whether it still happens?\n\nRegards\n{engineer}"
        ),
    ),
    (
        "Offer a call",
        (
            "Hello {contact},\n\nthis goes faster on the phone. When can {customer} share "
            "a screen with me for 20 minutes? Give two times, with the zone.\n\nRegards\n{engineer}"
        ),
    ),
    (
        "Before closing",
        (
            "Hello {contact},\n\nyou have not written for some days, so I take it that {ticket} is "
            "solved. If it is not, write a line and it goes on.\n\nRegards\n{engineer}"
        ),
    ),
)
OWN = ("Spooler trace", "Please stop the print spooler, start the trace, then print one page.")
WRITTEN_AGO = timedelta(days=60)


def add_canned_answers(staff: Mapping[str, User], now: datetime) -> None:
    """Write what the desk shares, and one engineer's own text."""
    for number, (title, body) in enumerate(SHARED):
        add_canned_answer(
            title=title,
            body=body,
            is_shared=True,
            by=staff["Theo Hartmann"],
            now=now - WRITTEN_AGO + timedelta(days=number),
        )
    title, body = OWN
    add_canned_answer(
        title=title, body=body, is_shared=False, by=staff["Mara Kovač"], now=now - WRITTEN_AGO
    )
