"""Lists to choose from that are long."""

from functools import lru_cache
from html import escape
from typing import Any

from django import forms
from django.utils.safestring import SafeString


class PlainSelect(forms.Select):
    """A select drawn at once: the framework renders a template for each option."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        given = "".join(
            f' {key}="{escape(str(text))}"'
            for key, text in self.build_attrs(self.attrs, attrs).items()
        )
        options = _options(tuple(self.choices))
        if chosen:
            value_of = f'<option value="{escape(chosen)}"'
            options = options.replace(f"{value_of}>", f"{value_of} selected>", 1)
        return SafeString(f'<select name="{escape(name)}"{given}>{options}</select>')


@lru_cache(maxsize=512)
def _options(choices: tuple[tuple[Any, Any], ...]) -> str:
    return "".join(
        f'<option value="{escape(str(key))}">{escape(str(label))}</option>'
        for key, label in choices
    )
