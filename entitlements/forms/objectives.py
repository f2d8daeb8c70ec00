"""Our own objectives of an edition, as hours beside each severity."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms

from entitlements.choices import Severity
from entitlements.models import Edition, Objective
from sla.choices import Obligation

HOUR = timedelta(hours=1)


class ObjectivesForm(forms.Form):
    """Covered hours for each severity and objective; an empty field switches it off."""

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        present = {
            (severity, obligation): target
            for severity, obligation, target in Objective.objects.filter(
                service_level__edition=edition
            ).values_list("service_level__severity", "obligation", "target")
        }
        super().__init__(*args, **kwargs)
        for severity in Severity:
            for obligation in Objective.OBLIGATIONS:
                target = present.get((severity, obligation))
                self.fields[_name(severity, obligation)] = forms.DecimalField(
                    label=f"{severity.label}, {obligation.label.lower()}, covered hours",
                    required=False,
                    min_value=Decimal("0.25"),
                    max_value=8760,
                    decimal_places=2,
                    initial=None if target is None else _hours(target),
                    widget=forms.NumberInput(attrs={"step": "0.25", "placeholder": "off"}),
                    error_messages={
                        "invalid": "Write hours, such as 8 or 0.5.",
                        "min_value": "Give a quarter of an hour at least.",
                        "max_value": "Give 8,760 hours at most.",
                    },
                )

    def rows(self) -> Iterator[tuple[Severity, list[tuple[str, forms.BoundField]]]]:
        """The fields as the page lays them out: a row a severity, each under its objective."""
        for severity in Severity:
            yield (
                severity,
                [(one.label, self[_name(severity, one)]) for one in Objective.OBLIGATIONS],
            )

    @property
    def wanted(self) -> dict[tuple[Severity, Obligation], timedelta | None]:
        """What was typed, for the operation."""
        return {
            (severity, obligation): None if hours is None else float(hours) * HOUR
            for severity in Severity
            for obligation in Objective.OBLIGATIONS
            for hours in [self.cleaned_data[_name(severity, obligation)]]
        }


def _name(severity: Severity, obligation: Obligation) -> str:
    return f"{obligation}_{severity.value}"


def _hours(target: timedelta) -> str:
    return f"{target / HOUR:g}"
