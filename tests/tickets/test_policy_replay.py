"""A policy replayed over real tickets: nothing changed changes nothing, and each stretch counts
once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from entitlements.policy_draft import HoursDraft, LevelDraft, PolicyDraft
from entitlements.what_if import Outcome, replay_ticket
from sla.long_runs import LeaseLost, work_slice
from sla.operations import database_now
from tests.factories.clocks import watch_on_time
from tests.factories.entitlements import make_staff_member
from tests.factories.tickets import TUESDAY, make_ticket
from tests.racing import race
from tickets import policy_replay
from tickets.errors import InvalidTransition
from tickets.models import PolicyReplay, ReplayCount, ReplayFlip, Ticket
from tickets.operations.conversation import answer_ticket, overturn_answer
from tickets.operations.merging import merge_ticket
from tickets.operations.phone import log_phone_call
from tickets.operations.policy_replays import cancel_policy_replay, request_policy_replay
from tickets.operations.severity import change_severity
from tickets.policy_replay import continue_replays, replay_stretch
from tickets.policy_rules import PolicyRules, histories_of

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
# Sat 14 Mar 2026, 10:12 ET.
SATURDAY = datetime(2026, 3, 14, 14, 12, tzinfo=UTC)
NOW = TUESDAY + timedelta(days=20)
# A change that touches no clock of these tickets: nobody has a ticket of 29 February 2028.
SAME_HOURS = PolicyDraft(
    hours=HoursDraft(
        "msa-business-hours",
        {day: [["09:00", "19:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    )
)
# Severity 2 within an hour: nobody here is as quick.
AN_HOUR = PolicyDraft(levels={2: LevelDraft(target=HOUR)})


def answered(ticket: Ticket, engineer: User, after: timedelta) -> Ticket:
    answer_ticket(
        ticket, body="The cause.", qualified=True, by=engineer, now=ticket.filed_at + after
    )
    return ticket


@pytest.fixture
def tickets(contact: User, customer: Customer, engineer: User) -> list[Ticket]:
    """Five of MSA Business, High (8 working hours): answered after 2, 4 and 30 h, two not yet."""
    made = [make_ticket(contact, customer) for _ in range(5)]
    for ticket, hours in zip(made, (2, 4, 30), strict=False):
        answered(ticket, engineer, hours * HOUR)
    return made


def asked(draft: PolicyDraft, by: User, *, now: datetime = NOW) -> PolicyReplay:
    return request_policy_replay(draft, question="What if?", by=by, now=now)


def finish(replay: PolicyReplay) -> PolicyReplay:
    while continue_replays():
        pass
    replay.refresh_from_db()
    return replay


def counts(replay: PolicyReplay) -> dict[tuple[str, str], int]:
    rows = ReplayCount.objects.filter(replay=replay)
    return {(row.was, row.would): row.tickets for row in rows}


def test_other_targets_say_who_would_have_been_late(
    tickets: list[Ticket], administrator: User
) -> None:
    replay = finish(asked(AN_HOUR, administrator))

    assert (replay.is_complete, replay.done, replay.total) == (True, 5, 5)
    assert counts(replay) == {("met", "missed"): 2, ("missed", "missed"): 3}
    flips = ReplayFlip.objects.filter(replay=replay).order_by("ticket_id")
    assert [flip.ticket for flip in flips] == tickets[:2]
    assert {(flip.was, flip.would) for flip in flips} == {("met", "missed")}
    assert flips[0].was_due_at == datetime(2026, 3, 10, 23, 0, tzinfo=UTC)  # 19:00 ET
    assert flips[0].would_due_at == TUESDAY + HOUR
    assert flips[0].answered_at == TUESDAY + 2 * HOUR


def test_other_hours_and_closures_move_deadlines(
    tickets: list[Ticket], administrator: User
) -> None:
    # Closed on the Tuesday they were filed: 8 working hours are over on Wednesday at 17:00 ET,
    # so that the answer after 30 hours, at 17:00 ET, is in time.
    hours = SAME_HOURS.hours
    assert hours is not None
    draft = PolicyDraft(hours=HoursDraft(hours.calendar, hours.windows, closed=(TUESDAY.date(),)))
    replay = finish(asked(draft, administrator))

    assert counts(replay) == {
        ("met", "met"): 2,
        ("missed", "met"): 1,
        ("missed", "missed"): 2,
    }


def test_another_edition_serves_them_on_its_own_terms(
    tickets: list[Ticket], administrator: User
) -> None:
    # MSA Plus promises no time for High.
    replay = finish(asked(PolicyDraft(edition="msa-plus"), administrator))

    assert counts(replay) == {("met", "none"): 2, ("missed", "none"): 3}


def test_only_the_plan_asked_for_is_replayed(tickets: list[Ticket], administrator: User) -> None:
    draft = PolicyDraft(plan="msa-plus", levels={2: LevelDraft(target=HOUR)})
    replay = finish(asked(draft, administrator))

    assert (replay.total, counts(replay)) == (0, {})


def test_what_changes_nothing_flips_nothing_whatever_befell_the_tickets(
    contact: User,
    customer: Customer,
    foreign_contact: User,
    foreign_customer: Customer,
    engineer: User,
    duty_lead: User,
    administrator: User,
) -> None:
    """Terms recomputed from the facts are those that operations froze."""
    met, missed, lowered, raised, overturned = (make_ticket(contact, customer) for _ in range(5))

    def watch(ticket: Ticket, until: datetime) -> None:
        ticket.refresh_from_db()
        assert ticket.response_clock is not None
        watch_on_time(ticket.response_clock, until)

    watch(met, TUESDAY + HOUR)
    answered(met, engineer, HOUR)
    watch(missed, TUESDAY + 30 * HOUR)
    answered(missed, engineer, 30 * HOUR)
    for ticket, severity in ((lowered, Severity.LOW), (raised, Severity.CRITICAL)):
        change_severity(ticket, severity=severity, reason="Seen.", by=engineer, now=TUESDAY + HOUR)
        watch(ticket, TUESDAY + 4 * HOUR)
        answered(ticket, engineer, 4 * HOUR)
    message = answer_ticket(
        overturned, body="We look.", qualified=True, by=engineer, now=TUESDAY + HOUR
    )
    overturn_answer(message, reason="Empty.", by=duty_lead, now=TUESDAY + 2 * HOUR)
    waiting, called = (
        make_ticket(foreign_contact, foreign_customer, severity=1, now=SATURDAY) for _ in range(2)
    )
    pin = foreign_customer.memberships.get(user=foreign_contact).caller_pin
    at = SATURDAY + HOUR
    log_phone_call(called, caller_pin=pin, at=at, by=engineer, now=at)
    until = SATURDAY + timedelta(days=3)
    for ticket in (overturned, waiting, called):
        watch(ticket, until)

    replay = finish(asked(SAME_HOURS, administrator, now=until))

    assert not ReplayFlip.objects.exists()
    assert replay.done == 7
    rows = ReplayCount.objects.all()
    assert {row.was for row in rows} == {Outcome.MET, Outcome.MISSED}
    assert [row.was_steps for row in rows] == [row.would_steps for row in rows]
    for ticket in Ticket.objects.select_related("response_clock", "edition__plan", "contract"):
        rules = PolicyRules(SAME_HOURS)
        history = histories_of([ticket], rules)[ticket.pk]
        assert ticket.response_clock is not None
        kept = replay_ticket(history, rules.of(ticket), until=until)
        assert kept.due_at == ticket.response_clock.due_at


@pytest.mark.parametrize("draft", [PolicyDraft(), PolicyDraft(plan="msa-plus")])
def test_a_draft_without_a_change_is_refused(draft: PolicyDraft, administrator: User) -> None:
    with pytest.raises(InvalidInput):
        asked(draft, administrator)


def test_a_person_has_one_under_way(
    tickets: list[Ticket], administrator: User, support_manager: User
) -> None:
    asked(AN_HOUR, administrator)

    with pytest.raises(InvalidInput, match="under way"):
        asked(AN_HOUR, administrator)
    second = asked(AN_HOUR, support_manager)
    finish(second)
    assert not PolicyReplay.objects.filter(ended_at__isnull=True).exists()


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.DUTY_LEAD, Role.TAM])
def test_others_replay_nothing(role: Role) -> None:
    with pytest.raises(NotAllowed):
        asked(AN_HOUR, make_staff_member("Somebody Else", role))
    assert not PolicyReplay.objects.exists()


def die_after(stretches: int) -> Callable[[PolicyReplay], None]:
    left = [stretches]

    def stretch(replay: PolicyReplay) -> None:
        if not left[0]:
            raise SystemExit
        left[0] -= 1
        replay_stretch(replay, rules=PolicyRules(replay.draft))

    return stretch


def test_a_killed_workers_replay_goes_on_and_counts_nothing_twice(
    tickets: list[Ticket], administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy_replay, "STRETCH", 2)
    replay = asked(AN_HOUR, administrator)
    with pytest.raises(SystemExit):
        work_slice(replay, die_after(2))
    continue_replays()  # The dead one's lease still holds.
    replay.refresh_from_db()
    assert replay.done == 4

    PolicyReplay.objects.update(leased_until=database_now() - timedelta(seconds=1))
    slow = PolicyReplay.objects.get()
    finish(replay)

    assert counts(replay) == {("met", "missed"): 2, ("missed", "missed"): 3}
    assert ReplayFlip.objects.count() == 2
    with pytest.raises(LeaseLost):
        replay_stretch(slow, rules=PolicyRules(slow.draft))
    assert sum(counts(replay).values()) == 5


def test_a_cancelled_replay_keeps_what_it_counted(
    tickets: list[Ticket], administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy_replay, "STRETCH", 2)
    replay = asked(AN_HOUR, administrator)
    with pytest.raises(SystemExit):
        work_slice(replay, die_after(1))

    cancel_policy_replay(replay, by=administrator)
    finish(replay)

    assert (replay.is_cancelled, replay.is_complete, replay.done) == (True, False, 2)
    assert sum(counts(replay).values()) == 2
    with pytest.raises(InvalidTransition):
        cancel_policy_replay(replay, by=administrator)


def test_a_merged_ticket_is_answered_and_ends_with_its_target(
    tickets: list[Ticket], engineer: User, administrator: User
) -> None:
    merged, target = tickets[3:]
    merge_ticket(merged, into=target, reason="One.", by=engineer, now=TUESDAY + 2 * HOUR)
    answered(target, engineer, 30 * HOUR)

    replay = finish(asked(SAME_HOURS, administrator))

    assert counts(replay) == {("met", "met"): 2, ("missed", "missed"): 3}
    history = histories_of([Ticket.objects.get(pk=merged.pk)], PolicyRules(SAME_HOURS))[merged.pk]
    assert history.answered_at == TUESDAY + 30 * HOUR


def test_a_stretch_costs_the_same_with_one_ticket_and_with_twenty(
    contact: User, customer: Customer, engineer: User, administrator: User
) -> None:
    costs = []
    for count in (1, 19):
        for _ in range(count):
            answered(make_ticket(contact, customer), engineer, 2 * HOUR)
        replay = asked(AN_HOUR, administrator)
        with CaptureQueriesContext(connection) as captured:
            finish(replay)
        costs.append(len(captured))
    assert costs[0] == costs[1]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_count_each_ticket_once(
    tickets: list[Ticket], administrator: User
) -> None:
    replay = asked(AN_HOUR, administrator)

    race(continue_replays, continue_replays)
    finish(replay)

    assert counts(replay) == {("met", "missed"): 2, ("missed", "missed"): 3}
