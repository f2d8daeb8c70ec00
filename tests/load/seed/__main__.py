"""Fill an empty database: `python -m tests.load.seed --tickets 1000000`."""

import argparse
import os
import sys
import time

import django


def main() -> int:
    """Migrate, load the catalogue, load the history. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.seed", description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportportal.settings")
    django.setup()
    fill(given.tickets, given.seed)
    return 0


def fill(tickets: int, seed: int) -> None:
    """Bring an empty database to so many tickets, with progress on the terminal."""
    # Once Django is set up.
    from django.core.management import call_command

    from tests.load.seed.loading import load, settle

    began = time.monotonic()

    def say(what: str) -> None:
        sys.stdout.write(f"{time.monotonic() - began:7.1f} s  {what}\n")
        sys.stdout.flush()

    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_catalogue")
    load(tickets=tickets, seed=seed, say=say)
    settle()
    say("settled")


if __name__ == "__main__":
    sys.exit(main())
