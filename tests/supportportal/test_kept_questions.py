"""Every question the portal keeps, asked by everybody in every order, finds what its queryset does.

A new one needs its row in QUESTIONS.
"""

import importlib
import pkgutil
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import override_settings
from django.utils import timezone, translation

from accounts.choices import Role, TokenScope
from accounts.compiled import Compiled
from accounts.models import ApiToken, User
from accounts.operations import create_api_token
from announcements.choices import Audience, Kind, Level
from announcements.models import Announcement
from entitlements.models import Contract, ContractYear, Customer, Objective, Plan, ServiceLevel
from notifications.models import Preferences, Webhook
from notifications.webhook_events import STAFF
from sla.choices import Obligation
from sla.models import Calendar, Clock, Ladder, LadderStep, StepAcknowledgement, StepRecord
from tests.factories.clocks import make_clock
from tests.factories.entitlements import make_staff_member
from tests.factories.tickets import TUESDAY, make_ticket
from tickets.choices import FieldKind, LinkKind, TicketKind, TicketState
from tickets.models import Attachment, FieldValue, Note, Ticket, TicketLink, TicketObjective
from tickets.operations.conversation import write_message, write_note
from tickets.operations.filing_fields import add_filing_field

pytestmark = pytest.mark.django_db
OURS = {
    *("accounts", "announcements", "entitlements", "knowledge", "notifications", "sla"),
    *("supportportal", "tickets"),
}

type Values = Callable[["World"], list[tuple[Any, ...]]]


class World:
    """Two companies with tickets, messages, notes and events, and everybody who may look."""

    def __init__(self, people: list[User], tickets: list[Ticket]) -> None:
        self.people = people
        self.tickets = tickets
        self.staff = [one for one in people if one.is_staff_member]
        self.keys = [one.pk for one in tickets]


def _by(people: list[User], *choices: list[Any]) -> list[tuple[Any, ...]]:
    """Each person with each of the values, the people changing the quickest."""
    asked: list[tuple[Any, ...]] = [()]
    for values in reversed(choices):
        asked = [(value, *rest) for value in values for rest in asked]
    return [(person, *rest) for rest in asked for person in people]


def _keys(model: Any) -> list[int]:
    return list(model.objects.order_by("pk").values_list("pk", flat=True))


def _lists(keys: list[Any]) -> list[tuple[list[Any]]]:
    return [(keys[:1],), (keys[1:2],), (keys[:2],), (keys,), ([],)]


QUESTIONS: dict[str, Values] = {
    "_TOKEN": lambda _: [
        *ApiToken.objects.values_list("digest"),
        ("",),
        ("0" * 64,),
    ],
    # Of a customer it is not asked: days before now concern them, too.
    "_FOR_STAFF": lambda world: _by(
        world.staff, [TUESDAY, TUESDAY + timedelta(days=2), TUESDAY + timedelta(days=9)]
    ),
    "_NEWEST": lambda _: _lists(_keys(Calendar)),
    "_NEWEST_TICKETS": lambda world: _by(world.people),
    "_MEMBERSHIP": lambda world: _by(world.people, _keys(Customer)),
    "_SEAT": lambda world: _by(world.people, _keys(Contract)),
    "_NEAR_CONTRACTS": lambda _: [
        (customer, day, day + timedelta(days=2))
        for customer in _keys(Customer)
        for day in (date(2025, 12, 29), date(2025, 12, 31), date(2026, 12, 30), date(2027, 1, 1))
    ],
    "_LOCKED_CONTRACT": lambda _: [(key,) for key in [*_keys(Contract), 0]],
    "_YEAR": lambda _: [
        (contract, day)
        for contract in [*_keys(Contract), 0]
        for day in (date(2025, 12, 31), TUESDAY.date(), date(2027, 6, 1))
    ],
    "_LOCKED_YEAR": lambda _: [(key,) for key in [*_keys(ContractYear), 0]],
    "_PLAN": lambda _: [*Plan.objects.values_list("key"), ("",), ("none",)],
    "_EDITIONS": lambda _: _lists(_keys(Plan)),
    "_PREFERENCES": lambda world: _lists([one.pk for one in world.people]),
    "_WEBHOOKS": lambda _: _lists(sorted({one.owner for one in Webhook.objects.all()})),
    "_CURRENT": lambda _: [(key,) for key in [*_keys(Ladder), 0]],
    "_COMPANY": lambda world: _by(
        world.people, [*Customer.objects.values_list("slug", flat=True), "none"]
    ),
    "_CUSTOMERS": lambda world: _by(
        world.people,
        [
            list(Customer.objects.values_list("slug", flat=True)),
            [name.upper() for name in Customer.objects.values_list("name", flat=True)][:1],
            ["none"],
            [],
        ],
    ),
    "_SENT": lambda world: _by(world.people, [one.submission_key for one in world.tickets]),
    "_HEARS_OF_ALL": lambda _: [(key,) for key in _keys(Customer)],
    "_ASKED": lambda _: [()],
    "_OBJECTIVES": lambda _: [
        (level, obligations)
        for level in [*Objective.objects.values_list("service_level", flat=True), 0]
        for obligations in ([Obligation.RESOLUTION], list(Obligation), [])
    ],
    "_ANSWERS": lambda world: [(key,) for key in world.keys],
    "_TICKET": lambda world: _by(world.people, [one.number for one in world.tickets]),
    "_EVENTS": lambda world: _by(world.people, world.keys),
    "_FILES": lambda world: _by(world.people, [world.keys, world.keys[:1], []]),
    "_MESSAGES": lambda world: _by(world.people, [world.keys, world.keys[1:], []]),
    # Of a customer it is not asked: they have no such page.
    "_NOTES": lambda world: _by(world.staff, [world.keys, world.keys[1:], []]),
    "_WATCHING": lambda world: _lists(world.keys),
    "_BELONGING": lambda world: [
        (customers, people)
        for customers in (_keys(Customer), _keys(Customer)[:1])
        for people in ([one.pk for one in world.people], [world.people[1].pk], [])
    ],
    "_STAFF_WATCHING": lambda world: [(key,) for key in world.keys],
    "_CLOCK": lambda _: [(key,) for key in [*_keys(Clock), 0]],
    "_LOCKED": lambda world: [(key,) for key in world.keys],
    "_MERGED": lambda world: [(key,) for key in world.keys],
    "_RUNNING": lambda world: [(key,) for key in world.keys],
    "_MINE": lambda world: _by(world.people),
    "_RECORDS": lambda world: [
        (clock, assessment, person.pk)
        for clock in [*_keys(Clock), 0]
        for assessment in (0, 1)
        for person in world.people
    ],
    "_ACKNOWLEDGED": lambda _: _lists(_keys(Clock)),
    "_PREVIOUS": lambda world: _by(world.people, _keys(Customer), world.keys),
}


