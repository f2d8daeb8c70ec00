"""How it went."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.languages import in_words
from tickets.choices import Score


class RatingForm(forms.Form):
    """One of three, and a word if somebody likes."""

    score = forms.TypedChoiceField(
        label=_("How did it go?"),
        coerce=lambda value: Score(int(value)),
        choices=in_words(Score.choices),
        error_messages={
            "required": _("Choose one of the three."),
            "invalid_choice": _("Choose one of the three."),
        },
    )
    comment = forms.CharField(
        required=False,
        max_length=2000,
        label=_("Would you like to say more?"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
