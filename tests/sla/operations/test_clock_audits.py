"""The self-audit: begun once a night, done in slices, taken over from the dead, told once."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.choices import Role
from accounts.errors import NotAllowed
from accounts.models import User
from notifications.models import Notice
from sla import clock_audit
from sla.choices import ClockEventKind
from sla.clock_audit import audit_stretch, continue_audits, judge_clocks
from sla.clock_check import ClockCheck
from sla.errors import AuditConflict
from sla.long_runs import MOST_FAILURES, LeaseLost, commit_stretch, work_slice
from sla.models import AuditFinding, Clock, ClockAudit, ClockEvent
from sla.operations import database_now
from sla.operations.clock_audits import begin_nightly_audit, night_of, request_clock_audit
from sla.periodic import audit_clocks
from tests.factories.clocks import make_clock
from tests.factories.entitlements import make_staff_member
from tests.racing import race

pytestmark = pytest.mark.django_db

# Tue 10 Mar 2026, 10:00 ET.
TEN = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def clocks(catalogue: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> list[Clock]:
    """Seven clocks, looked at two at a time."""
    monkeypatch.setattr(clock_audit, "STRETCH", 2)
    return [make_clock("high", 4 * HOUR, TEN + number * HOUR) for number in range(7)]


def spoil(clock: Clock) -> None:
    Clock.objects.filter(pk=clock.pk).update(due_at=TEN + 99 * HOUR)


def die_after(stretches: int) -> Callable[[ClockAudit], None]:
    """Do so many stretches, then end as a killed worker does: the lease stays taken."""
    left = [stretches]

    def stretch(audit: ClockAudit) -> None:
        if not left[0]:
            raise SystemExit
        left[0] -= 1
        audit_stretch(audit, judge=judge_clocks())

    return stretch


def die_in(audit: ClockAudit, stretches: int) -> None:
    with pytest.raises(SystemExit):
        work_slice(audit, die_after(stretches))


@pytest.mark.parametrize(
    ("now", "night"),
    [
        (datetime(2026, 3, 10, 5, 59, tzinfo=UTC), date(2026, 3, 9)),  # 01:59 in New York
        (datetime(2026, 3, 10, 6, 0, tzinfo=UTC), date(2026, 3, 10)),  # 02:00
        (datetime(2026, 3, 8, 7, 0, tzinfo=UTC), date(2026, 3, 8)),  # 02:00 became 03:00
        (datetime(2026, 3, 8, 6, 59, tzinfo=UTC), date(2026, 3, 7)),
    ],
)
def test_a_night_begins_at_two_by_the_vendors_clock(now: datetime, night: date) -> None:
    assert night_of(now) == night


def test_a_night_is_audited_once(clocks: list[Clock]) -> None:
    first = begin_nightly_audit(now=TEN)
    assert first is not None
    assert (first.night, first.by, first.total) == (date(2026, 3, 10), None, 7)
    while continue_audits():
        pass

    assert begin_nightly_audit(now=TEN + HOUR) is None
    tomorrow = begin_nightly_audit(now=TEN + 24 * HOUR)
    assert tomorrow is not None
    assert tomorrow.night == date(2026, 3, 11)


def test_an_audit_looks_at_every_clock_and_tells_nobody_when_all_agree(
    clocks: list[Clock], administrator: User
) -> None:
    audit = request_clock_audit(by=administrator)
    make_clock("high", HOUR, TEN)  # Filed meanwhile: the next audit's.

    while continue_audits():
        pass

    audit.refresh_from_db()
    assert audit.is_complete
    assert (audit.done, audit.total, audit.troubled, audit.percent) == (7, 7, 0, 100)
    assert (audit.lease, audit.leased_until) == (None, None)
    assert not Notice.objects.exists()


def test_administrators_and_duty_leads_are_told_once_of_what_differs(
    clocks: list[Clock], administrator: User, duty_lead: User, engineer: User
) -> None:
    spoil(clocks[2])
    spoil(clocks[5])
    ClockEvent.objects.create(clock=clocks[6], kind="exploded", at=TEN)
    audit = request_clock_audit(by=duty_lead)

    while continue_audits():
        pass

    audit.refresh_from_db()
    assert (audit.done, audit.differing, audit.raising) == (7, 2, 1)
    found = AuditFinding.objects.filter(audit=audit).values_list("clock_id", "field")
    assert set(found) == {
        (clocks[2].pk, "due_at"),
        (clocks[5].pk, "due_at"),
        (clocks[6].pk, "error"),
    }
    told = Notice.objects.filter(kind="clock_audit")
    assert set(told.values_list("recipient__name", flat=True)) == {
        administrator.name,
        duty_lead.name,
    }
    assert {one.subject for one in told} == {"3 clocks differ from their events"}
    assert {one.path for one in told} == {f"/clock-audits/{audit.pk}/"}


def test_it_mends_nothing(clocks: list[Clock], administrator: User) -> None:
    spoil(clocks[2])
    request_clock_audit(by=administrator)
    while continue_audits():
        pass

    assert Clock.objects.get(pk=clocks[2].pk).due_at == TEN + 99 * HOUR
    assert set(ClockEvent.objects.values_list("kind", flat=True)) == {ClockEventKind.STARTED}


def test_one_audit_runs_at_a_time(clocks: list[Clock], administrator: User) -> None:
    request_clock_audit(by=administrator)

    with pytest.raises(AuditConflict):
        request_clock_audit(by=administrator)
    assert begin_nightly_audit(now=TEN) is None
    assert ClockAudit.objects.count() == 1


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.ANALYST, Role.TAM])
def test_others_have_none_made(role: Role) -> None:
    with pytest.raises(NotAllowed):
        request_clock_audit(by=make_staff_member("Somebody Else", role))
    assert not ClockAudit.objects.exists()


def test_a_killed_workers_audit_goes_on_where_it_was(
    clocks: list[Clock], administrator: User
) -> None:
    spoil(clocks[0])
    spoil(clocks[6])
    audit = request_clock_audit(by=administrator)
    die_in(audit, 2)

    assert not continue_audits()  # The dead one's lease still holds.
    audit.refresh_from_db()
    assert (audit.done, audit.differing) == (4, 1)
    ClockAudit.objects.update(leased_until=database_now() - timedelta(seconds=1))
    while continue_audits():
        pass

    audit.refresh_from_db()
    assert (audit.is_complete, audit.done, audit.differing) == (True, 7, 2)
    assert audit.findings.count() == 2


def test_one_who_lost_the_lease_writes_nothing(clocks: list[Clock], administrator: User) -> None:
    spoil(clocks[0])
    spoil(clocks[2])
    audit = request_clock_audit(by=administrator)
    die_in(audit, 1)
    slow = ClockAudit.objects.get()
    ClockAudit.objects.update(leased_until=database_now() - timedelta(seconds=1))
    while continue_audits():
        pass

    with pytest.raises(LeaseLost):
        audit_stretch(slow, judge=judge_clocks())
    with pytest.raises(LeaseLost):
        commit_stretch(slow, position=slow.last, done=1)
    assert ClockAudit.objects.get().done == 7
    assert AuditFinding.objects.count() == 2


def test_an_audit_that_keeps_failing_is_given_up(
    clocks: list[Clock], administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: object, after: int, until: int) -> None:
        raise ZeroDivisionError("no clocks")

    audit = request_clock_audit(by=administrator)
    monkeypatch.setattr(ClockCheck, "check", fail)
    for _ in range(MOST_FAILURES):
        assert not continue_audits()

    audit.refresh_from_db()
    assert (audit.is_given_up, audit.is_complete) == (True, False)
    assert audit.trouble == "ZeroDivisionError: no clocks"
    assert ClockAudit.objects.latest_complete() is None


def test_findings_are_kept_up_to_a_bound_and_counted_beyond(
    clocks: list[Clock], administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ClockAudit, "MOST_FINDINGS", 3)
    for clock in clocks:
        spoil(clock)
    audit = request_clock_audit(by=administrator)
    while continue_audits():
        pass

    audit.refresh_from_db()
    assert (audit.differing, audit.findings.count()) == (7, 3)


def test_the_beat_entry_begins_the_night_and_does_it(clocks: list[Clock]) -> None:
    audit_clocks()

    audit = ClockAudit.objects.get()
    assert audit.night == night_of(database_now())
    assert audit.is_complete


def test_the_command_says_how_many_agree(
    clocks: list[Clock], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("audit_clocks")

    assert capsys.readouterr().out == "7 clocks replayed: 0 differ, 0 cannot be replayed.\n"
    assert ClockAudit.objects.get().by is None


def test_the_command_ends_with_one_when_a_clock_differs(
    clocks: list[Clock], capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(clocks[3])

    with pytest.raises(SystemExit) as ended:
        call_command("audit_clocks")

    assert ended.value.code == 1
    assert capsys.readouterr().out == (
        "7 clocks replayed: 1 differ, 0 cannot be replayed.\n"
        f"clock {clocks[3].pk}: due_at is 2026-03-14T17:00:00+00:00, "
        "replay says 2026-03-10T21:00:00+00:00\n"
    )


def test_the_command_leaves_an_audit_under_way_alone(
    clocks: list[Clock], administrator: User
) -> None:
    request_clock_audit(by=administrator)

    with pytest.raises(CommandError, match="under way") as ended:
        call_command("audit_clocks")
    assert ended.value.returncode == 2


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_two_o_clock_begin_one_audit(catalogue: dict[str, Any]) -> None:
    make_clock("high", HOUR, TEN)

    outcomes = race(*[lambda: begin_nightly_audit(now=TEN)] * 2)

    assert sorted(one is None for one in outcomes) == [False, True]
    assert ClockAudit.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_each_stretch_once(catalogue: dict[str, Any]) -> None:
    clocks = [make_clock("high", HOUR, TEN) for _ in range(4)]
    spoil(clocks[1])
    begin_nightly_audit(now=TEN)

    race(continue_audits, continue_audits)
    while continue_audits():
        pass

    audit = ClockAudit.objects.get()
    assert (audit.is_complete, audit.done, audit.differing) == (True, 4, 1)
