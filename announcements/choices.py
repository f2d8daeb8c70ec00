"""The words of announcements: what they are, how much they matter, and to whom."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

# Who wrote about a product within so long is taken to use it.
USES_FOR = timedelta(days=365)


class Kind(models.TextChoices):
    """What is announced."""

    NOTICE = "notice", _("Service notice")
    PROBLEM = "problem", _("Known problem")


class Level(models.IntegerChoices):
    """How much it matters; the higher stands above."""

    INFORMATION = 1, _("For your information")
    IMPORTANT = 2, _("Important")
    URGENT = 3, _("Act now")


class Audience(models.TextChoices):
    """Whom it concerns."""

    EVERYBODY = "everybody", "Everybody, also without signing in"
    CUSTOMERS = "customers", "All customers"
    PLANS = "plans", "Customers under a contract of these plans"
    PRODUCTS = "products", "Customers who wrote to us about these products within a year"
    CHOSEN = "chosen", "These customers"
    STAFF = "staff", "Our own people"
