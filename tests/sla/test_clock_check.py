"""Clocks judged many at once: what agrees, what differs, and what cannot be replayed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import F

from accounts.models import User
from sla.choices import Obligation
from sla.clock_audit import judge_clocks
from sla.clock_check import RAISED, Checked, Difference
from sla.models import Calendar, CalendarVersion, Clock, ClockEvent, Ladder
from sla.operations import (
    claim_due_steps,
    excuse_clock,
    log_call,
    overturn_stop,
    pause_clock,
    reassess_clock,
    resume_clock,
    start_clock,
    stop_clock,
)
from tests.factories.clocks import BUSINESS, make_clock, watch_on_time

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]

# Tue 10 Mar 2026, 10:00 ET.
TEN = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def look() -> Checked:
    last = Clock.objects.order_by("-pk").values_list("pk", flat=True).first()
    return judge_clocks()(0, last or 0)


@pytest.fixture
def clocks(engineer: User) -> dict[str, Clock]:
    """One of each history that operations can give a clock."""
    always, business = (Calendar.objects.get(key=key).current for key in ("always", BUSINESS))
    made = {
        "started": make_clock("high", 4 * HOUR, TEN),
        "started_closed": make_clock("medium", 8 * HOUR, TEN + 10 * HOUR, calendar=BUSINESS),
        "zero": make_clock("basic", timedelta(0), TEN + 12 * HOUR, calendar=BUSINESS),
        "stepped": make_clock("highest", 30 * MINUTE, TEN),
        "overdue": make_clock("highest", 30 * MINUTE, TEN),
        "waiting": make_clock("highest", HOUR, TEN + 4 * HOUR, waits_for_call=True),
        "called": make_clock("highest", HOUR, TEN + 4 * HOUR, waits_for_call=True),
        "stopped": make_clock("high", HOUR, TEN),
        "overturned": make_clock("high", HOUR, TEN),
        "excused": make_clock("high", HOUR, TEN),
        "reassessed": make_clock("high", 8 * HOUR, TEN, calendar=BUSINESS),
    }
    watch_on_time(made["stepped"], TEN + 12 * MINUTE)
    watch_on_time(made["overdue"], TEN + 2 * HOUR)
    log_call(made["called"], at=TEN + HOUR, by=engineer)
    stop_clock(made["stopped"], at=TEN + MINUTE, by=engineer)
    stop_clock(made["overturned"], at=TEN + MINUTE, by=engineer)
    overturn_stop(made["overturned"], at=TEN + 2 * MINUTE, by=engineer, reason="An empty answer.")
    watch_on_time(made["excused"], TEN + HOUR)
    stop_clock(made["excused"], at=TEN + 2 * HOUR, by=engineer)
    excuse_clock(made["excused"], at=TEN + 3 * HOUR, by=engineer, reason="A storm.")
    reassess_clock(
        made["reassessed"],
        calendar_version=always,
        zone="Europe/Berlin",
        target=2 * HOUR,
        counts_from=TEN + HOUR,
        latest_due_at=TEN + 2 * HOUR,
        at=TEN + HOUR,
        by=engineer,
        reason="It spreads.",
    )
    for name in ("paused", "resumed"):
        made[name] = start_clock(
            calendar_version=business,
            zone="America/New_York",
            target=3 * HOUR,
            ladder=Ladder.objects.get(key="medium"),
            at=TEN,
            obligation=Obligation.RESOLUTION,
        )
        pause_clock(made[name], at=TEN + HOUR, by=engineer, reason="Waits for logs.")
    resume_clock(made["resumed"], at=TEN + 5 * HOUR, by=engineer)
    return made


def test_clocks_that_operations_wrote_agree_with_their_events(clocks: dict[str, Clock]) -> None:
    assert look() == Checked(looked_at=len(clocks), differing=0, raising=0, differences=[])


CHANGES: list[tuple[str, str, dict[str, Any]]] = [
    ("started", "due_at", {"due_at": F("due_at") + MINUTE}),
    ("started", "due_at", {"due_at": F("due_at") - timedelta(microseconds=1)}),
    ("started", "at_risk_at", {"at_risk_at": None}),
    ("started", "next_step_at", {"next_step_at": None}),
    ("started", "started_at", {"started_at": F("started_at") - MINUTE}),
    ("started", "run_from", {"run_from": F("run_from") - MINUTE}),
    ("started", "latest_due_at", {"latest_due_at": TEN}),
    ("started", "stopped_at", {"stopped_at": TEN, "next_step_at": None}),
    ("started", "breached_at", {"breached_at": TEN}),
    ("started", "excused_at", {"excused_at": TEN}),
    ("started", "paused_at", {"paused_at": TEN}),
    ("started", "target", {"target": 5 * HOUR}),
    ("started", "left", {"left": 5 * HOUR}),
    ("started", "zone", {"zone": "Europe/London"}),
    ("started", "assessment", {"assessment": 2}),
    ("started", "waits_for_call", {"waits_for_call": True}),
    ("stepped", "next_step_at", {"next_step_at": F("next_step_at") + MINUTE}),
    ("overdue", "next_step_at", {"next_step_at": F("next_step_at") + 15 * MINUTE}),
    ("overdue", "breached_at", {"breached_at": None}),
    ("called", "due_at", {"due_at": TEN + 5 * HOUR}),
    ("called", "waits_for_call", {"waits_for_call": True}),
    ("stopped", "stopped_at", {"stopped_at": None}),
    ("overturned", "stopped_at", {"stopped_at": TEN + MINUTE, "next_step_at": None}),
    ("excused", "excused_at", {"excused_at": None}),
    ("reassessed", "assessment", {"assessment": 1}),
    ("reassessed", "zone", {"zone": "America/New_York"}),
    ("reassessed", "latest_due_at", {"latest_due_at": None}),
    ("resumed", "left", {"left": 3 * HOUR}),
    ("paused", "due_at", {"due_at": TEN + 9 * HOUR}),
]


@pytest.mark.parametrize(
    ("name", "field", "change"), CHANGES, ids=[f"{one[0]}-{one[1]}" for one in CHANGES]
)
def test_each_field_that_was_changed_behind_the_events_is_found(
    clocks: dict[str, Clock], name: str, field: str, change: dict[str, Any]
) -> None:
    Clock.objects.filter(pk=clocks[name].pk).update(**change)

    found = look()

    assert (found.looked_at, found.differing, found.raising) == (len(clocks), 1, 0)
    assert field in {one.field for one in found.differences}
    assert {one.clock for one in found.differences} == {clocks[name].pk}


def test_a_difference_says_what_is_stored_and_what_replay_says(clocks: dict[str, Clock]) -> None:
    Clock.objects.filter(pk=clocks["started"].pk).update(due_at=TEN + 5 * HOUR)

    assert look().differences == [
        Difference(
            clocks["started"].pk,
            "due_at",
            "2026-03-10T19:00:00+00:00",
            "2026-03-10T18:00:00+00:00",
        )
    ]


def test_another_calendar_version_is_found_although_its_hours_are_the_same(
    clocks: dict[str, Clock],
) -> None:
    version = Clock.objects.get(pk=clocks["started"].pk).calendar_version
    again = CalendarVersion.objects.create(
        calendar=version.calendar, number=99, zone=version.zone, windows=version.windows
    )
    Clock.objects.filter(pk=clocks["started"].pk).update(calendar_version=again)

    assert [one.field for one in look().differences] == ["calendar_version"]


def test_an_event_that_nobody_stored_is_found(clocks: dict[str, Clock], engineer: User) -> None:
    ClockEvent.objects.create(clock=clocks["started"], kind="stopped", at=TEN, by=engineer)

    fields = {one.field for one in look().differences}

    assert fields == {"stopped_at", "next_step_at"}


def test_the_next_look_of_a_clock_set_aside_is_its_own(clocks: dict[str, Clock]) -> None:
    Clock.objects.filter(pk=clocks["started"].pk).update(
        next_step_at=TEN + 9 * HOUR, trouble="It raised."
    )

    assert look().differences == []


def test_a_clock_that_raises_is_a_finding_and_holds_up_nobody(clocks: dict[str, Clock]) -> None:
    ClockEvent.objects.create(clock=clocks["started"], kind="exploded", at=TEN)
    bare = Clock.objects.get(pk=clocks["started"].pk)
    bare.pk = None
    bare.save()

    found = look()

    assert (found.looked_at, found.differing, found.raising) == (len(clocks) + 1, 0, 2)
    assert {(one.clock, one.field, one.replayed) for one in found.differences} == {
        (clocks["started"].pk, RAISED, "ValueError: An event is of no kind we know."),
        (bare.pk, RAISED, "ValueError: A clock without events has no figures."),
    }


def test_late_steps_of_a_downtime_agree(clocks: dict[str, Clock]) -> None:
    claim_due_steps(clocks["waiting"], now=TEN + 30 * HOUR)

    assert look().differences == []


def test_a_stretch_begins_after_its_first_key_and_has_its_last(clocks: dict[str, Clock]) -> None:
    keys = sorted(clock.pk for clock in clocks.values())

    assert judge_clocks()(keys[0], keys[3]).looked_at == 3
    assert judge_clocks()(keys[-1], keys[-1] + 100).looked_at == 0
