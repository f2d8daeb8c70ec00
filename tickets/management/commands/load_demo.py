"""Load the demo's data."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tickets.demo.loading import NotEmpty, load_history, write_people_file
from tickets.demo.opening import file_breaching_ticket
from tickets.demo.plan import ALL_TICKETS

# Enough for every company to have some, whatever happens to whom.
FEWEST_TICKETS = 60


class Command(BaseCommand):
    help = "Load thirteen months of demo data once, and a ticket that is about to be late."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people-file", type=Path, help="where to write who can sign in")
        parser.add_argument("--seed", type=int, default=1, help="same seed, same data")
        parser.add_argument("--tickets", type=int, default=ALL_TICKETS, help="how many")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IN_PRODUCTION:
            raise CommandError("The demo's people share a known password: not in production.")
        if options["tickets"] < FEWEST_TICKETS:
            raise CommandError(f"--tickets must be {FEWEST_TICKETS} or more.")
        began = timezone.now()
        try:
            # One of them is the ticket that is about to be late.
            count = load_history(seed=options["seed"], count=options["tickets"] - 1, now=began)
        except NotEmpty as error:
            raise CommandError(str(error)) from error
        ticket = file_breaching_ticket(now=timezone.now())
        if options["people_file"]:
            write_people_file(options["people_file"])
        took = (timezone.now() - began).total_seconds()
        told = f"{count + 1} tickets were filed" if count else "Found the data of an earlier start"
        if ticket is not None:
            told += f"; {ticket.reference} misses its deadline in a minute and a half"
        self.stdout.write(f"{told} ({took:.0f} s).")