def _kept() -> dict[str, Compiled[Any]]:
    """Every kept question of the portal, by its name, which is nobody else's."""
    found: dict[str, Compiled[Any]] = {}
    for app in apps.get_app_configs():
        if app.name in OURS:
            for module in pkgutil.walk_packages([app.path], f"{app.name}."):
                for name, value in vars(importlib.import_module(module.name)).items():
                    if isinstance(value, Compiled):
                        assert found.setdefault(name, value) is value, f"{name} names two"
    return found


KEPT = _kept()


@pytest.fixture
def world(
    contract: Contract,
    contact: User,
    colleague: User,
    manager: User,
    foreign_contact: User,
    engineer: User,
    analyst: User,
    tam: User,
    administrator: User,
) -> World:
    """Two tickets of one company and one of the other, all with what hangs on a ticket."""
    asked = add_filing_field(label="Queue", kind=FieldKind.TEXT, by=administrator)
    for owner in (f"customer:{contract.customer_id}", STAFF):
        Webhook.objects.create(
            owner=owner,
            place=1,
            name="Chat",
            url="https://chat.example/",
            events=["filed"],
            sealed_secret="-",
            created_by=administrator,
        )
    level = ServiceLevel.objects.order_by("pk")[0]
    Objective.objects.create(
        service_level=level, obligation=Obligation.RESOLUTION, target=timedelta(days=5)
    )
    for audience, days in ((Audience.STAFF, 3), (Audience.EVERYBODY, 14)):
        Announcement.objects.create(
            kind=Kind.PROBLEM,
            level=Level.IMPORTANT,
            title=f"For {days} days",
            body="We work on it.",
            audience=audience,
            starts_at=TUESDAY - timedelta(days=1),
            ends_at=TUESDAY + timedelta(days=days),
            written_by=administrator,
            written_at=TUESDAY,
        )
    for person in (contact, engineer):
        Preferences.objects.create(user=person)
        create_api_token(person, name="Script", scope=TokenScope.READ, days=9, by=person)
    contact.memberships.update(hears_of_all=True)
    theirs = foreign_contact.memberships.get().customer
    tickets = [
        make_ticket(contact, contract.customer, submission_key=uuid.UUID(int=1)),
        make_ticket(
            colleague,
            contract.customer,
            submission_key=uuid.UUID(int=2),
            kind=TicketKind.BREAK_FIX,
        ),
        make_ticket(foreign_contact, theirs, submission_key=uuid.UUID(int=3)),
    ]
    for ticket in tickets:
        write_message(ticket, body="It stopped.", by=ticket.filed_by)
        note = write_note(ticket, body="Ours.", by=engineer)
        _attach(ticket, "log.txt", by=ticket.filed_by)
        _attach(ticket, "ours.txt", by=engineer, note=note)
        FieldValue.objects.create(ticket=ticket, field=asked, value=ticket.reference)
    Ticket.objects.filter(pk=tickets[2].pk).update(state=TicketState.WAITING_FOR_LAB)
    first, second, _ = tickets
    first.watchers.add(colleague)
    first.staff_watchers.add(engineer)
    TicketLink.objects.create(
        source=first,
        target=second,
        kind=LinkKind.MERGED,
        created_by=engineer,
        created_at=TUESDAY,
    )
    TicketObjective.objects.create(
        ticket=first,
        obligation=Obligation.RESOLUTION,
        clock=make_clock("basic", timedelta(days=5), TUESDAY),
    )
    Ticket.objects.filter(pk=second.pk).update(assignee=engineer)
    assert first.response_clock is not None
    for occurrence, step in enumerate(LadderStep.objects.order_by("pk")[:2], start=1):
        record = StepRecord.objects.create(
            clock=first.response_clock,
            assessment=first.response_clock.assessment,
            step=step,
            occurrence=occurrence,
            due_at=TUESDAY,
            recorded_at=TUESDAY,
        )
        record.told.add(engineer)
    StepAcknowledgement.objects.create(record=record, person=engineer, at=TUESDAY)
    both = make_staff_member("Ada Both", Role.ANALYST, Role.TAM)
    left, gone = make_staff_member("Leo Left", Role.ENGINEER), User.objects.get(pk=contact.pk)
    left.is_active = gone.is_active = False
    member_too = User.objects.get(pk=manager.pk)
    member_too.roles = [Role.ANALYST.value]
    return World(
        [
            *(contact, foreign_contact, colleague, manager, member_too, gone),
            *(engineer, analyst, tam, both, left, administrator),
        ],
        tickets,
    )


