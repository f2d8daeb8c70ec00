"""What files a ticket, and what is asked for it."""

from typing import Any

from rest_framework import serializers

from accounts.api.fields import StrictInput
from accounts.errors import InvalidInput
from entitlements.choices import Severity
from entitlements.models import SeverityDefinition
from tickets.choices import FieldKind, Finding, Service, TicketKind
from tickets.filing_facts import MOST_HASHES, Facts, ReleaseFacts, ServiceFacts, read_hashes
from tickets.models import FilingField, Product
from tickets.models.filing_field import LONGEST_VALUE

# Which part of the body says what a ticket of a special kind is about.
FACTS_OF = {
    TicketKind.DATABASE_RELEASE: "database_release",
    TicketKind.SERVICE: "service_request",
}
# A service request is Medium or Low by the catalogue's definitions.
SERVICE_SEVERITIES = (Severity.MEDIUM, Severity.LOW)


class NamedField(serializers.SlugRelatedField[Any]):
    """A row by its name."""

    def to_internal_value(self, data: Any) -> Any:
        """Look the name up. Raises: ValidationError; no name has what the database cannot hold."""
        if "\0" in str(data):
            self.fail("does_not_exist", slug_name=self.slug_field, value="")
        return super().to_internal_value(data)


class ReleaseInput(StrictInput):
    """What is wrong with the anti-virus databases."""

    finding = serializers.ChoiceField(Finding.choices)
    build = serializers.CharField(
        max_length=40, help_text="The databases' version, which must be the latest."
    )
    built_on = serializers.DateField(default=None, allow_null=True)
    detected_where = serializers.CharField(max_length=200)
    detected_how = serializers.CharField(max_length=200, default="", allow_blank=True)
    hashes = serializers.ListField(
        child=serializers.CharField(max_length=64),
        max_length=MOST_HASHES,
        default=list,
        help_text="SHA-256, SHA-1 or MD5, in hexadecimal digits.",
    )

    def validate_hashes(self, value: list[str]) -> list[str]:
        """Refuse what is no hash."""
        try:
            return read_hashes(" ".join(value))
        except InvalidInput as error:
            raise serializers.ValidationError(error.message) from error


class ServiceInput(StrictInput):
    """Which service, and when it would suit."""

    service = serializers.ChoiceField(Service.choices)
    suits = serializers.CharField(max_length=200, default="", allow_blank=True)


class ReleaseOutput(serializers.Serializer[ReleaseFacts]):
    """What is wrong with the anti-virus databases."""

    finding = serializers.ChoiceField(Finding.choices)
    build = serializers.CharField()
    built_on = serializers.DateField(allow_null=True)
    detected_where = serializers.CharField()
    detected_how = serializers.CharField()
    hashes = serializers.ListField(child=serializers.CharField())


class ServiceOutput(serializers.Serializer[ServiceFacts]):
    """A service that is asked for."""

    service = serializers.ChoiceField(Service.choices)
    suits = serializers.CharField()


class ProductOutput(serializers.Serializer[Product]):
    """A product that can be chosen, its versions the newest first."""

    name = serializers.CharField()
    versions = serializers.ListField(child=serializers.CharField())


class QuestionOutput(serializers.Serializer[FilingField]):
    """A question; its answer goes into `answers` under its key."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field's own label is not ours
    product = serializers.CharField(
        source="product.name", default=None, allow_null=True, help_text="Null: of every product."
    )
    ticket_kinds = serializers.ListField(
        child=serializers.ChoiceField(TicketKind.choices), help_text="Empty: of every kind."
    )
    kind = serializers.ChoiceField(FieldKind.choices)
    choices = serializers.ListField(child=serializers.CharField())
    is_required = serializers.BooleanField()
    help_text = serializers.CharField()  # type: ignore[assignment]  # as above


class FilingGuideOutput(serializers.Serializer[Any]):
    """What filing a ticket asks for today."""

    products = ProductOutput(many=True)
    questions = QuestionOutput(many=True)


class FilingInput(StrictInput):
    """What files a ticket."""

    company = serializers.SlugField(max_length=60, help_text="For which company, by its slug.")
    kind = serializers.ChoiceField(TicketKind.choices)
    severity = serializers.ChoiceField(
        Severity.choices, help_text="3 or 4 for a service request; how urgent a release is."
    )
    subject = serializers.CharField(max_length=200)
    description = serializers.CharField(max_length=50_000)
    criteria = serializers.ListField(
        child=serializers.CharField(max_length=200),
        max_length=40,
        default=list,
        help_text="Criteria of the severities that hold, in the plan's own words.",
    )
    product = NamedField(
        slug_field="name", queryset=Product.objects.all(), default=None, allow_null=True
    )
    version = serializers.CharField(max_length=40, default="", allow_blank=True)
    answers = serializers.DictField(
        child=serializers.CharField(max_length=LONGEST_VALUE, allow_blank=True),
        default=dict,
        help_text="Answers to the questions of /api/v1/filing/ that fit product and kind, by key.",
    )
    database_release = ReleaseInput(
        default=None, allow_null=True, help_text="For the kind database_release, and only there."
    )
    service_request = ServiceInput(
        default=None, allow_null=True, help_text="For the kind service, and only there."
    )

    def validate_severity(self, value: int) -> Severity:
        return Severity(value)

    def validate_kind(self, value: str) -> TicketKind:
        return TicketKind(value)

    def validate_criteria(self, value: list[str]) -> list[str]:
        """Refuse words that are no criterion of the plan's severities."""
        if not value:
            return value
        known = {
            criterion
            for criteria in SeverityDefinition.objects.values_list("criteria", flat=True)
            for criterion in criteria
        }
        if set(value) - known:
            raise serializers.ValidationError("Use the criteria of /api/v1/plans/, word by word.")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Put the facts of a special kind into `facts`; refuse those of another kind."""
        kind = attrs["kind"]
        wrong: dict[str, serializers.ValidationError] = {}
        for of_kind, name in FACTS_OF.items():
            if of_kind == kind and attrs[name] is None:
                wrong[name] = serializers.ValidationError(
                    f"Say what it is about: the kind {kind} needs this.", code="required"
                )
            elif of_kind != kind and attrs[name] is not None:
                wrong[name] = serializers.ValidationError(
                    f"Only a ticket of the kind {of_kind} has this.", code="invalid"
                )
        if kind == TicketKind.SERVICE and attrs["severity"] not in SERVICE_SEVERITIES:
            wrong["severity"] = serializers.ValidationError(
                "A service request is 3 (Medium) or 4 (Low).", code="invalid"
            )
        if wrong:
            raise serializers.ValidationError({name: one.detail for name, one in wrong.items()})
        release, service = (attrs.pop(name) for name in FACTS_OF.values())
        attrs["facts"] = _facts(release, service)
        return attrs


class StaffFilingInput(FilingInput):
    """What files a ticket for a caller."""

    on_behalf_of = serializers.EmailField(
        default=None, allow_null=True, help_text="Staff only: the caller's e-mail address."
    )


def _facts(release: dict[str, Any] | None, service: dict[str, Any] | None) -> Facts | None:
    if release is not None:
        return ReleaseFacts(**release | {"finding": Finding(release["finding"])})
    if service is not None:
        return ServiceFacts(Service(service["service"]), service["suits"])
    return None
