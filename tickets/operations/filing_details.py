"""What is kept with a new ticket besides its words: answers to questions, and facts of its kind."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from accounts.compiled import Compiled
from accounts.errors import InvalidInput
from entitlements.models import Contract
from entitlements.promise import standard_edition
from tickets.choices import TicketKind
from tickets.filing_facts import (
    Facts,
    ReleaseFacts,
    ServiceFacts,
    require_included,
    require_latest_build,
)
from tickets.models import (
    DatabaseRelease,
    FieldValue,
    FilingField,
    Product,
    ServiceRequest,
    Ticket,
)

_ASKED = Compiled(FilingField.objects.asked)

type Answer = tuple[FilingField, str]


def read_answers(
    product: Product | None, kind: TicketKind, given: Mapping[str, str]
) -> list[Answer]:
    """The answers to what is asked of such a ticket, empty ones left out. Raises: InvalidInput."""
    asked = _asked(product, kind)
    if unknown := set(given) - set(asked):
        raise InvalidInput(_unknown(min(unknown)), field="fields")
    read = [(field, field.read(given.get(key, ""))) for key, field in asked.items()]
    return [(field, value) for field, value in read if value]


def wrong_answers(
    product: Product | None, kind: TicketKind, given: Mapping[str, str]
) -> dict[str, str]:
    """All that read_answers refuses, by the questions' keys: a program is told of all at once."""
    asked = _asked(product, kind)
    wrong = {key: _unknown(key) for key in given if key not in asked}
    for key, field in asked.items():
        try:
            field.read(given.get(key, ""))
        except InvalidInput as error:
            wrong[key] = error.message
    return wrong


def _asked(product: Product | None, kind: TicketKind) -> dict[str, FilingField]:
    """What is asked of such a ticket, by key."""
    return {field.key: field for field in _ASKED.all() if field.is_for(product, kind)}


def _unknown(key: str) -> str:
    return f"Nothing of the name “{key[:60]}” is asked of such a ticket."


def keep_answers(ticket: Ticket, answers: Sequence[Answer]) -> None:
    """Write answers to a new ticket. Effects: one FieldValue each."""
    FieldValue.objects.bulk_create(
        FieldValue(ticket=ticket, field=field, value=value) for field, value in answers
    )


def check_facts(facts: Facts | None, kind: TicketKind, contract: Contract | None) -> None:
    """Refuse facts that do not allow the filing.

    Raises: InvalidInput for facts of another kind of ticket, OldDatabase, NotAllowed.
    """
    if facts is not None and facts.kind != kind:
        raise InvalidInput(_("These details belong to another kind of ticket."), field="kind")
    if isinstance(facts, ReleaseFacts):
        require_latest_build(facts.build)
    elif isinstance(facts, ServiceFacts):
        edition = contract.edition if contract is not None else standard_edition()
        require_included(facts.service, edition)


def keep_facts(ticket: Ticket, facts: Facts | None) -> None:
    """Write a new ticket's facts. Effects: one DatabaseRelease or ServiceRequest, or nothing."""
    if isinstance(facts, ReleaseFacts):
        DatabaseRelease.objects.create(
            ticket=ticket,
            finding=facts.finding,
            build=facts.build.strip(),
            built_on=facts.built_on,
            detected_where=facts.detected_where,
            detected_how=facts.detected_how,
            hashes=facts.hashes,
        )
    elif isinstance(facts, ServiceFacts):
        ServiceRequest.objects.create(ticket=ticket, service=facts.service, suits=facts.suits)
