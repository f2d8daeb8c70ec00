"""Bring the demo's database up to date; one process, because each start of Django costs a second.

Usage: python -m scripts.demo_data PEOPLE_FILE
"""

import os
import sys
from pathlib import Path

import django
from django.core.management import call_command


def main(people_file: str) -> None:
    """Migrate, load the catalogue and the demo data. Each step finds what it did before."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportportal.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_catalogue")
    call_command("load_demo", people_file=Path(people_file))
    call_command("load_demo_announcements")


if __name__ == "__main__":
    main(sys.argv[1])
