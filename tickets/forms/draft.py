"""What a form's script says of itself when it keeps a draft."""

from django import forms

from tickets.choices import DraftKind


class DraftForm(forms.Form):
    """Which draft it is, from which form, which words it has seen, and the name of the new."""

    draft = forms.TypedChoiceField(choices=DraftKind.choices, coerce=DraftKind)
    submission_key = forms.UUIDField()
    draft_seen = forms.UUIDField(required=False)
    draft_revision = forms.UUIDField(required=False)
