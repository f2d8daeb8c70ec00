"""Switching our own objectives on and off."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from entitlements.choices import Severity
from entitlements.models import Edition, Objective
from entitlements.permissions import can_administer
from sla.choices import Obligation
from sla.wording import span_sentence

LONGEST = timedelta(days=365)

type Wanted = Mapping[tuple[Severity, Obligation], timedelta | None]


@transaction.atomic
def set_objectives(
    edition: Edition, wanted: Wanted, *, by: User, now: datetime | None = None
) -> int:
    """Switch objectives of an edition's service levels on, off, or to another target.

    None switches off; what is not named stays. Tickets on their way keep the clocks they have.
    Units: covered time. Raises: NotAllowed, InvalidInput. Effects: Objectives, one audit row when
    something changed; the answer says how many did. Source: domain, Clocks.
    """
    if not can_administer(by):
        raise NotAllowed("Only an administrator changes objectives.")
    levels = {level.severity: level for level in edition.service_levels.select_for_update()}
    present = {
        (one.service_level.severity, one.obligation): one
        for one in Objective.objects.filter(service_level__edition=edition).select_related(
            "service_level__edition"
        )
    }
    changes: dict[str, list[str]] = {}
    for (severity, obligation), target in wanted.items():
        if obligation not in Objective.OBLIGATIONS or severity not in levels:
            raise InvalidInput("Choose an objective of this edition.")
        if target is not None and not timedelta(0) < target <= LONGEST:
            raise InvalidInput("Give a time of up to a year of covered hours.")
        one = present.get((severity, obligation))
        before = one.target if one is not None else None
        if before == target:
            continue
        changes[f"{severity.label}, {obligation.label.lower()}"] = [_said(before), _said(target)]
        if one is None:
            Objective.objects.create(
                service_level=levels[severity], obligation=obligation, target=target
            )
        elif target is None:
            one.delete()
        else:
            one.target = target
            one.save(update_fields=["target"])
    if changes:
        record_change("objectives changed", edition, by=by, changes=changes, now=now)
    return len(changes)


def _said(target: timedelta | None) -> str:
    return "off" if target is None else span_sentence(target)
