"""How a person wants to be told by e-mail."""

from datetime import time
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from notifications.choices import Reach, Topic, Weekday
from notifications.quiet_hours import QuietHours
from notifications.topics import TOPICS

DIGEST_AT = time(8)


class Preferences(models.Model):
    """A person's choices for e-mail; who has no row has the defaults.

    `choices` maps a topic to a reach where the person chose one. Times are local in the person's
    own zone: `digest_at` each day, quiet hours from `quiet_from` to `quiet_until` beginning on
    `quiet_days` (Monday is 0). Written by notifications.operations.preferences.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="mail_preferences",
    )
    choices = models.JSONField(default=dict)
    digest_at = models.TimeField(default=DIGEST_AT)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    quiet_days: "ArrayField[list[int], list[int]]" = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday.choices), default=list, blank=True
    )

    class Meta:
        constraints: ClassVar = (
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True, quiet_days=[])
                | (
                    Q(quiet_from__isnull=False, quiet_until__isnull=False)
                    & ~Q(quiet_from=F("quiet_until"))
                    & ~Q(quiet_days=[])
                ),
                name="quiet_hours_are_whole_or_absent",
            ),
        )

    def __str__(self) -> str:
        return f"E-mail to {self.user}"

    def reach_of(self, topic: Topic) -> Reach:
        """What the person chose for a topic, else its default."""
        chosen = self.choices.get(topic.value)
        return Reach(chosen) if chosen in Reach.values else TOPICS[topic].default

    @property
    def quiet_hours(self) -> QuietHours | None:
        if self.quiet_from is None or self.quiet_until is None:
            return None
        return QuietHours(
            self.quiet_from, self.quiet_until, tuple(self.quiet_days), self.user.timezone
        )
