"""The words of notices: what they are about, and how they reach somebody by mail.

Labels are English, customers' pages translate them.
"""

from django.db import models
from django.utils.translation import gettext_noop


class Reach(models.TextChoices):
    """How one kind of happening reaches a person by e-mail; the portal shows every notice."""

    EACH = "each", gettext_noop("Each at once")
    DIGEST = "digest", gettext_noop("In the digest")
    NONE = "none", gettext_noop("Not by e-mail")


class Topic(models.TextChoices):
    """What a notice is about, as people choose by it; `topics` says which kind belongs where."""

    ANSWERS = "answers", gettext_noop("Answers and messages")
    CHANGES = "changes", gettext_noop("Changes of a ticket")
    WORK = "work", "Work given to you"
    ESCALATION = "escalation", gettext_noop("Promises and escalations")
    ROSTER = "roster", "The roster"
    ACCOUNT = "account", gettext_noop("Plans and premium incidents")
    SERVICE = "service", gettext_noop("Service notices and known problems")
    OTHER = "other", gettext_noop("Everything else")


class Weekday(models.IntegerChoices):
    """A day of the week, counted as Python counts."""

    MONDAY = 0, gettext_noop("Monday")
    TUESDAY = 1, gettext_noop("Tuesday")
    WEDNESDAY = 2, gettext_noop("Wednesday")
    THURSDAY = 3, gettext_noop("Thursday")
    FRIDAY = 4, gettext_noop("Friday")
    SATURDAY = 5, gettext_noop("Saturday")
    SUNDAY = 6, gettext_noop("Sunday")
