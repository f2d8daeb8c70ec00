"""What narrows the queue."""

from typing import Any

from django import forms
from django.db.models import Q

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer, Edition
from tickets.choices import OPEN_STATES
from tickets.forms.selects import PlainSelect
from tickets.querysets import TicketQuerySet
from tickets.queue_choices import QueueChoices

ANY = ("", "any")


def _choice(**given: Any) -> forms.ChoiceField:
    return forms.ChoiceField(required=False, widget=PlainSelect, **given)


class QueueFilterForm(forms.Form):
    """Narrows the queue; a value nobody knows narrows nothing."""

    q = forms.CharField(required=False, label="Search", max_length=200)
    severity = forms.TypedChoiceField(
        required=False, coerce=int, widget=PlainSelect, choices=[ANY, *Severity.choices]
    )
    plan = _choice()
    customer = forms.CharField(required=False, max_length=120)
    product = _choice()
    assignee = _choice()
    state = _choice(choices=[ANY, *((state.value, state.label) for state in OPEN_STATES)])

    FILTERS = ("severity", "plan", "customer", "product", "assignee", "state")

    def __init__(self, *args: Any, choices: QueueChoices, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        for name, known in (
            ("plan", choices.plans),
            ("product", choices.products),
            ("assignee", choices.engineers),
        ):
            self.fields[name].choices = [ANY, *known]  # type: ignore[attr-defined]
        if choices.customers is not None:
            self.fields["customer"].widget = PlainSelect(choices=[ANY, *choices.customers])
        else:
            self.fields["customer"].widget = forms.TextInput(
                attrs={"type": "search", "placeholder": "any", "size": 12}
            )
        for name in self.FILTERS:
            self.fields[name].widget.attrs["data-submit-on-change"] = ""

    def clean_customer(self) -> int | None:
        """Find the company by its slug, or by the name somebody typed."""
        typed = str(self.cleaned_data["customer"]).strip()
        if not typed:
            return None
        known = Customer.objects.visible_to(self.by).filter(Q(slug=typed) | Q(name__iexact=typed))
        return known.values_list("pk", flat=True).first()

    @property
    def filters(self) -> list[forms.BoundField]:
        """The fields that narrow, as the page draws them."""
        return [self[name] for name in self.FILTERS]

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters that hold."""
        self.is_valid()
        return {name: value for name in self.FILTERS if (value := self.cleaned_data.get(name))}

    @property
    def words(self) -> str:
        """What is searched for."""
        self.is_valid()
        return str(self.cleaned_data.get("q", "")).strip()

    @property
    def canonical(self) -> str:
        """What narrows, as one text: the same for the same narrowing."""
        return repr([sorted(self.chosen.items()), self.words])

    def narrow(self, tickets: TicketQuerySet) -> TicketQuerySet:
        """Keep the tickets that match every filter and the words."""
        chosen = self.chosen
        if (plan := chosen.pop("plan", None)) is not None:
            # By key: the queue's index knows a ticket's edition, and a plan has few.
            editions = Edition.objects.filter(plan=plan).values_list("pk", flat=True)
            chosen["edition__in"] = list(editions)
        tickets = tickets.filter(**chosen)
        return tickets.matching(self.words) if self.words else tickets
