"""What a view of the queue is called, and who sees it."""

from django import forms

from tickets.models.queue_view import LONGEST_NAME


class QueueViewForm(forms.Form):
    """A name, and whether the team has the view too."""

    name = forms.CharField(
        label="Name",
        max_length=LONGEST_NAME,
        error_messages={"required": "Give the view a name."},
    )
    is_shared = forms.BooleanField(label="Share it with the team", required=False)
