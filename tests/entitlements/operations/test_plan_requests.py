from datetime import UTC, datetime

import pytest

from accounts.errors import NotAllowed
from accounts.models import AuditEvent
from entitlements.errors import ContractConflict
from entitlements.models import Plan, PlanRequest
from entitlements.operations.plan_requests import handle_plan_request, request_plan
from notifications.models import Delivery, Notice

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


@pytest.fixture
def asked(catalogue, administrator):
    return request_plan(
        Plan.objects.get(key="msa-enterprise"),
        company="Fjord Ferries",
        name="Liv Dahl",
        email="liv@fjord.example",
        phone="",
        message="900 seats.",
        now=NOW,
    )


def test_a_request_is_kept_with_the_edition_that_was_shown(asked):
    kept = PlanRequest.objects.get()
    assert (kept.plan.key, kept.edition.key) == ("msa-enterprise", "msa-enterprise")
    assert (kept.company, kept.name, kept.requested_at) == ("Fjord Ferries", "Liv Dahl", NOW)
    assert kept.handled_at is None


def test_administrators_are_told_and_the_sender_gets_no_mail(asked, administrator):
    notice = Notice.objects.get()
    assert notice.recipient == administrator
    assert notice.subject == "MSA Enterprise requested by Fjord Ferries"
    assert notice.path == f"/plan-requests/{asked.pk}/"
    assert [one.address for one in Delivery.objects.all()] == [administrator.email]


def test_a_request_is_handled_once(asked, administrator):
    handle_plan_request(asked, outcome="Offer sent.", by=administrator, now=NOW)
    asked.refresh_from_db()
    assert (asked.handled_at, asked.handled_by, asked.outcome) == (
        NOW,
        administrator,
        "Offer sent.",
    )
    event = AuditEvent.objects.order_by("-pk")[0]
    assert (event.action, event.reason) == ("plan request handled", "Offer sent.")
    with pytest.raises(ContractConflict):
        handle_plan_request(asked, outcome="Again.", by=administrator)
    asked.refresh_from_db()
    assert asked.outcome == "Offer sent."


@pytest.mark.parametrize("person", ["engineer", "tam", "support_manager", "manager"])
def test_only_an_administrator_handles_requests(request, asked, person):
    by = request.getfixturevalue(person)
    with pytest.raises(NotAllowed):
        handle_plan_request(asked, outcome="Mine.", by=by)
    asked.refresh_from_db()
    assert asked.handled_at is None


@pytest.fixture
def own(asked, customer):
    """A request of Northwind's, beside the one of a stranger."""
    return request_plan(
        Plan.objects.get(key="msa-plus"),
        company="Northwind Logistics",
        name="Elena Brandt",
        email="elena@northwind.example",
        phone="",
        message="",
        customer=customer,
    )


@pytest.mark.parametrize("person", ["administrator", "support_manager"])
def test_administrators_and_support_managers_see_all_requests(request, asked, own, person):
    seen = PlanRequest.objects.visible_to(request.getfixturevalue(person))
    assert set(seen) == {asked, own}


@pytest.mark.parametrize("person", ["manager", "tam"])
def test_a_manager_and_a_tam_see_the_requests_of_their_customers(request, own, person):
    assert list(PlanRequest.objects.visible_to(request.getfixturevalue(person))) == [own]


@pytest.mark.parametrize("person", ["contact", "colleague", "foreign_contact", "engineer"])
def test_nobody_else_sees_requests(request, own, person):
    assert not PlanRequest.objects.visible_to(request.getfixturevalue(person)).exists()
