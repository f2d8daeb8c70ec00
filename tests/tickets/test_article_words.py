"""An article's proposal says nothing of whose the ticket was."""

import pytest

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from tickets.article_words import propose_article, without_names
from tickets.choices import TicketKind
from tickets.models import Ticket
from tickets.operations.conversation import answer_ticket, write_note
from tickets.operations.filing import file_ticket
from tickets.operations.lifecycle import resolve_ticket

NAMES = ["Priya Raman", "Mara Kovac", "Northwind Logistics"]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Regards, Priya Raman", "Regards, [name]"),
        ("Hello Priya,", "Hello [name],"),
        ("Northwind’s servers", "[name]’s servers"),
        ("the NORTHWIND domain", "the [name] domain"),
        ("write to p.raman@northwind.example", "write to [e-mail]"),
        ("call +1 312 555 0100 now", "call [number] now"),
        ("from 10.20.30.40 to 10.20.30.0/24", "from [address] to [address]"),
        ("at fe80:0:0:0:1 today", "at [address] today"),
        ("card 00:1a:2b:3c:4d:5e", "card [address]"),
        ("see https://wiki.northwind.example/it?x=1 there", "see [address] there"),
        (r"on \\FILES01\share\x", "on [path]"),
        (r"in C:\Users\praman\AppData", r"in C:\Users\[user]\AppData"),
        ("at mail.northwind.example", "at [host]"),
        ("the server FRA-PRN-02, and DB17", "the server [host], and [host]"),
        ("as in TK-20418 and #20419", "as in [ticket] and [ticket]"),
        ("under C-2026-0417", "under [contract]"),
        ("our order 4500123456", "our order [number]"),
        ("hash " + "a1" * 32, "hash [hash]"),
    ],
)
def test_what_names_somebody_is_taken_out(said: str, left: str) -> None:
    assert without_names(said, NAMES)[0] == left


@pytest.mark.parametrize(
    "said",
    [
        "Version 12.4.1180 of 2026 needs TLS-1 and SHA-256.",
        "Update 4711 mends CVE-2026-1234 on port 8443.",
        "The logistics of it: maraschino is no name.",
    ],
)
def test_what_names_nobody_stays(said: str) -> None:
    assert without_names(said, NAMES) == (said, 0)


@pytest.fixture
def solved(contact: User, customer: Customer, engineer: User) -> Ticket:
    ticket = file_ticket(
        customer=customer,
        by=contact,
        kind=TicketKind.BREAK_FIX,
        severity=Severity.HIGH,
        subject="Printers of Northwind stopped",
        description="All printers at 10.1.2.3 stopped. Priya",
    )
    write_note(ticket, body="Their admin is slow.", by=engineer)
    answer_ticket(ticket, body="The spooler loops, Priya.", qualified=True, by=engineer)
    return resolve_ticket(ticket, resolution="Restart the spooler. Mara Kovac", by=engineer)


@pytest.mark.django_db
def test_a_proposal_tells_symptom_cause_and_remedy_and_never_a_note(solved: Ticket) -> None:
    proposal = propose_article(solved)
    assert proposal.words.title == "Printers of [name] stopped"
    assert proposal.words.body == (
        "## What you see\n\nAll printers at [address] stopped. [name]\n\n"
        "## What it comes from\n\nThe spooler loops, [name].\n\n"
        "## What helps\n\nRestart the spooler. [name]"
    )
    assert proposal.taken_out >= 5
