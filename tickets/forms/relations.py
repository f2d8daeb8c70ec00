"""What is typed to file a ticket under tags, and to choose who follows it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.errors import InvalidInput
from accounts.forms import add_domain_error
from accounts.models import User
from tickets.forms.staff import SeenForm
from tickets.models import Ticket
from tickets.tag_names import normal_tags


class TagForm(SeenForm):
    """Tags to put on, with commas between, and tags to take off."""

    add = forms.CharField(label="Add a tag", required=False, max_length=300)
    remove = forms.CharField(required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("add", "remove"):
            try:
                data[name] = normal_tags(str(data.get(name, "")))
            except InvalidInput as error:
                add_domain_error(self, error)
        if not data.get("add") and not data.get("remove") and not self.errors:
            self.add_error("add", "Type a tag first.")
        return data


class WatcherForm(forms.Form):
    """Somebody of the company who gets copies."""

    person = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Send copies to"),
        empty_label=_("Choose…"),
        error_messages={
            "required": _("Choose somebody of your company."),
            "invalid_choice": _("Choose somebody of your company."),
        },
    )

    def __init__(
        self,
        *args: Any,
        ticket: Ticket,
        people: Sequence[User] | None = None,
        **kwargs: Any,
    ) -> None:
        """`people` are those who can be chosen, where the page knows them already."""
        super().__init__(*args, **kwargs)
        members = ticket.customer.memberships.current().values("user")
        others = User.objects.active().filter(pk__in=members).exclude(pk=ticket.filed_by_id)
        others = others.exclude(watched_tickets=ticket).order_by("name")
        field = self.fields["person"]
        field.queryset = others  # type: ignore[attr-defined]  # a model field's
        if people is not None:
            field.choices = [("", field.empty_label), *((one.pk, one.name) for one in people)]  # type: ignore[attr-defined]  # a choice field's
