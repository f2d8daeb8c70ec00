"""Load what the demo's vendor has announced."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from announcements.demo import load_announcements


class Command(BaseCommand):
    help = "Load announcements once, after load_demo."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IN_PRODUCTION:
            raise CommandError("These announcements are a story: not in production.")
        self.stdout.write(f"{load_announcements(now=timezone.now())} announcements.")
