"""The blanks of a canned answer: plain names in braces, filled once, never run as code."""

import re
from collections.abc import Mapping

from accounts.errors import InvalidInput
from accounts.models import User
from tickets.models import Ticket

# What each stands for, as the page that explains them says it.
PLACEHOLDERS: Mapping[str, str] = {
    "contact": "First name of who filed the ticket",
    "customer": "Name of the company",
    "ticket": "Number of the ticket",
    "product": "Product and version",
    "engineer": "Your name",
}

# A name in braces; other braces, as in a log or in JSON, are left alone.
_BLANK = re.compile(r"\{\s*([A-Za-z_][\w.]*)\s*\}")


def check_placeholders(text: str) -> None:
    """Refuse a blank nobody could fill. Raises: InvalidInput, naming it."""
    for name in _BLANK.findall(text):
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
            raise InvalidInput(f"There is no {{{name}}}. You can use {known}.", field="body")


def fill_placeholders(text: str, *, ticket: Ticket, by: User) -> str:
    """Fill the blanks for one ticket and writer; what is filled in is not looked at again."""
    product = f"{ticket.product.name} {ticket.version}".strip() if ticket.product else "the product"
    values = {
        "contact": ticket.filed_by.get_short_name(),
        "customer": ticket.customer.name,
        "ticket": ticket.reference,
        "product": product,
        "engineer": by.name,
    }
    return _BLANK.sub(lambda blank: values.get(blank[1], blank[0]), text)
