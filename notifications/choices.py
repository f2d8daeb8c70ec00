"""The words of notices: what they are about, and how they reach somebody by mail."""

from django.db import models


class Reach(models.TextChoices):
    """How one kind of happening reaches a person by e-mail; the portal shows every notice."""

    EACH = "each", "Each at once"
    DIGEST = "digest", "In the digest"
    NONE = "none", "Not by e-mail"


class Topic(models.TextChoices):
    """What a notice is about, as people choose by it; `topics` says which kind belongs where."""

    ANSWERS = "answers", "Answers and messages"
    CHANGES = "changes", "Changes of a ticket"
    WORK = "work", "Work given to you"
    ESCALATION = "escalation", "Promises and escalations"
    ROSTER = "roster", "The roster"
    ACCOUNT = "account", "Plans and premium incidents"
    SERVICE = "service", "Service notices and known problems"
    OTHER = "other", "Everything else"


class Weekday(models.IntegerChoices):
    """A day of the week, counted as Python counts."""

    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"