def _attach(ticket: Ticket, name: str, *, by: User, note: Note | None = None) -> None:
    Attachment.objects.create(
        ticket=ticket,
        note=note,
        file=f"{ticket.pk}-{name}",
        name=name,
        size=3,
        uploaded_by=by,
        uploaded_at=TUESDAY,
    )


def test_every_kept_question_is_asked_here() -> None:
    assert sorted(KEPT) == sorted(QUESTIONS)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_everybody_finds_in_any_order_what_the_queryset_finds(name: str, world: World) -> None:
    question, asked = KEPT[name], QUESTIONS[name](world)
    expected = [list(question._put(*values)) for values in asked]
    # Something can be told apart here: else any answer would do.
    assert len({tuple(rows) for rows in expected}) > 1 or asked == [()]

    question._known.clear()
    forth = [question.all(*values) for values in asked]
    question._known.clear()
    back = [question.all(*values) for values in reversed(asked)][::-1]

    assert forth == expected
    assert back == expected
    loaded = [_loaded(row) for rows in expected for row in rows]
    assert [_loaded(row) for rows in forth for row in rows] == loaded
    assert [_loaded(row) for rows in back for row in rows] == loaded


def _loaded(row: Any) -> dict[str, Any]:
    """All that was read of a row, annotations too, and what was joined to it."""
    return {name: value for name, value in vars(row).items() if name != "_state"} | {
        "joined": row._state.fields_cache
    }


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_nothing_kept_follows_from_hour_language_zone_or_settings(
    name: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = KEPT[name]
    for values in {str(values): values for values in QUESTIONS[name](world)}.values():
        with monkeypatch.context() as then:
            then.setattr(timezone, "now", lambda: datetime(2026, 3, 10, 15, 0, tzinfo=UTC))
            one = question._compile(values)
        with (
            monkeypatch.context() as later,
            translation.override("de"),
            timezone.override("Asia/Tokyo"),
            override_settings(PRODUCT_NAMES=["Other"], VENDOR_NAME="Other", TIME_ZONE="Asia/Tokyo"),
        ):
            later.setattr(timezone, "now", lambda: datetime(2031, 1, 2, 3, 4, tzinfo=UTC))
            other = question._compile(values)
        assert getattr(one, "pattern", None) == getattr(other, "pattern", None)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_nothing_kept_knows_a_key_of_whoever_asked(name: str, world: World) -> None:
    """With the same roles, whoever comes first leaves the same behind."""
    question = KEPT[name]
    left: dict[object, object] = {}
    for values in QUESTIONS[name](world):
        question._known.clear()
        question.all(*values)
        [(shape, known)] = question._known.items()
        pattern = getattr(known, "pattern", None)
        assert left.setdefault(shape, pattern) == pattern
