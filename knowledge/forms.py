"""What is typed on the pages of articles."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from entitlements.models import Plan
from knowledge.operations.voting import LONGEST_COMMENT
from knowledge.operations.writing import MOST_WORDS, Words

EVERYBODY, PLANS = "everybody", "plans"


class ArticleForm(forms.Form):
    """The words of an article, what it is about, and whom it is for."""

    title = forms.CharField(
        label="Title",
        max_length=120,
        help_text="What somebody with the problem would type.",
        error_messages={"required": "Give it a title."},
    )
    summary = forms.CharField(
        label="In one sentence",
        max_length=300,
        help_text="Stands in lists and while a ticket is filed.",
        error_messages={"required": "Say it in one sentence."},
    )
    body = forms.CharField(
        label="Text",
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text="Markdown. Name no customer, no person, no machine of theirs.",
        error_messages={"required": "Write the text."},
    )
    products = forms.MultipleChoiceField(
        label="Products", required=False, widget=forms.CheckboxSelectMultiple
    )
    readers = forms.ChoiceField(
        label="For whom",
        choices=[(EVERYBODY, "Everybody, also without signing in"), (PLANS, "Customers of plans")],
        widget=forms.RadioSelect,
        initial=EVERYBODY,
        error_messages={"required": "Say for whom it is."},
    )
    plan_keys = forms.MultipleChoiceField(
        label="Plans",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Read while the company’s contract is in force.",
    )
    revision = forms.IntegerField(
        widget=forms.HiddenInput,
        initial=0,
        min_value=0,
        error_messages={"required": "Open the page again."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = import_string(settings.PRODUCT_NAMES)()
        # A product that is no longer sold stays where it was chosen.
        names += [name for name in self.initial.get("products", ()) if name not in names]
        plans = Plan.objects.exclude(key=Plan.STANDARD_KEY).values_list("key", "name")
        for field, choices in (
            ("products", [(name, name) for name in names]),
            ("plan_keys", plans),
        ):
            chosen = self.fields[field]
            assert isinstance(chosen, forms.MultipleChoiceField)
            chosen.choices = list(choices)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("readers") == PLANS and not typed.get("plan_keys"):
            self.add_error("plan_keys", "Choose at least one plan.")
        return typed

    def words(self) -> Words:
        """What was typed, as the operations take it."""
        typed = self.cleaned_data
        is_public = typed["readers"] == EVERYBODY
        return Words(
            typed["title"],
            typed["summary"],
            typed["body"],
            tuple(typed["products"]),
            is_public,
            () if is_public else tuple(typed["plan_keys"]),
        )


def typed_of(words: Words, revision: int) -> dict[str, Any]:
    """What stands in the form of an article that is opened."""
    return {
        "title": words.title,
        "summary": words.summary,
        "body": words.body,
        "products": list(words.products),
        "readers": EVERYBODY if words.is_public else PLANS,
        "plan_keys": list(words.plan_keys),
        "revision": revision,
    }


class VoteForm(forms.Form):
    """Whether it helped, and what was missing."""

    helped = forms.ChoiceField(
        choices=[("yes", "yes"), ("no", "no")],
        error_messages={"required": _("Say yes or no."), "invalid_choice": _("Say yes or no.")},
    )
    comment = forms.CharField(
        label=_("What was missing, or what helped?"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )


class PublicationForm(forms.Form):
    """What is new in this version, and which words were read."""

    change = forms.CharField(
        label="What is new in it", required=False, max_length=200, help_text="For colleagues."
    )
    revision = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=1,
        error_messages={"required": "Open the page again."},
    )


class ReturnForm(forms.Form):
    """What should be mended."""

    because = forms.CharField(
        label="What should be mended",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what should be mended."},
    )


class RetirementForm(forms.Form):
    """Why nobody needs it any more."""

    because = forms.CharField(
        label="Why", max_length=500, error_messages={"required": "Say why readers lose it."}
    )
