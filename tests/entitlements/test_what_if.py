"""A ticket under other rules: worked by hand from domain, Clocks, and the catalogue's call rule."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from entitlements.policy_draft import HoursDraft, LevelDraft, PolicyDraft, StepDraft
from entitlements.what_if import History, Kept, Outcome, Reassessment, Rule, replay_ticket
from sla.business_time import Schedule
from sla.choices import Counting
from sla.replay import Terms

ZONE = "America/New_York"
WORKING_DAYS = ("mon", "tue", "wed", "thu", "fri")
ALWAYS = Schedule.weekly(ZONE, dict.fromkeys((*WORKING_DAYS, "sat", "sun"), (("00:00", "24:00"),)))
BUSINESS = Schedule.weekly(ZONE, dict.fromkeys(WORKING_DAYS, (("09:00", "19:00"),)))
HOUR = timedelta(hours=1)
# Tue 10 Mar 2026, 10:00 ET; Sat 14 Mar, 10:00 ET.
TEN = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 3, 14, 14, 0, tzinfo=UTC)
LATER = TEN + timedelta(days=30)
HALF, DEADLINE = StepDraft(1, share=Decimal("0.5")), StepDraft(2, share=Decimal(1))
HOURLY = StepDraft(3, delay=HOUR, counting=Counting.PLAIN, repeats=True)
TWO_HOURS = Rule(2 * HOUR, ALWAYS, steps=(HALF, DEADLINE, HOURLY))
EIGHT_WORKING = Rule(8 * HOUR, BUSINESS)
NO_TIME = Rule(None, BUSINESS)
CALLED_IN = Rule(HOUR, ALWAYS, business=BUSINESS)


def of(history: History, *rules: Rule, until: datetime = LATER) -> Kept:
    """Replay with the rules of the severities from 1; one rule holds for all."""
    return replay_ticket(
        history, lambda severity, at: rules[min(severity, len(rules)) - 1], until=until
    )


def filed(at: datetime = TEN, *, answered: timedelta | None = None, **given) -> History:
    answers = () if answered is None else ((at + answered, None),)
    return History(at, given.pop("severity", 1), answers=answers, **given)


def test_an_answer_in_time_is_met_and_at_the_deadline_still() -> None:
    assert of(filed(answered=HOUR), TWO_HOURS) == Kept(Outcome.MET, TEN + 2 * HOUR, 1)
    assert of(filed(answered=2 * HOUR), TWO_HOURS).outcome == Outcome.MET


def test_a_late_answer_is_missed_and_each_step_until_it_counts() -> None:
    # 50 % at 11:00, the deadline at 12:00, then 13:00 and 14:00; the answer at 14:30.
    late = of(filed(answered=4.5 * HOUR), TWO_HOURS)

    assert late == Kept(Outcome.MISSED, TEN + 2 * HOUR, 4)


def test_an_open_ticket_is_missed_once_its_deadline_has_passed() -> None:
    assert of(filed(), TWO_HOURS, until=TEN + HOUR) == Kept(Outcome.OPEN, TEN + 2 * HOUR, 1)
    assert of(filed(), TWO_HOURS, until=TEN + 3 * HOUR).outcome == Outcome.MISSED


def test_without_a_promised_time_there_is_nothing_to_keep() -> None:
    assert of(filed(answered=HOUR), NO_TIME) == Kept(Outcome.NONE)


def test_working_hours_count_inside_the_window() -> None:
    # Tue 10:00: 8 working hours are over at 18:00.
    assert of(filed(answered=9 * HOUR), EIGHT_WORKING).due_at == TEN + 8 * HOUR


def test_an_excuse_stays_for_what_would_be_missed_too() -> None:
    history = filed(answered=3 * HOUR, excused_at=TEN + 5 * HOUR)

    assert of(history, TWO_HOURS).outcome == Outcome.EXCUSED
    assert of(history, EIGHT_WORKING).outcome == Outcome.MET


def test_an_overturned_answer_is_none() -> None:
    history = replace(filed(), answers=((TEN + HOUR, TEN + 5 * HOUR), (TEN + 3 * HOUR, None)))

    assert history.answered_at == TEN + 3 * HOUR
    assert of(history, TWO_HOURS).outcome == Outcome.MISSED


def test_out_of_hours_the_clock_waits_for_the_opening_or_an_earlier_call() -> None:
    monday_nine = datetime(2026, 3, 16, 13, 0, tzinfo=UTC)

    assert of(filed(SATURDAY), CALLED_IN, until=SATURDAY).due_at == monday_nine + HOUR
    called = filed(SATURDAY, calls=(SATURDAY + HOUR,))
    assert of(called, CALLED_IN).due_at == SATURDAY + 2 * HOUR
    # In business hours nobody has to call, and a call changes nothing.
    assert of(filed(calls=(TEN + HOUR,)), CALLED_IN).due_at == TEN + HOUR


def test_a_raised_severity_counts_from_the_change_and_never_later() -> None:
    raised = filed(severity=2, severities=((TEN + HOUR, 1),))
    assert of(raised, TWO_HOURS, EIGHT_WORKING).due_at == TEN + 3 * HOUR

    late = filed(severity=2, severities=((TEN + 7 * HOUR, 1),))
    assert of(late, TWO_HOURS, EIGHT_WORKING).due_at == TEN + 8 * HOUR


def test_a_lowered_severity_counts_from_the_filing() -> None:
    lowered = filed(severity=1, answered=3 * HOUR, severities=((TEN + HOUR, 2),))

    # The first clock's half came at 11:00, as it was lowered; that of 8 hours after the answer.
    assert of(lowered, TWO_HOURS, EIGHT_WORKING) == Kept(Outcome.MET, TEN + 8 * HOUR, 1)


def test_a_lowered_clock_counts_from_the_call_that_started_it() -> None:
    history = filed(SATURDAY, calls=(SATURDAY + HOUR,), severities=((SATURDAY + 1.5 * HOUR, 2),))
    lower = Rule(4 * HOUR, ALWAYS, business=BUSINESS)

    assert of(history, CALLED_IN, lower).due_at == SATURDAY + 5 * HOUR


def test_a_target_once_promised_is_not_taken_away() -> None:
    lowered = filed(severities=((TEN + HOUR, 2),))

    assert of(lowered, TWO_HOURS, NO_TIME).due_at == TEN + 2 * HOUR


def test_a_clock_begins_with_the_first_severity_that_has_a_target() -> None:
    raised = filed(severity=2, severities=((TEN + HOUR, 1),))

    assert of(raised, TWO_HOURS, NO_TIME).due_at == TEN + 3 * HOUR
    answered = filed(severity=2, answered=HOUR / 2, severities=((TEN + HOUR, 1),))
    assert of(answered, TWO_HOURS, NO_TIME) == Kept(Outcome.NONE)


def test_a_severity_changed_after_the_answer_moves_nothing() -> None:
    history = filed(severity=2, answered=HOUR, severities=((TEN + 2 * HOUR, 1),))

    assert of(history, TWO_HOURS, EIGHT_WORKING).due_at == TEN + 8 * HOUR


def test_a_reassessment_keeps_its_terms_unless_the_rule_is_asked() -> None:
    own = Reassessment(TEN + HOUR, TEN, terms=Terms(5 * HOUR, ALWAYS))
    assert of(filed(reassessments=(own,)), TWO_HOURS).due_at == TEN + 5 * HOUR

    ruled = Reassessment(TEN + HOUR, TEN + HOUR)
    assert of(filed(reassessments=(ruled,)), TWO_HOURS).due_at == TEN + 3 * HOUR
    capped = Reassessment(TEN + HOUR, TEN + HOUR, is_capped=True)
    assert of(filed(reassessments=(capped,)), TWO_HOURS).due_at == TEN + 2 * HOUR


@pytest.mark.parametrize(
    "draft",
    [
        PolicyDraft(),
        PolicyDraft(plan="msa-plus", edition="msa-business"),
        PolicyDraft(
            levels={
                2: LevelDraft(target=2 * HOUR, calendar="always"),
                4: LevelDraft(is_without_target=True, ladder="high"),
            },
            hours=HoursDraft(
                "msa-business-hours",
                {"mon": [["09:00", "17:00"]]},
                closed=(TEN.date(),),
                opened=(SATURDAY.date(),),
            ),
            steps=(HALF, replace(DEADLINE, order=2), replace(HOURLY, order=3)),
        ),
    ],
)
def test_a_draft_is_the_same_after_it_was_kept(draft: PolicyDraft) -> None:
    assert PolicyDraft.from_json(draft.to_json()) == draft


def test_a_draft_of_a_plan_alone_changes_nothing() -> None:
    assert PolicyDraft(plan="msa-plus").changes_nothing
    assert not PolicyDraft(levels={1: LevelDraft(target=HOUR)}).changes_nothing
