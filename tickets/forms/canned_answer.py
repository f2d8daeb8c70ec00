"""A text kept for the next time."""

from typing import Any

from django import forms


class CannedAnswerForm(forms.Form):
    """Title and text, and for leads whether the desk shares it."""

    title = forms.CharField(
        label="Title",
        max_length=80,
        help_text="What you will look for: “Ask for the agent log”.",
        error_messages={"required": "Give it a title to find it by."},
    )
    body = forms.CharField(
        label="Text",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Markdown, as in an answer.",
        error_messages={"required": "Write the text."},
    )
    is_shared = forms.BooleanField(
        label="Share it with the whole desk",
        required=False,
        help_text="Otherwise only you find it.",
    )

    def __init__(self, *args: Any, can_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not can_share:
            del self.fields["is_shared"]
