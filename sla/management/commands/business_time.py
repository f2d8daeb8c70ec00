"""The auditor's door to business time: JSON lines on standard input, answers line by line."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand

from sla.business_time_lines import answer_line


class Command(BaseCommand):
    """Reads standard input to its end. Needs no database. The format is in docs/time.md."""

    help = "Answer questions about deadlines and elapsed business time, one JSON object a line."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for line in sys.stdin.buffer:
                if line.strip():
                    self.stdout.write(answer_line(line))
                    # At once, so that a program may ask its next question after this answer.
                    self.stdout.flush()
        except BrokenPipeError:
            # Whoever asked has heard enough, as `head` has. Nothing of ours is left to be written.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
