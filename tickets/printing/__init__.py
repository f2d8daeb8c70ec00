"""A ticket on paper: typeset from what its customer may read, and nothing else."""

from tickets.printing.ticket import print_ticket

__all__ = ["print_ticket"]
