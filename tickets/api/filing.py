"""Filing through the API: what is asked, what such bodies look like, and what was sent before."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.resource import Resource
from accounts.errors import DomainError, InvalidInput
from tickets.choices import EventKind
from tickets.filed_with import facts_of
from tickets.filing_facts import Facts, ReleaseFacts
from tickets.models import FieldValue, FilingField, Product, Ticket
from tickets.operations.filing_details import wrong_answers
from tickets.serializers.filing import FACTS_OF, FilingGuideOutput

_INCIDENT = {
    "company": "northwind-logistics",
    "kind": "premium",
    "severity": 2,
    "subject": "Label-printer driver quarantined on 214 hosts",
    "description": "Since the 15:10 database update printing has stopped.",
    "product": "Endpoint Protection",
    "version": "12.4",
    "answers": {"machines-affected": "214"},
}
_RELEASE = {
    "company": "northwind-logistics",
    "kind": "database_release",
    "severity": 2,
    "subject": "Our label printer driver is detected",
    "description": "It is signed, and was not detected on Thursday.",
    "database_release": {
        "finding": "false_positive",
        "build": "2026-03-10.2",
        "detected_where": "C:/drivers/label.sys on all packing stations",
        "hashes": ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    },
}
_SERVICE = {
    "company": "northwind-logistics",
    "kind": "service",
    "severity": 4,
    "subject": "Exclusions for the backup server",
    "description": "Which folders do you advise to exclude?",
    "service_request": {"service": "question", "suits": "Weekdays before 11:00 ET"},
}
BODIES = [
    OpenApiExample("An incident", value=_INCIDENT, request_only=True),
    OpenApiExample("A database release request", value=_RELEASE, request_only=True),
    OpenApiExample("A service request", value=_SERVICE, request_only=True),
]


class FilingGuide(Resource):
    """What filing asks for."""

    @extend_schema(operation_id="filing_guide", responses=FilingGuideOutput)
    def get(self, request: Request) -> Response:
        """List the products that can be chosen, and the questions that are asked of a ticket."""
        guide = {
            "products": Product.objects.offered(),
            "questions": FilingField.objects.asked(),
        }
        return Response(FilingGuideOutput(guide).data)


@contextmanager
def naming_fields(values: Mapping[str, Any], answers: Mapping[str, str]) -> Iterator[None]:
    """Name what an operation refuses as the body does: `answers.site`, `service_request.service`.

    Raises: ValidationError with all wrong answers at once; other refusals as they are.
    """
    try:
        yield
    except DomainError as error:
        named = error.field or ""
        if isinstance(error, InvalidInput) and (named == "fields" or named.startswith("field_")):
            wrong = wrong_answers(values["product"], values["kind"], answers)
            told = {key: ErrorDetail(text, "invalid_input") for key, text in wrong.items()}
            raise ValidationError({"answers": told}) from error
        facts: Facts | None = values["facts"]
        if facts is not None and named in type(facts).__dataclass_fields__:
            error.field = f"{FACTS_OF[facts.kind]}.{named}"
        raise


def is_filed_with(ticket: Ticket, values: Mapping[str, Any], answers: Mapping[str, str]) -> bool:
    """Whether a ticket was filed with this body; its severity from then, whatever it is now."""
    filed = ticket.events.get(kind=EventKind.FILED)
    product = values["product"]
    return (
        ticket.kind == values["kind"]
        and filed.details["severity"] == values["severity"]
        and ticket.subject == values["subject"].strip()
        and ticket.description == values["description"].strip()
        and ticket.criteria == values["criteria"]
        and ticket.product_id == (None if product is None else product.pk)
        and ticket.version == values["version"]
        and _tidy(facts_of(ticket)) == _tidy(values["facts"])
        and _has_answers(ticket, answers)
    )


def _tidy(facts: Facts | None) -> Facts | None:
    return replace(facts, build=facts.build.strip()) if isinstance(facts, ReleaseFacts) else facts


def _has_answers(ticket: Ticket, answers: Mapping[str, str]) -> bool:
    kept = {one.field.key: one for one in ticket.field_values.select_related("field")}
    given = {key: text.strip() for key, text in answers.items() if text.strip()}
    return set(kept) == set(given) and all(_says(kept[key], given[key]) for key in given)


def _says(kept: FieldValue, text: str) -> bool:
    try:
        return kept.value in {text, kept.field.read(text)}
    except InvalidInput:  # The list it was chosen from has changed since.
        return False
