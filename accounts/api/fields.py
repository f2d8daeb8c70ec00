"""Fields and serializers that hold the API's conventions."""

from datetime import UTC, timedelta
from functools import cache
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import User


class Instant(serializers.DateTimeField):
    """An instant as ISO 8601 in UTC with a Z, whatever zone the reader keeps."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, **kwargs)


@extend_schema_field(OpenApiTypes.INT)
class Seconds(serializers.Field[timedelta, Any, int, timedelta]):
    """A span as whole seconds; the field's name ends in _seconds."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: timedelta) -> int:
        return int(value.total_seconds())


class PersonOutput(serializers.Serializer[User]):
    """Somebody, as everybody who may see them at all may see them: neither address nor phone."""

    name = serializers.CharField()
    is_staff = serializers.BooleanField(source="is_staff_member")


class StrictInput(serializers.Serializer[Any]):
    """The body of a write. A name it does not know is refused, never silently dropped."""

    default_error_messages = {"unknown": "There is no such field here."}

    @property
    def fields(self) -> Any:
        """The fields of its kind, made once: to make them anew took longer than to read a body.

        They know nothing of a request: what depends on who asks is a serializer's own `validate_…`.
        """
        return _fields_of(type(self))

    def to_internal_value(self, data: Any) -> Any:
        """Return typed values. Raises: ValidationError."""
        values = super().to_internal_value(data)
        unknown = sorted(set(data) - set(self.fields))
        if unknown:
            message = self.error_messages["unknown"]
            raise serializers.ValidationError(
                {name[:60]: [message] for name in unknown[:20]}, code="unknown"
            )
        return values


@cache
def _fields_of(kind: type[StrictInput]) -> Any:
    return super(StrictInput, kind()).fields
