"""How a person wants to be told by e-mail, as a form."""

from datetime import time
from typing import Any

from django import forms
from django.forms import BoundField

from accounts.models import User
from notifications.choices import Reach, Topic, Weekday
from notifications.models import Preferences
from notifications.topics import topics_for


def _clock_face(**attributes: str) -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"} | attributes)


class MailPreferencesForm(forms.Form):
    """One choice for each topic that concerns the person, the digest's time, quiet hours."""

    digest_at = forms.TimeField(
        label="The digest comes at",
        widget=_clock_face(),
        error_messages={"invalid": "Write a time such as 08:00."},
    )
    quiet_from = forms.TimeField(
        label="From",
        required=False,
        widget=_clock_face(),
        error_messages={"invalid": "Write a time such as 19:00."},
    )
    quiet_until = forms.TimeField(
        label="Until",
        required=False,
        widget=_clock_face(),
        error_messages={"invalid": "Write a time such as 07:00."},
    )
    quiet_days = forms.TypedMultipleChoiceField(
        label="Beginning on",
        choices=[(str(day.value), day.label) for day in Weekday],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._topics = topics_for(user)
        for topic, text in self._topics.items():
            self.fields[topic.value] = forms.ChoiceField(
                label=topic.label,
                help_text=text,
                choices=Reach.choices,
                widget=forms.RadioSelect,
            )

    @staticmethod
    def initial_of(preferences: Preferences) -> dict[str, Any]:
        """Return the form's values as a person has chosen them."""
        return {
            "digest_at": preferences.digest_at,
            "quiet_from": preferences.quiet_from,
            "quiet_until": preferences.quiet_until,
            "quiet_days": [str(day) for day in preferences.quiet_days],
        } | {topic.value: preferences.reach_of(topic).value for topic in Topic}

    @property
    def topics(self) -> list[BoundField]:
        """The fields that are one topic each."""
        return [self[topic.value] for topic in self._topics]

    @property
    def chosen(self) -> dict[str, Any]:
        """What `choose_mail` is told. Only of a valid form."""
        said = self.cleaned_data
        quiet: dict[str, time | None] = {name: said[name] for name in ("quiet_from", "quiet_until")}
        return {
            "reaches": {topic: Reach(said[topic.value]) for topic in self._topics},
            "digest_at": said["digest_at"],
            "quiet_days": said["quiet_days"],
        } | quiet
