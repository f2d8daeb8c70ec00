from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.models import Contract, Customer
from tests.factories.tickets import (
    TUESDAY,
    kinds_of,
    make_ticket,
    newest_event,
    nothing_changes,
    told_of,
)
from tickets.choices import EventKind, Score
from tickets.errors import InvalidTransition
from tickets.models import Rating, Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.lifecycle import close_ticket, resolve_ticket
from tickets.operations.rating import RATED_WITHIN, rate_ticket

pytestmark = pytest.mark.django_db

LATER = TUESDAY + timedelta(hours=2)


@pytest.fixture
def solved(contract: Contract, customer: Customer, contact: User, engineer: User) -> Ticket:
    ticket = make_ticket(contact, customer)
    take_ticket(ticket, by=engineer, now=TUESDAY)
    return resolve_ticket(ticket, resolution="Rule 7.", by=engineer, now=LATER)


def rate(
    ticket: Ticket, by: User, score: int = Score.GOOD, comment: str = "", now: datetime = LATER
) -> Rating:
    return rate_ticket(ticket, score=Score(score), comment=comment, by=by, now=now)


def test_a_rating_is_kept_with_one_event_and_told_to_the_engineer(
    solved: Ticket, contact: User, engineer: User
) -> None:
    rating = rate(solved, contact, comment=" Quick. ")
    assert (rating.score, rating.comment, rating.rated_at) == (3, "Quick.", LATER)
    event = newest_event(solved)
    assert (event.kind, event.by, event.reason) == (EventKind.RATED, contact, "Quick.")
    assert event.details == {"score": [None, 3]}
    assert told_of(event) == {"Mara Kovac"}


def test_a_poor_rating_is_told_to_leads_and_account_managers_as_well(
    solved: Ticket, contact: User, duty_lead: User, tam: User
) -> None:
    rate(solved, contact, Score.POOR)
    assert told_of(newest_event(solved)) == {"Mara Kovac", "Jonas Lindqvist", "Ines Duarte"}


def test_a_rating_is_changed_with_an_event_of_its_own_and_said_twice_changes_nothing(
    solved: Ticket, contact: User
) -> None:
    rate(solved, contact, Score.GOOD)
    with nothing_changes():
        rate(solved, contact, Score.GOOD)
    rate(solved, contact, Score.FAIR, "It took two days.")
    assert Rating.objects.get().score == Score.FAIR
    assert newest_event(solved).details == {"score": [3, 2]}
    assert kinds_of(solved).count(EventKind.RATED) == 2


def test_each_person_rates_for_themselves(solved: Ticket, contact: User, manager: User) -> None:
    rate(solved, contact, Score.GOOD)
    rate(solved, manager, Score.POOR)
    assert {one.by.name: one.score for one in Rating.objects.all()} == {
        "Priya Raman": 3,
        "Elena Brandt": 1,
    }


def test_an_open_ticket_is_not_rated(contract: Contract, customer: Customer, contact: User) -> None:
    ticket = make_ticket(contact, customer)
    with nothing_changes(), pytest.raises(InvalidTransition, match="once it is solved"):
        rate(ticket, contact)
    assert not Rating.objects.exists()


def test_a_closed_ticket_is_rated_for_sixty_days(solved: Ticket, contact: User) -> None:
    close_ticket(solved, by=contact, now=LATER)
    with nothing_changes(), pytest.raises(InvalidTransition, match="within 60 days"):
        rate(solved, contact, now=LATER + RATED_WITHIN)
    assert rate(solved, contact, now=LATER + RATED_WITHIN - timedelta(seconds=1)).score == 3


def test_no_score_of_the_three_is_refused_beside_its_field(solved: Ticket, contact: User) -> None:
    with nothing_changes(), pytest.raises(InvalidInput) as refusal:
        rate_ticket(solved, score=4, comment="", by=contact, now=LATER)  # type: ignore[arg-type]  # past the form
    assert refusal.value.field == "score"


@pytest.mark.parametrize("person", ["foreign_contact", "engineer", "tam", "administrator"])
def test_nobody_but_the_customers_people_rates(
    request: pytest.FixtureRequest, solved: Ticket, person: str
) -> None:
    by = request.getfixturevalue(person)
    with nothing_changes(), pytest.raises(NotAllowed):
        rate(solved, by)
    assert not Rating.objects.exists()


def test_the_database_holds_one_rating_a_person_and_three_scores(
    solved: Ticket, contact: User, manager: User
) -> None:
    rate(solved, contact)
    for by, score, rule in (
        (contact, 2, "a_person_rates_a_ticket_once"),
        (manager, 4, "a_rating_is_one_of_three"),
    ):
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            Rating.objects.create(ticket=solved, by=by, score=score)
