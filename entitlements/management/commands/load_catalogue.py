"""Load the plan catalogue."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from entitlements.errors import CatalogueConflict
from entitlements.operations.catalogue import load_catalogue

CATALOGUE = Path(__file__).resolve().parents[2] / "catalogue" / "catalogue.json"


class Command(BaseCommand):
    help = "Put the plan catalogue into the database; safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            editions = load_catalogue(json.loads(CATALOGUE.read_text(encoding="utf-8")))
        except CatalogueConflict as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{len(editions)} editions are in place.")
