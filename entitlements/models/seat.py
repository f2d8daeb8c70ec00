"""Contact seats: who holds and who held them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from entitlements.models.contract import Contract
from entitlements.models.customer import Membership
from entitlements.querysets import SeatHoldingQuerySet


class SeatHolding(models.Model):
    """A member holds one of the contract's contact seats from an instant to another.

    The limit is the database's: a trigger counts the open rows into Contract.seats_held, under
    the contract's row lock, and a check constraint there refuses one too many. Rows are ended,
    never deleted: swaps keep history. Written by entitlements.operations.seats.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="seat_holdings")
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="seat_holdings"
    )
    held_from = models.DateTimeField()
    held_until = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects: ClassVar[models.Manager["SeatHolding"]] = SeatHoldingQuerySet.as_manager()

    class Meta:
        ordering = ("contract", "held_from", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("contract", "membership"),
                condition=Q(held_until__isnull=True),
                name="a_contact_holds_one_seat_of_a_contract",
            ),
            models.CheckConstraint(
                condition=Q(held_until__isnull=True) | Q(held_until__gte=F("held_from")),
                name="a_seat_is_given_before_it_is_taken_back",
            ),
        )

    def __str__(self) -> str:
        return f"{self.membership.user} on {self.contract}"
