"""What is wrong with the anti-virus databases, and which build is the latest."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from tickets.choices import Finding
from tickets.models.ticket import Ticket


class DatabaseBuildQuerySet(models.QuerySet["DatabaseBuild"]):
    """Questions about builds."""

    def latest_published(self) -> "DatabaseBuild | None":
        return self.order_by("-published_at", "-pk").first()


class DatabaseBuild(models.Model):
    """A published build of the anti-virus databases, by the label that products show.

    Written by tickets.operations.database_builds.
    """

    label = models.CharField(max_length=40, unique=True)
    published_at = models.DateTimeField()
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects: ClassVar[DatabaseBuildQuerySet] = DatabaseBuildQuerySet.as_manager()  # type: ignore[assignment]  # a manager of its methods

    class Meta:
        ordering = ("-published_at", "-pk")

    def __str__(self) -> str:
        return self.label


class DatabaseRelease(models.Model):
    """What a customer told of a false alarm, or of malware that was missed.

    `hashes` are hexadecimal: MD5, SHA-1 or SHA-256. Written once, by file_ticket.
    """

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="database_release")
    finding = models.CharField(max_length=14, choices=Finding.choices)
    build = models.CharField(max_length=40)
    built_on = models.DateField(null=True, blank=True)
    detected_where = models.CharField(max_length=200)
    detected_how = models.CharField(max_length=200, blank=True)
    hashes = ArrayField(models.CharField(max_length=64), default=list, blank=True)

    def __str__(self) -> str:
        return f"{self.get_finding_display()}, {self.build}"
