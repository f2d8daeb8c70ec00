"""What forms need beyond crispy."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def card(field: Any, value: object) -> Any:
    """Return what a choice card shows beside its label: field.field.cards[value], or nothing."""
    return getattr(field.field, "cards", {}).get(str(value), {})


@register.simple_tag(takes_context=True)
def page_field(context: Context, page: str = "") -> SafeString:
    """Carry the page a form stands on, for forms that post to another address (kept_text)."""
    request = context.get("request")
    path = page or (request.get_full_path() if request else "")
    return format_html('<input type="hidden" name="_page" value="{}">', path)


@register.filter
def field_errors(form: Any) -> Sequence[dict[str, str]]:
    """List a form's errors for the summary: id of the field, its label, the message."""
    found = [{"id": "", "label": "", "message": text} for text in form.non_field_errors()]
    for bound in form.visible_fields():
        found += [
            {
                "id": bound.id_for_label or bound.auto_id,
                "label": bound.label.rstrip("?"),
                "message": text,
            }
            for text in bound.errors
        ]
    return found
