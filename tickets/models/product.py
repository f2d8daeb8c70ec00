"""What customers file tickets about."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse


class ProductQuerySet(models.QuerySet["Product"]):
    """Questions about products."""

    def offered(self) -> "ProductQuerySet":
        """Those that can be chosen for a new ticket."""
        return self.filter(retired_at__isnull=True)


class Product(models.Model):
    """A product and the versions that are supported, newest first.

    Neither is ever deleted: what is retired stays on the tickets it was chosen for, and is not
    offered any more. Written by tickets.operations.products.
    """

    name = models.CharField(max_length=80, unique=True)
    versions = ArrayField(models.CharField(max_length=40), default=list)
    retired_versions = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Product"]] = ProductQuerySet.as_manager()

    class Meta:
        ordering = ("order", "name")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("product", args=[self.pk])
