"""What customers file tickets about."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Product(models.Model):
    """A product and the versions that are supported, newest first."""

    name = models.CharField(max_length=80, unique=True)
    versions = ArrayField(models.CharField(max_length=40), default=list)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "name")

    def __str__(self) -> str:
        return self.name
