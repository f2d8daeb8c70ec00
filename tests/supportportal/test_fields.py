"""Fields that are drawn once stay in memory, however many others follow from a ticket."""

from typing import Any

import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms

from supportportal.templatetags import fields


class Split(forms.Form):
    message = forms.ChoiceField()

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message"].choices = [(number, f"Message {number}")]  # type: ignore[attr-defined]  # a choice field's


def test_what_is_asked_for_often_stays_while_fields_of_many_tickets_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[str] = []

    def counted(field: forms.BoundField) -> str:
        drawn.append(str(dict(field.field.choices)))  # type: ignore[attr-defined]  # a choice field's
        return str(as_crispy_field(field))

    monkeypatch.setattr(fields, "as_crispy_field", counted)
    monkeypatch.setattr(fields, "MOST", 4)
    monkeypatch.setattr(fields, "_drawn", {})
    for number in range(1, 9):
        assert "Message 0" in fields.drawn_field(Split(number=0)["message"])
        assert f"Message {number}" in fields.drawn_field(Split(number=number)["message"])

    assert len(drawn) == 1 + 8
    assert drawn.count("{0: 'Message 0'}") == 1
