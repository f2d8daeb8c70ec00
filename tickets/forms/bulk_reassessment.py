"""Deciding on many deadlines at once."""

from django import forms


class BulkReassessmentForm(forms.Form):
    """Why they are re-assessed; what the effects were shown of comes along."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Reason",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Each customer sees this on the ticket.",
        error_messages={"required": "Say why: each customer sees the reason."},
    )
