"""Who gets which answer from every page of the roster: the written table.

An address that is not in the table fails the run. A POST is sent empty: 422 and 302 mean let in.
"""

from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.choices import Role
from sla import urls
from sla.operations.roster_feeds import make_roster_feed
from tests.factories import entitlements as factory
from tests.factories.roster import NOW, make_pattern, make_shift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

CAST = (
    "anonymous",
    "contact",
    "engineer",
    "colleague_on_duty",
    "analyst",
    "duty_lead",
    "support_manager",
    "tam",
    "administrator",
)


def row(*statuses: int) -> dict[str, int]:
    return dict(zip(CAST, statuses, strict=True))


# fmt: off
# The shift is of colleague_on_duty, and lasts.
#                anon cont engi coll anal lead mngr tam  admi
STAFF      = row(302, 404, 200, 200, 200, 200, 200, 200, 200)
PLANNERS   = row(302, 404, 403, 403, 403, 200, 200, 403, 200)
PLAN_FORM  = row(302, 404, 403, 403, 403, 422, 422, 403, 422)
OWN_SHIFT  = row(302, 404, 422, 422, 422, 422, 422, 422, 422)
OWN_FEED   = row(302, 404, 200, 200, 200, 200, 200, 200, 200)
FEED_ENDED = row(302, 404, 404, 302, 404, 404, 404, 404, 404)
NOT_SO     = row(405, 405, 405, 405, 405, 405, 405, 405, 405)
ANYBODY    = row(404, 404, 404, 404, 404, 404, 404, 404, 404)
# fmt: on

TABLE = {
    "roster": {"get": STAFF, "post": NOT_SO},
    "shift_new": {"get": PLANNERS, "post": PLAN_FORM},
    "shift": {"get": STAFF, "post": NOT_SO},
    "shift_giving": {"get": NOT_SO, "post": PLAN_FORM},
    "shift_swap": {"get": NOT_SO, "post": PLAN_FORM},
    "shift_removal": {"get": NOT_SO, "post": PLAN_FORM},
    "shift_hand_over": {"get": NOT_SO, "post": OWN_SHIFT},
    "shift_pattern_new": {"get": PLANNERS, "post": PLAN_FORM},
    "shift_pattern_end": {"get": PLANNERS, "post": PLAN_FORM},
    "roster_feed_new": {"get": NOT_SO, "post": OWN_FEED},
    "roster_feed_revocation": {"get": NOT_SO, "post": FEED_ENDED},
    "roster_feed": {"get": ANYBODY, "post": NOT_SO},
}


def test_every_address_of_the_roster_is_in_the_table():
    assert {pattern.name for pattern in urls.urlpatterns} == set(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_each_page_answers_everybody_as_the_table_says(request, client, duty_lead, name):
    colleague = factory.make_staff_member("Tomas Herrera", Role.ENGINEER)
    shift = make_shift(colleague, duty_lead, -2, 8)
    pattern = make_pattern([colleague], duty_lead)
    make_roster_feed(by=colleague, now=NOW)
    arguments: dict[str, list[Any]] = {"shift_pattern_end": [pattern.pk], "roster_feed": ["wrong"]}
    given = arguments.get(name) or ([shift.pk] if name.startswith("shift") else [])
    address = reverse(name, args=given if not name.endswith("_new") else [])

    for person in CAST:
        client.logout()
        if person == "colleague_on_duty":
            client.force_login(colleague)
        elif person != "anonymous":
            client.force_login(request.getfixturevalue(person))
        for method, statuses in TABLE[name].items():
            with transaction.atomic():
                answer = getattr(client, method)(address)
                transaction.set_rollback(True)
            assert answer.status_code == statuses[person], (name, person, method)
