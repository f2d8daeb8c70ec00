"""How it went."""

from django import forms

from tickets.choices import Score


class RatingForm(forms.Form):
    """One of three, and a word if somebody likes."""

    score = forms.TypedChoiceField(
        label="How did it go?",
        coerce=lambda value: Score(int(value)),
        choices=Score.choices,
        error_messages={
            "required": "Choose one of the three.",
            "invalid_choice": "Choose one of the three.",
        },
    )
    comment = forms.CharField(
        required=False,
        max_length=2000,
        label="Would you like to say more?",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
