"""The single keys: where G and a second one lead, and the sheet that lists them all."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.permissions import WORKS_TICKETS


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A line of the sheet. `keys` are pressed together or in turn; `word` stands between them."""

    keys: tuple[str, ...]
    tells: str
    word: str = ""


def places(user: User) -> dict[str, str]:
    """Return where G leads, by the key that follows."""
    names = {"h": "home", "t": "ticket_list"}
    if user.is_staff_member:
        names = {"h": "home", "q": "queue", "m": "my_work", "r": "roster"}
    return {key: reverse(name) for key, name in names.items()}


def shortcuts(user: User) -> list[Shortcut]:
    """List the keys that do something for this person."""
    lines = [
        Shortcut((_("Ctrl"), "K"), _("Search and commands")),
        Shortcut(("/",), _("Search")),
        Shortcut(("G", "H"), _("Go to the start"), _("then")),
    ]
    if not user.is_staff_member:
        lines += [
            Shortcut(("G", "T"), _("Go to tickets"), _("then")),
            Shortcut(("R",), _("Reply")),
        ]
    else:
        lines += [
            Shortcut(("G", "Q"), "Go to the queue", _("then")),
            Shortcut(("G", "M"), "Go to my work", _("then")),
            Shortcut(("G", "R"), "Go to the roster", _("then")),
            Shortcut(("J", "K"), "Next row or ticket, the one before"),
            Shortcut(("↵",), "Open the row"),
        ]
        if user.has_role(*WORKS_TICKETS):
            lines += [
                Shortcut(("X",), "Select the row"),
                Shortcut(("T",), "Take the ticket, or the rows"),
                Shortcut(("A",), "Assign the ticket, or the rows"),
                Shortcut(("S",), "Change the state of the rows"),
                Shortcut(("V",), "Change the severity of the ticket"),
                Shortcut(("E",), "Resolve the ticket"),
            ]
        lines += [
            Shortcut(("R",), "Reply to the customer"),
            Shortcut(("N",), "Write a note"),
            Shortcut(("U",), "Undo what goes out in a moment"),
        ]
    return [
        *lines,
        Shortcut((_("Ctrl"), "↵"), _("Send what is written")),
        Shortcut(("?",), _("This sheet")),
    ]
