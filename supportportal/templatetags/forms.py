"""What forms need beyond crispy."""

import uuid
from collections.abc import Sequence
from html import escape
from typing import Any

from django import template
from django.forms import BoundField, HiddenInput, Textarea
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.kept_text import page_of
from supportportal.templatetags.fields import drawn_field
from supportportal.templatetags.icons import icon

register = template.Library()


@register.filter
def card(field: Any, value: object) -> Any:
    """Return what a choice card shows beside its label: field.field.cards[value], or nothing."""
    return getattr(field.field, "cards", {}).get(str(value), {})


@register.simple_tag(takes_context=True)
def page_field(context: Context, page: str = "") -> SafeString:
    """Carry the page a form stands on, for forms that post to another address (kept_text)."""
    return format_html('<input type="hidden" name="_page" value="{}">', page or _page(context))


@register.simple_tag(takes_context=True)
def own_address(context: Context) -> SafeString:
    """Say which page came back, where a refused form was posted to an address that is none.

    js/portal.js gives the window that address: what is asked for anew is asked for there.
    """
    request = context.get("request")
    if request is None or request.method != "POST":
        return SafeString("")
    return format_html('<meta name="page" content="{}">', _page(context))


def _page(context: Context) -> str:
    request = context.get("request")
    if request is None:
        return ""
    return page_of(request) if request.method == "POST" else request.get_full_path()


@register.simple_tag(takes_context=True)
def side_form(
    context: Context,
    form: Any,
    action: str,
    summary: str,
    send_label: str,
    *,
    summary_icon: str = "",
    lead: str = "",
    look: str = "secondary",
    narrow: bool = False,
    ticket: Any = None,
    key: str = "",
) -> SafeString:
    """Draw a small form folded away until it is needed; open when it came back.

    Drawn at once: a ticket's page has up to nine of them, which hardly anybody opens. `ticket` is
    whatever page it stands on, else the context's. `key` opens it, pressed alone. Without a form
    it is fetched from `action` when it is opened, where it has a page of its own, too; what was
    seen is then told by this page, as it is in a form drawn on it.
    """
    mark = icon(summary_icon) if summary_icon else ""
    width = "" if narrow else " w-100"
    hears = f' data-key="{escape(key)}"' if key else ""
    inside: str
    if form:
        inside = small_form(context, form, action, send_label, lead=lead, ticket=ticket)
    else:
        seen = context["newest_event"]
        inside = (
            f'<div hx-get="{escape(action)}" hx-include="find input" hx-swap="innerHTML"'
            ' hx-trigger="toggle from:closest details once">'
            f'<input type="hidden" name="seen_event" value="{seen}">'
            '<p class="small mt-3 mb-0">'
            f'<a class="inline" href="{escape(action)}?seen_event={seen}">{escape(summary)}</a></p>'
            "</div>"
        )
    return SafeString(
        f'<details class="fold"{" open" if form and form.is_bound else ""}>'
        f'<summary class="btn btn-{look}{width}"{hears}>{mark}{escape(summary)}</summary>'
        f"{inside}</details>\n"
    )


@register.simple_tag(takes_context=True)
def small_form(
    context: Context, form: Any, action: str, send_label: str, *, lead: str = "", ticket: Any = None
) -> SafeString:
    """Draw what `side_form` folds away."""
    told = f'<p class="small soft">{escape(lead)}</p>' if lead else ""
    return SafeString(
        f'<form method="post" action="{escape(action)}" class="mt-3">'
        f"{_inside(context, form, ticket, told)}"
        f'<button class="btn btn-secondary" type="submit">{escape(send_label)}</button>'
        "</form>"
    )


@register.simple_tag(takes_context=True)
def notice_form(
    context: Context, form: Any, action: str, summary: str, send_label: str
) -> SafeString:
    """Draw a form folded away in a notice or in a line of the thread; open when it came back."""
    return SafeString(
        f'<details class="fold"{" open" if form.is_bound else ""}>'
        f'<summary class="btn btn-secondary btn-sm">{escape(summary)}</summary>'
        f'<form method="post" action="{escape(action)}" class="mt-3">'
        f"{_inside(context, form)}"
        f'<button class="btn btn-secondary btn-sm" type="submit">{escape(send_label)}</button>'
        "</form></details>\n"
    )


def _inside(context: Context, form: Any, ticket: Any = None, lead: str = "") -> str:
    """What every folded form holds: its token, its page, what is wrong, its fields."""
    page = (ticket or context["ticket"]).get_absolute_url()
    errors = "".join(
        '<p class="invalid-feedback d-block" role="alert" tabindex="-1" data-focus>'
        f"<span><strong>{escape(error)}</strong></span></p>"
        for error in form.non_field_errors()
    )
    fields = "".join(_hidden(field, context) for field in form.hidden_fields())
    fields += "".join(drawn_field(field) for field in form.visible_fields())
    return f"{csrf_field(context)}{page_field(context, page)}{lead}{errors}{fields}"


def csrf_field(context: Context) -> str:
    """Draw a form's token as the tag csrf_token does."""
    token = context.get("csrf_token")
    if not token or token == "NOTPROVIDED":  # noqa: S105 - Django's word for none
        return ""
    return f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(token)}">'


def _hidden(field: BoundField, context: Context) -> str:
    """As the field draws itself; a fresh key of a form is not worth four templates.

    What was seen is what this page shows, in a form that came back too.
    """
    if field.name == "seen_event":
        return f'<input type="hidden" name="seen_event" value="{context["newest_event"]}">'
    widget, value = field.field.widget, field.value()
    if field.form.is_bound or type(widget) is not HiddenInput or not isinstance(value, uuid.UUID):
        return str(field)
    return f'<input type="hidden" name="{field.html_name}" value="{value}" id="{field.auto_id}">'


@register.filter
def typed_texts(form: Any) -> list[str]:
    """List what was written into a form's longer fields, for when the form itself is gone."""
    written = [field for field in form.visible_fields() if isinstance(field.field.widget, Textarea)]
    return [text for field in written if (text := str(field.value() or "").strip())]


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
