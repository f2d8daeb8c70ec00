"""A text for everybody, proposed from what was said on a ticket: without whose it was.

What names a person, a company or a machine is replaced by a word in brackets, so that a gap shows.
Rather too much is taken out than too little; whoever writes the article reads it, and so does a
second person. Notes are never looked at.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from accounts.models import User
from knowledge.operations.writing import Words
from tickets.models import Message, Ticket

# Parts of names shorter than this are words of any text: “An”, “De”.
SHORTEST_NAME = 3
LONGEST_TITLE, LONGEST_SUMMARY = 120, 300

# In this order: what stands inside of another is taken with it.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("[e-mail]", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("[address]", re.compile(r"\b(?:https?|ftp)://[^\s)>\]]+", re.IGNORECASE)),
    ("[path]", re.compile(r"\\\\[\w.$-]+(?:\\[^\s\\\"“”]+)*")),
    ("[user]", re.compile(r"(?<=[\\/]Users[\\/])[^\\/\s]+|(?<=/home/)[^/\s]+", re.IGNORECASE)),
    ("[ticket]", re.compile(r"(?:\bTK-?|#)\d+\b", re.IGNORECASE)),
    ("[contract]", re.compile(r"\bC-\d{4}-\d+\b")),
    ("[hash]", re.compile(r"\b[0-9a-f]{32,64}\b", re.IGNORECASE)),
    ("[address]", re.compile(r"\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b", re.IGNORECASE)),
    (
        "[address]",
        re.compile(
            r"\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:/\d+)?\b"
        ),
    ),
    ("[address]", re.compile(r"(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}\b", re.IGNORECASE)),
    (
        "[host]",
        re.compile(r"\b(?:[\w-]+\.)+(?:example|local|lan|corp|internal|com|net|org|eu|de)\b"),
    ),
    # A machine's name as administrators give them: FRA-PRN-02.
    ("[host]", re.compile(r"\b[A-Z]{2,}[A-Z0-9]*(?:-[A-Z0-9]+)*-?\d+\b(?!\.\w)")),
    ("[number]", re.compile(r"\+\d[\d ()/.-]{6,}\d|\b\d{5,}\b")),
)
# Names of ours, of formats and standards, which look like a machine's.
_NO_HOSTS = re.compile(
    r"(?:SHA-?\d+|MD5|CVE-\d+-\d+|TLS-?\d|HTTP-?\d|RFC-?\d+|UTF-?\d+|KB\d+|IPV?\d|X\d+|SMB\d|NTLMV?\d"
    r"|WIN\d+|UTC-?\d*|H\d|SQL\d+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Words to begin an article with, and how many passages were taken out of them."""

    words: Words
    taken_out: int


def propose_article(ticket: Ticket) -> Proposal:
    """Propose an article from the description, our qualified answers and the resolution."""
    names = _names_on(ticket)
    count = 0

    def clean(text: str) -> str:
        nonlocal count
        cleaned, times = without_names(text, names)
        count += times
        return cleaned

    said = list(ticket.messages.filter(from_staff=True).order_by("at", "pk"))
    solution = said[-1].body if said else ""
    analysis = [one.body for one in said[:-1] if one.qualified and one.overturned_at is None]
    parts = [f"## What you see\n\n{clean(ticket.description)}"]
    if analysis:
        parts.append("## What it comes from\n\n" + "\n\n".join(clean(body) for body in analysis))
    if solution:
        parts.append(f"## What helps\n\n{clean(solution)}")
    title = clean(ticket.subject)[:LONGEST_TITLE]
    return Proposal(
        Words(
            title,
            # Only a colleague can say it in one sentence.
            "",
            "\n\n".join(parts),
            (ticket.product.name,) if ticket.product else (),
        ),
        count,
    )


def without_names(text: str, names: Iterable[str]) -> tuple[str, int]:
    """Take names, numbers and addresses out of a text, and say how many.

    `names` are people's and the company's as they are written, whole; their parts go as well.
    """
    count = 0

    def gap(word: str, found: re.Match[str]) -> str:
        nonlocal count
        if word == "[host]" and _NO_HOSTS.fullmatch(found[0]):
            return found[0]
        count += 1
        return word

    for word, pattern in _PATTERNS:
        text = pattern.sub(partial(gap, word), text)
    for name in _wholes_and_parts(names):
        # Also “Northwind’s”; not inside of another word.
        pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
        text = pattern.sub(partial(gap, "[name]"), text)
    # “[name] [name]” is one person.
    text = re.sub(r"\[name\](?:[ ,]+\[name\])+", "[name]", text)
    return text, count


def _names_on(ticket: Ticket) -> list[str]:
    """Everybody of the company, everybody who wrote, and the company itself."""
    people = User.objects.filter(memberships__customer=ticket.customer_id)
    writers = User.objects.filter(
        pk__in=Message.objects.filter(ticket=ticket).order_by().values("author")
    )
    names = [*people.values_list("name", flat=True), *writers.values_list("name", flat=True)]
    if ticket.assignee is not None:
        names.append(ticket.assignee.name)
    return [*dict.fromkeys(names), ticket.customer.name, ticket.customer.slug]


# Words of companies' names that say nothing of whose they are.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "and the for of group health hospital hospitals logistics bank school schools university "
        "city county foods energy media insurance retail steel works system systems service "
        "services solutions partners gmbh inc ltd llc company corporation international national "
        "public support",
    )
)


def _wholes_and_parts(names: Iterable[str]) -> list[str]:
    """List the whole names, the longest first, and then their telling parts."""
    wholes = sorted({name.strip() for name in names if name.strip()}, key=len, reverse=True)
    parts = {
        part
        for name in wholes
        for part in re.findall(r"[^\W\d_][\w’'-]+", name)
        if len(part) >= SHORTEST_NAME and part.lower() not in _COMMON
    }
    return [*wholes, *sorted(parts, key=len, reverse=True)]
