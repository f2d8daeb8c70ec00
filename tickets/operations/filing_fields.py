"""What else is asked when a ticket is filed, as an administrator keeps it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from tickets.choices import FieldKind
from tickets.models import FilingField
from tickets.permissions import can_manage_products

# What can be changed of a question; its key, its kind and what it is asked of stay, because
# answers were given to it.
CHANGEABLE = ("label", "help_text", "choices", "is_required", "is_shown", "is_searchable")


@transaction.atomic
def add_filing_field(*, by: User, **facts: Any) -> FilingField:
    """Ask something more from now on; `facts` are fields of FilingField.

    Raises: NotAllowed, InvalidInput. Effects: one FilingField, one audit row.
    """
    _require_administrator(by)
    last = FilingField.objects.aggregate(last=Max("order"))["last"]
    field = FilingField(order=0 if last is None else last + 1, **facts)
    _check(field)
    field.key = _free_key(field.label)
    field.save()
    record_change("filing question added", field, by=by)
    return field


@transaction.atomic
def change_filing_field(field: FilingField, *, by: User, **facts: Any) -> FilingField:
    """Change how a question is asked; `facts` are of CHANGEABLE.

    A choice that is left out stays where it was given for an answer.
    Raises: NotAllowed, InvalidInput. Effects: the FilingField; one audit row if anything changed.
    """
    _require_administrator(by)
    field = FilingField.objects.select_for_update(of=("self",)).get(pk=field.pk)
    before = _facts(field)
    for name in CHANGEABLE:
        setattr(field, name, facts.get(name, before[name]))
    _check(field)
    field.save()
    after = _facts(field)
    changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if changes:
        record_change("filing question changed", field, by=by, changes=changes)
    return field


@transaction.atomic
def retire_filing_field(field: FilingField, *, by: User, now: datetime | None = None) -> None:
    """Ask it no more; answers stay on their tickets. Raises: NotAllowed. Effects: one audit row."""
    _retire(field, now or timezone.now(), by=by)


@transaction.atomic
def restore_filing_field(field: FilingField, *, by: User) -> None:
    """Ask it again. Raises: NotAllowed. Effects: one audit row."""
    _retire(field, None, by=by)


def _retire(field: FilingField, at: datetime | None, *, by: User) -> None:
    _require_administrator(by)
    field = FilingField.objects.select_for_update(of=("self",)).get(pk=field.pk)
    if (field.retired_at is None) == (at is None):
        return
    field.retired_at = at
    field.save(update_fields=["retired_at"])
    record_change("filing question retired" if at else "filing question asked again", field, by=by)


def _facts(field: FilingField) -> Mapping[str, Any]:
    return {name: getattr(field, name) for name in CHANGEABLE}


def _check(field: FilingField) -> None:
    field.label = " ".join(field.label.split())
    if not field.label:
        raise InvalidInput("Say what is asked.", field="label")
    field.choices = list(dict.fromkeys(one.strip() for one in field.choices if one.strip()))
    if field.kind != FieldKind.CHOICE:
        field.choices = []
    elif not field.choices:
        raise InvalidInput("Write the answers one can choose from, one a line.", field="choices")
    if any(len(one) > 80 for one in field.choices):
        raise InvalidInput("An answer has at most 80 characters.", field="choices")


def _free_key(label: str) -> str:
    wanted = slugify(label)[:32].strip("-") or "question"
    taken = set(FilingField.objects.filter(key__startswith=wanted).values_list("key", flat=True))
    return next(
        key for key in (wanted, *(f"{wanted}-{n}" for n in range(2, 1000))) if key not in taken
    )


def _require_administrator(by: User) -> None:
    if not can_manage_products(by):
        raise NotAllowed("Only an administrator decides what is asked.")
