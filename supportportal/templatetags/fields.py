"""Fields of forms nobody has sent yet: the same each time, so they are drawn once."""

from collections.abc import Hashable

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import template
from django.forms import BoundField
from django.forms.models import ModelChoiceIterator
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

# Fields kept. Some follow from a ticket, such as the messages to split off: of more than these the
# one that was asked for longest ago goes.
MOST = 512
_drawn: dict[Hashable, SafeString] = {}


@register.filter
def drawn_field(field: BoundField) -> SafeString:
    """Draw a field as `as_crispy_field` does; one that came back with its form is drawn anew.

    A folded form with a few fields took longer to draw than the conversation it stands beside.
    """
    told = _told(field)
    if told is None:
        return SafeString(as_crispy_field(field))
    text = _drawn.pop(told, None)
    if text is None:
        text = SafeString(as_crispy_field(field))
        if len(_drawn) >= MOST:
            _drawn.pop(next(iter(tuple(_drawn))), None)  # A tuple: other threads draw, too.
    _drawn[told] = text  # The newest is the last.
    return text


def _told(field: BoundField) -> Hashable | None:
    """All that a field is drawn from; None for one that is drawn anew each time."""
    choices = getattr(field.field, "choices", ())
    if field.form.is_bound or isinstance(choices, ModelChoiceIterator):
        return None
    told = (
        get_language(),
        type(field.form),
        field.auto_id,
        field.html_name,
        str(field.label),
        str(field.help_text),
        repr(field.field.widget.attrs),
        repr(field.value()),
        tuple(tuple(choice) for choice in choices),
    )
    try:
        hash(told)
    except TypeError:  # Choices in groups.
        return None
    return told
