"""The words for who somebody is to the vendor."""

from django.db import models
from django.utils.translation import gettext_noop


class Role(models.TextChoices):
    """A staff role; roles add up, and no right follows from a bare staff flag."""

    ENGINEER = "engineer", "Support engineer"
    ANALYST = "analyst", "Lab analyst"
    DUTY_LEAD = "duty_lead", "Duty lead"
    SUPPORT_MANAGER = "support_manager", "Support manager"
    TAM = "tam", "Technical account manager"
    ADMINISTRATOR = "administrator", "Administrator"


class TokenScope(models.TextChoices):
    """What an API token may do."""

    READ = "read", gettext_noop("Read")
    WRITE = "write", gettext_noop("Read and write")
