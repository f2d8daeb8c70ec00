"""The way in: thirteen months of history in one transaction, once."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from accounts.choices import Role
from accounts.models import User
from entitlements.models import Customer, Membership
from tickets.demo.articles import write_articles
from tickets.demo.calendar import close_days
from tickets.demo.canned import add_canned_answers
from tickets.demo.cast import address, keep_watcher_list, make_cast
from tickets.demo.checks import show_checks
from tickets.demo.companies import COMPANIES
from tickets.demo.company_life import ask_for_more, open_companies
from tickets.demo.contracts import add_contracts
from tickets.demo.desk import furnish_desk
from tickets.demo.escalations import escalate_accounts
from tickets.demo.filing import ask_questions, publish_builds
from tickets.demo.life import Life
from tickets.demo.objectives import set_own_objectives
from tickets.demo.outbox import settle_history
from tickets.demo.outreach import add_outreach
from tickets.demo.people import CUSTOMER_PEOPLE, PASSWORD, SHOWN, STAFF, STAFF_DOMAIN
from tickets.demo.plan import plan_tickets
from tickets.demo.relations import RELATED, relate_tickets
from tickets.demo.roster import plan_roster
from tickets.demo.script import play, severity_criteria
from tickets.demo.timeline import Timeline
from tickets.measuring import refresh_measures
from tickets.models import Ticket

# Before the oldest contract is signed.
FOUNDED = timedelta(days=900)
OTHERS = "There are other customers here: the demo loads into an empty database only."


class NotEmpty(Exception):
    """The database holds customers who are not the demo's."""


@transaction.atomic
def load_history(*, seed: int, count: int, now: datetime) -> int:
    """Play thirteen months up to `now` unless they are there, and say how many tickets they left.

    One transaction: a load that was interrupted left nothing and is done again. The same seed at
    the same instant gives the same data.
    Raises: NotEmpty. Effects: everything the operations write; nothing of it is mailed.
    """
    names = set(Customer.objects.values_list("name", flat=True))
    if names:
        if not names >= {company.name for company in COMPANIES}:
            raise NotEmpty(OTHERS)
        return 0
    rng = random.Random(seed)  # noqa: S311 - a story, not a secret
    cast = make_cast(rng, founded_at=now - FOUNDED)
    ask_questions(cast.products, by=cast.the(Role.ADMINISTRATOR))
    keep_watcher_list(cast)
    timeline = Timeline(now)
    add_contracts(timeline, cast, now=now)
    timeline.add(close_days(cast, now))
    timeline.add(ask_for_more(cast, now))
    timeline.add(set_own_objectives(cast, now))
    criteria = severity_criteria()
    for planned in plan_tickets(rng, count=count - RELATED, now=now):
        timeline.add(play(Life(planned, cast, timeline, criteria)))
    with _without_savepoints():
        timeline.play()
    escalate_accounts(cast, now=now)
    relate_tickets(cast, now)
    plan_roster(cast.staff.values(), now)
    show_checks(now)
    publish_builds(by=cast.the(Role.ANALYST), now=now)
    add_canned_answers(cast.staff, now)
    write_articles(cast.staff, now)
    furnish_desk(cast.staff, now)
    open_companies(cast, seed=seed, now=now)
    settle_history(now=now)
    add_outreach(cast.staff, Customer.objects.get(name=COMPANIES[0].name), now=now)
    _open_logins(now)
    refresh_measures(seconds=60, now=now)
    return Ticket.objects.count()


def write_people_file(path: Path) -> None:
    """Write who can sign in, by role, for the program that greets visitors."""
    domains = {
        person.name: (company.domain, company.name)
        for company in COMPANIES
        for person in CUSTOMER_PEOPLE[company.name]
    } | {person.name: (STAFF_DOMAIN, "") for person in STAFF}
    people = [
        {
            "role": role,
            "name": name,
            "email": address(name, domains[name][0]),
            "password": PASSWORD,
            "company": domains[name][1],
        }
        for role, name in SHOWN
    ]
    part = path.with_suffix(".part")
    part.write_text(json.dumps(people, indent=2, ensure_ascii=False) + "\n")
    part.rename(path)


@contextmanager
def _without_savepoints() -> Iterator[None]:
    """Let operations join the one transaction: a quarter of all statements were savepoints.

    Nothing of the history may fail, so none is ever gone back to.
    """
    features = connection.features
    before = features.uses_savepoints
    features.uses_savepoints = False
    try:
        yield
    finally:
        features.uses_savepoints = before


def _open_logins(now: datetime) -> None:
    """Give everybody the one password; hashed once, because a good hash is slow."""
    User.objects.update(password=make_password(PASSWORD), joined_at=now - FOUNDED)
    for membership in Membership.objects.order_by("-joined_at"):
        User.objects.filter(pk=membership.user_id).update(joined_at=membership.joined_at)
