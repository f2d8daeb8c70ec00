"""The incident ledger as people read it: newest first, each row with what was left after it."""

from collections.abc import Iterable
from dataclasses import dataclass

from entitlements.choices import EntryKind
from entitlements.models import ContractYear, LedgerEntry


@dataclass(frozen=True, slots=True)
class Line:
    """A ledger entry, the balance after it, and whether it can still be given back."""

    entry: LedgerEntry
    left: int | None
    can_be_credited: bool


def statement_of(year: ContractYear) -> list[Line]:
    """Write out a contract year's ledger, newest first; one query.

    `left` is None in an unlimited year, where counting down says nothing.
    """
    return running_balance(
        year.entries.select_related("by").order_by("at", "pk"), unlimited=year.is_unlimited
    )


def running_balance(entries: Iterable[LedgerEntry], *, unlimited: bool) -> list[Line]:
    """Add up entries given oldest first, and turn them round."""
    entries = list(entries)
    credited = {one.ticket_number for one in entries if one.kind == EntryKind.CREDIT}
    lines, balance = [], 0
    for entry in entries:
        balance += entry.amount
        lines.append(
            Line(
                entry,
                None if unlimited else balance,
                entry.kind == EntryKind.DEBIT and entry.ticket_number not in credited,
            )
        )
    return lines[::-1]
