"""Who has acknowledged an escalation, and so is told no more of it for now."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.db.models import F, QuerySet

from accounts.compiled import Compiled
from sla.models import Clock, StepAcknowledgement, StepRecord


def silenced_by(records: Sequence[StepRecord]) -> dict[int, set[int]]:
    """By record, the keys of the people who have acknowledged what it would tell; one query."""
    of_clock: dict[int, list[StepAcknowledgement]] = defaultdict(list)
    found = StepAcknowledgement.objects.filter(
        record__clock__in=[record.clock_id for record in records]
    ).select_related("record__step")
    for one in found:
        of_clock[one.record.clock_id].append(one)
    return {
        record.pk: {one.person_id for one in of_clock[record.clock_id] if one.covers(record)}
        for record in records
    }


def standing_acknowledgements(clocks: Iterable[Clock]) -> dict[int, list[StepAcknowledgement]]:
    """By running clock, who has acknowledged the newest step that was acted on; oldest first.

    No query without a running clock, one where nobody has acknowledged anything, else two.
    """
    of_clock: dict[int, list[StepAcknowledgement]] = defaultdict(list)
    running = [clock.pk for clock in clocks if clock.stopped_at is None]
    for one in _present(running) if running else ():
        of_clock[one.record.clock_id].append(one)
    newest = _newest_acted(of_clock)
    return {
        clock: kept for clock, found in of_clock.items() if (kept := standing(found, newest[clock]))
    }


def acknowledgements_of(clock: Clock) -> list[StepAcknowledgement]:
    """All of a clock's present assessment, oldest first; one query."""
    return _ACKNOWLEDGED.all([clock.pk])


def standing(found: Iterable[StepAcknowledgement], newest: StepRecord) -> list[StepAcknowledgement]:
    """Those that still hold now that this step has been acted on; a person's newest says it all."""
    return list({one.person_id: one for one in found if one.covers(newest)}.values())


def _present(clocks: Collection[int]) -> QuerySet[StepAcknowledgement]:
    return (
        StepAcknowledgement.objects.filter(
            record__clock__in=clocks, record__assessment=F("record__clock__assessment")
        )
        .select_related("record__step", "person")
        .order_by("at", "pk")
    )


_ACKNOWLEDGED = Compiled(_present)


def _newest_acted(clocks: Collection[int]) -> dict[int, StepRecord]:
    if not clocks:
        return {}
    records = (
        StepRecord.objects.filter(clock__in=clocks, acted=True, assessment=F("clock__assessment"))
        .select_related("step")
        .order_by("clock_id", "-due_at", "-pk")
        .distinct("clock_id")
    )
    return {record.clock_id: record for record in records}
