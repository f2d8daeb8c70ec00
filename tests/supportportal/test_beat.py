"""Beat fires by steady time, and its ticks outlive a difference between machines' clocks."""

from datetime import timedelta
from pathlib import Path

from supportportal.beat import SteadyScheduler, every, steady_now
from supportportal.celery import app, schedule


def scheduler(path: Path) -> SteadyScheduler:
    beat = SteadyScheduler(app, schedule_filename=str(path / "schedule"), lazy=True)
    beat.setup_schedule()
    return beat


def test_a_tick_is_valid_for_longer_than_clocks_may_differ() -> None:
    ten_minutes = 600
    assert all(entry["options"]["expires"] > ten_minutes for entry in schedule.values())


def test_an_interval_is_due_when_it_has_passed() -> None:
    interval = every(10)
    now = steady_now()
    assert not interval.is_due(now - timedelta(seconds=5)).is_due
    assert interval.is_due(now - timedelta(seconds=11)).is_due


def test_a_time_to_come_that_a_fast_clock_left_behind_is_not_waited_for(tmp_path: Path) -> None:
    fast = scheduler(tmp_path)
    fast.schedule["watch-clocks"].last_run_at = steady_now() + timedelta(minutes=10)
    fast.close()

    beat = scheduler(tmp_path)
    remembered = beat.schedule["watch-clocks"].last_run_at
    beat.close()

    assert remembered is not None
    assert remembered <= steady_now()


def test_what_was_fired_is_remembered(tmp_path: Path) -> None:
    an_hour_ago = steady_now() - timedelta(hours=1)
    before = scheduler(tmp_path)
    before.schedule["plan-coming-shifts"].last_run_at = an_hour_ago
    before.close()

    beat = scheduler(tmp_path)
    remembered = beat.schedule["plan-coming-shifts"].last_run_at
    beat.close()

    assert remembered == an_hour_ago
