"""Changes of ladders: versions, clocks that keep theirs, clocks that are moved, refusals.

The clock is on "high" with four hours around the clock from Tue 10 March 10:00 ET: half at 12:00,
three quarters at 13:00, due at 14:00, then every hour. The other steps: a quarter at 11:00, half
at 12:00, due at 14:00, then every 30 minutes.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from sla.choices import Audience, ClockEventKind, Counting, StepAction
from sla.errors import LadderConflict
from sla.ladder_preview import preview_move
from sla.models import Clock, ClockEvent, Ladder, LadderStep, LadderVersion
from sla.operations import claim_due_steps, publish_ladder, reassess_clock, stop_clock
from sla.rungs import Rung
from tests.factories.clocks import make_clock, watch_on_time
from tests.factories.ladders import DEADLINE, OTHER_STEPS, change_ladder
from tests.racing import race, refusals

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
TEN = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
LEAD = (Audience.DUTY_LEAD,)


def et(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 10, hour + 4, minute, tzinfo=UTC)


@pytest.fixture
def clock(catalogue: dict[str, Any]) -> Clock:
    return make_clock("high", 4 * HOUR, TEN)


def fresh(clock: Clock) -> Clock:
    return Clock.objects.get(pk=clock.pk)


def written() -> list[Any]:
    models: tuple[Any, ...] = (LadderVersion, LadderStep, Clock, ClockEvent, AuditEvent)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_a_change_adds_a_version_with_who_and_why(clock: Clock, administrator: User) -> None:
    version = change_ladder("high", administrator, now=et(12))

    assert (version.number, version.by, version.reason) == (
        2,
        administrator,
        "Engineers asked for it.",
    )
    ladder = Ladder.objects.get(key="high")
    assert ladder.current == version
    assert [Rung.of(step) for step in version.steps.all()] == list(OTHER_STEPS)
    assert ladder.versions.get(number=1).steps.count() == 4
    audit = AuditEvent.objects.get(action="ladder changed")
    assert (audit.by, audit.subject, audit.reason) == (
        administrator,
        "High",
        "Engineers asked for it.",
    )
    assert audit.changes["version"] == [1, 2]
    assert audit.changes["open clocks moved"] == [0, 0]
    assert audit.changes["steps"][1][1] == "At 50 % of the time: the duty lead"


def test_a_clock_on_its_way_keeps_the_version_it_began_with(
    clock: Clock, administrator: User
) -> None:
    change_ladder("high", administrator, now=et(10, 30))

    assert fresh(clock).ladder_version.number == 1
    assert watch_on_time(clock, et(15)) == [
        ("at 50 % of the time", et(12)),
        ("at 75 % of the time", et(13)),
        ("at the deadline", et(14)),
        ("every hour of coverage after the deadline", et(15)),
    ]


def test_a_new_clock_climbs_the_new_version(administrator: User) -> None:
    change_ladder("high", administrator, now=et(9))
    clock = make_clock("high", 4 * HOUR, TEN)

    assert watch_on_time(clock, et(15)) == [
        ("at 25 % of the time", et(11)),
        ("at 50 % of the time", et(12)),
        ("at the deadline", et(14)),
        ("every 30 minutes after the deadline", et(14, 30)),
        ("every 30 minutes after the deadline", et(15)),
    ]
    assert clock.events.earliest("pk").ladder_version == clock.ladder_version


def test_a_moved_clock_goes_on_with_the_new_steps_and_repeats_none(
    clock: Clock, administrator: User
) -> None:
    watch_on_time(clock, et(12))
    change_ladder("high", administrator, moves_open_clocks=True, now=et(12, 30))

    event = clock.events.get(kind=ClockEventKind.LADDER_MOVED)
    assert (event.by, event.reason, event.at) == (
        administrator,
        "Engineers asked for it.",
        et(12, 30),
    )
    assert fresh(clock).replayed() == fresh(clock).figures
    # The watch looks once and finds nothing due: the quarter and the half are behind.
    assert claim_due_steps(clock, now=et(12, 30)) is None
    assert watch_on_time(clock, et(15)) == [
        ("at the deadline", et(14)),
        ("every 30 minutes after the deadline", et(14, 30)),
        ("every 30 minutes after the deadline", et(15)),
    ]


def test_a_step_that_is_due_and_not_yet_acted_on_is_not_lost(
    clock: Clock, administrator: User
) -> None:
    change_ladder("high", administrator, moves_open_clocks=True, now=et(12) + SECOND)

    record = claim_due_steps(clock, now=et(12) + SECOND)
    assert record is not None
    assert (str(record.step), record.step.version.number) == ("at 50 % of the time", 2)
    assert clock.step_records.count() == 1


def test_a_deadline_that_just_passed_is_still_recorded(clock: Clock, administrator: User) -> None:
    watch_on_time(clock, et(13))
    change_ladder("high", administrator, moves_open_clocks=True, now=et(14) + SECOND)
    claim_due_steps(clock, now=et(14) + 2 * SECOND)

    assert fresh(clock).breached_at == et(14)


def test_a_missed_clock_that_is_moved_misses_once_and_repeats_on_the_new_beat(
    clock: Clock, administrator: User
) -> None:
    watch_on_time(clock, et(15))
    change_ladder("high", administrator, moves_open_clocks=True, now=et(15, 10))
    assert claim_due_steps(clock, now=et(15, 10)) is None

    assert watch_on_time(clock, et(16)) == [
        ("every 30 minutes after the deadline", et(15, 30)),
        ("every 30 minutes after the deadline", et(16)),
    ]
    assert clock.events.filter(kind=ClockEventKind.MISSED).count() == 1
    assert list(clock.step_records.order_by("pk").values_list("occurrence", flat=True))[-2:] == [
        3,
        4,
    ]


def test_clocks_that_stopped_or_are_set_aside_are_not_moved(
    clock: Clock, administrator: User, engineer: User
) -> None:
    stopped, aside = (make_clock("high", 4 * HOUR, TEN) for _ in range(2))
    stop_clock(stopped, at=et(11), by=engineer)
    Clock.objects.filter(pk=aside.pk).update(trouble="ValueError: no figures")
    change_ladder("high", administrator, moves_open_clocks=True, now=et(11, 30))

    assert [fresh(one).ladder_version.number for one in (clock, stopped, aside)] == [2, 1, 1]
    audit = AuditEvent.objects.get(action="ladder changed")
    assert audit.changes["open clocks moved"] == [0, 1]


def test_a_reassessed_clock_climbs_the_version_of_that_moment(
    clock: Clock, administrator: User, engineer: User
) -> None:
    change_ladder("high", administrator, moves_open_clocks=True, now=et(10, 30))
    change_ladder("high", administrator, [DEADLINE], now=et(10, 40))
    reassess_clock(
        clock,
        calendar_version=clock.calendar_version,
        zone=clock.zone,
        target=HOUR,
        counts_from=et(11),
        latest_due_at=None,
        at=et(11),
        by=engineer,
        reason="It spreads.",
    )

    assert (fresh(clock).ladder_version.number, fresh(clock).ladder_from) == (3, None)
    assert watch_on_time(clock, et(15)) == [("at the deadline", et(12))]


def test_the_preview_says_what_the_move_then_does(clock: Clock, administrator: User) -> None:
    watch_on_time(clock, et(12))
    (change,) = preview_move([fresh(clock)], OTHER_STEPS, now=et(12, 30))

    assert change.before is not None
    assert change.after is not None
    assert (str(change.before.step), change.before.due_at) == ("at 75 % of the time", et(13))
    assert (str(change.after.step), change.after.due_at) == ("at the deadline", et(14))
    assert not change.is_same
    change_ladder("high", administrator, moves_open_clocks=True, now=et(12, 30))
    claim_due_steps(clock, now=et(12, 30))
    assert fresh(clock).next_step_at == change.after.due_at


@pytest.mark.parametrize(
    ("rungs", "field"),
    [
        ([replace(DEADLINE, share=Decimal("0.9"))], None),
        ([], None),
        ([DEADLINE, Rung((), share=Decimal("0.5"))], "audience_2"),
        ([DEADLINE, Rung(LEAD, share=Decimal("1.2"))], "amount_2"),
        ([DEADLINE, Rung(LEAD, share=Decimal("0.5"), repeats=True)], "repeats_2"),
        ([DEADLINE, Rung(LEAD)], "amount_2"),
        ([DEADLINE, Rung(LEAD, delay=timedelta(0))], "amount_2"),
        ([DEADLINE, Rung(LEAD, delay=timedelta(minutes=4), repeats=True)], "amount_2"),
        ([DEADLINE, DEADLINE], "amount_2"),
        ([DEADLINE, *(Rung(LEAD, delay=n * HOUR) for n in range(1, 13))], None),
    ],
)
def test_steps_that_make_no_ladder_are_refused(
    clock: Clock, administrator: User, rungs: Sequence[Rung], field: str | None
) -> None:
    before = written()
    with pytest.raises(InvalidInput) as refusal:
        change_ladder("high", administrator, rungs)

    assert refusal.value.field == field
    assert written() == before


def test_a_change_has_a_reason_and_changes_something(administrator: User) -> None:
    before = written()
    with pytest.raises(InvalidInput) as refusal:
        change_ladder("high", administrator, reason="  ")
    assert refusal.value.field == "reason"
    same = [Rung.of(step) for step in Ladder.objects.get(key="high").current.steps.all()]
    with pytest.raises(InvalidInput):
        change_ladder("high", administrator, list(reversed(same)))

    assert written() == before


@pytest.mark.parametrize("role", ["engineer", "duty_lead", "support_manager", "tam", "contact"])
def test_only_an_administrator_changes_ladders(role: str, request: pytest.FixtureRequest) -> None:
    by = request.getfixturevalue(role)
    before = written()
    with pytest.raises(NotAllowed):
        change_ladder("high", by)

    assert written() == before


def test_a_change_of_what_somebody_else_changed_meanwhile_is_refused(administrator: User) -> None:
    change_ladder("high", administrator)
    before = written()
    with pytest.raises(LadderConflict) as refusal:
        publish_ladder(
            Ladder.objects.get(key="high"),
            rungs=[DEADLINE],
            based_on=1,
            moves_open_clocks=False,
            reason="Fewer mails.",
            by=administrator,
        )

    assert "version 2 holds now" in refusal.value.message
    assert written() == before


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_one_is_refused(administrator: User) -> None:
    def change(rungs: Sequence[Rung]) -> LadderVersion:
        return publish_ladder(
            Ladder.objects.get(key="high"),
            rungs=rungs,
            based_on=1,
            moves_open_clocks=True,
            reason="Fewer mails.",
            by=administrator,
        )

    outcomes = race(lambda: change(OTHER_STEPS), lambda: change([DEADLINE]))

    assert len(refusals(outcomes, LadderConflict)) == 1
    assert Ladder.objects.get(key="high").versions.count() == 2


def test_the_database_refuses_to_change_what_a_version_says(administrator: User) -> None:
    for change in (
        lambda: LadderStep.objects.update(audience=["tam"]),
        lambda: LadderVersion.objects.update(reason="Never mind."),
        lambda: LadderStep.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_steps_are_put_into_the_order_of_time(administrator: User) -> None:
    version = change_ladder(
        "basic",
        administrator,
        [
            Rung(LEAD, delay=2 * HOUR),
            Rung(LEAD, delay=HOUR, repeats=True, counting=Counting.PLAIN),
            DEADLINE,
            Rung(LEAD, StepAction.PAGE, Decimal("0.125")),
        ],
    )

    assert [str(step) for step in version.steps.all()] == [
        "at 12.5 % of the time",
        "at the deadline",
        "every hour after the deadline",
        "2 hours of coverage after the deadline",
    ]
