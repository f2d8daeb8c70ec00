"""Every form of the portal says what to do about a field left empty."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import pytest
from django import forms
from django.apps import apps

# Filled by the page, not by a person: a message beside them would have no field to stand at.
FILLED_BY_THE_PAGE = {"revision", "submission_key", "seen_message", "seen", "based_on", "draft"}


def modules_of(app: str) -> Iterator[str]:
    if importlib.util.find_spec(f"{app}.forms") is None:
        return
    package = importlib.import_module(f"{app}.forms")
    yield package.__name__
    for found in pkgutil.iter_modules(getattr(package, "__path__", [])):
        yield f"{app}.forms.{found.name}"


def fields() -> list[tuple[str, str, forms.Field]]:
    ours = [config.label for config in apps.get_app_configs() if "." not in config.name]
    return [
        (form.__qualname__, name, field)
        for app in ours
        for module in modules_of(app)
        for _, form in inspect.getmembers(importlib.import_module(module), inspect.isclass)
        if issubclass(form, forms.Form) and form.__module__ == module
        for name, field in form.base_fields.items()
        if field.required and name not in FILLED_BY_THE_PAGE
    ]


def test_there_are_fields_to_ask() -> None:
    assert len(fields()) > 40


@pytest.mark.parametrize(
    ("form", "name", "field"), fields(), ids=[f"{form}-{name}" for form, name, _ in fields()]
)
def test_an_empty_field_says_what_to_do(form: str, name: str, field: forms.Field) -> None:
    said = str(field.error_messages["required"])
    assert said != str(forms.Field.default_error_messages["required"])
    assert said.endswith(".")
