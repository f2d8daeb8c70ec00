"""Links to files that were used."""

from django.db import models


class SpentLink(models.Model):
    """A download link's random part, written by the one download it was good for.

    Two uses at once meet at the key: one row, one download. Written by
    tickets.operations.downloads, and forgotten when no download by it could go on any more.
    """

    key = models.CharField(max_length=22, primary_key=True)
    spent_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
