#!/usr/bin/env python3
"""Run an administrative command of the portal."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import OperationalError

from supportportal import embedded

# These would show a traceback, or nothing, instead of the reason.
NEED_SERVERS = {"runserver", "shell", "dbshell"}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportportal.settings")
    if NEED_SERVERS & set(sys.argv[1:2]) and embedded.start_hint():
        sys.exit(embedded.start_hint())
    try:
        execute_from_command_line(sys.argv)
    except OperationalError:
        if not embedded.start_hint():
            raise
        sys.exit(embedded.start_hint())
