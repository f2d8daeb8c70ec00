"""Whether somebody of a company can be reached whenever its plan is covered."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from entitlements.models import Contract, SeatHolding
from sla.models import CalendarVersion


@dataclass(frozen=True, slots=True)
class Continuity:
    """Who of the technical contacts can be called, by day and at night.

    `is_needed` when the contract covers a severity around the clock: then a call at night without
    anybody to call back stops the work. Source: domain, contact seats.
    """

    is_needed: bool
    by_day: list[str]
    at_night: list[str]

    @property
    def warning(self) -> str:
        """What is wrong, in the reader's words; empty when nothing is."""
        if not self.by_day:
            return gettext(
                "No technical contact can be reached: nobody can file a premium incident, and we "
                "have nobody to call."
            )
        if self.is_needed and not self.at_night:
            return gettext(
                "Your plan is covered around the clock, but no technical contact may be called at "
                "night or at weekends. If we have a question then, work stops until morning."
            )
        return ""

    @property
    def hint(self) -> str:
        """What would be better, when nothing is wrong yet."""
        if self.is_needed and len(self.at_night) == 1:
            said = gettext("At night only %(name)s can be reached. A second person is safer.")
            return said % {"name": self.at_night[0]}
        return ""


def continuity_of(contract: Contract, seats: Iterable[SeatHolding]) -> Continuity:
    """Judge a contract by its present seats, loaded with their people; one query.

    Somebody can be reached who may sign in and has left a number.
    """
    calendars = contract.edition.service_levels.values("calendar")
    newest = CalendarVersion.objects.filter(calendar__in=calendars)
    versions = newest.order_by("calendar_id", "-number").distinct("calendar_id")
    reachable = [one.membership for one in seats if one.membership.can_be_called]
    return Continuity(
        is_needed=any(one.schedule().is_always_open for one in versions),
        by_day=[one.user.name for one in reachable],
        at_night=[one.user.name for one in reachable if one.can_be_called_at_night],
    )
