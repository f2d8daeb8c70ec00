"""How a person wants to be told by e-mail, as a form."""

from datetime import time
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext, gettext_lazy

from accounts.languages import in_words
from accounts.models import User
from notifications.choices import Reach, Topic, Weekday
from notifications.models import Preferences
from notifications.topics import topics_for
from notifications.webhook_events import events_for


def _clock_face(**attributes: str) -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"} | attributes)


class MailPreferencesForm(forms.Form):
    """One choice for each topic that concerns the person, the digest's time, quiet hours."""

    digest_at = forms.TimeField(
        label=gettext_lazy("The digest comes at"),
        widget=_clock_face(),
        error_messages={
            "required": gettext_lazy("Say when the digest comes, such as 08:00."),
            "invalid": gettext_lazy("Write a time such as 08:00."),
        },
    )
    quiet_from = forms.TimeField(
        label=gettext_lazy("From"),
        required=False,
        widget=_clock_face(),
        error_messages={"invalid": gettext_lazy("Write a time such as 19:00.")},
    )
    quiet_until = forms.TimeField(
        label=gettext_lazy("Until"),
        required=False,
        widget=_clock_face(),
        error_messages={"invalid": gettext_lazy("Write a time such as 07:00.")},
    )
    quiet_days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Beginning on"),
        choices=in_words((str(day.value), day.label) for day in Weekday),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._topics = topics_for(user)
        for topic, text in self._topics.items():
            self.fields[topic.value] = forms.ChoiceField(
                label=gettext(topic.label),
                help_text=gettext(text),
                choices=in_words(Reach.choices),
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


class WebhookForm(forms.Form):
    """An address to call, and what for."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("Such as: chat room of IT."),
        error_messages={"required": gettext_lazy("Give it a name you will know it by.")},
    )
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        help_text=gettext_lazy(
            "On the internet, with https. Calls are signed, so leave no secret in it."
        ),
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        error_messages={"required": gettext_lazy("Give the address to call.")},
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Called when"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )

    def __init__(self, *args: Any, owner: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        events = self.fields["events"]
        assert isinstance(events, forms.MultipleChoiceField)
        events.choices = in_words(events_for(owner).items())

    def clean_url(self) -> str:
        """Take the blanks off that copying leaves."""
        return str(self.cleaned_data["url"]).strip()
