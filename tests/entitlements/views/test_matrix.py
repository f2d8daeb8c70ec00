"""Who gets which answer from every page of plans, customers and contracts: the written table.

An address that is not in the table fails the run. A POST is sent empty: 422 and 302 mean let in.
"""

from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from entitlements import urls
from entitlements.models import (
    Contract,
    Invitation,
    Membership,
    Plan,
    PlanRequest,
    TopUpRequest,
)
from entitlements.operations.customers import remove_person
from entitlements.operations.invitations import invite_person
from entitlements.operations.plan_requests import request_plan
from entitlements.operations.top_ups import request_top_up
from tests.factories import entitlements as factory

CAST = (
    "anonymous",
    "disabled",
    "contact",
    "colleague",
    "manager",
    "foreign_contact",
    "engineer",
    "analyst",
    "duty_lead",
    "support_manager",
    "tam",
    "administrator",
)


def row(*statuses: int) -> dict[str, int]:
    return dict(zip(CAST, statuses, strict=True))


# fmt: off
# Everything asked for belongs to Northwind; the plan request came from a stranger.
#                    anon dis  cont coll mana fore engi anal lead mngr tam  admi
PUBLIC         = row(200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200)
LED_ON         = row(302, 302, 302, 302, 302, 302, 302, 302, 302, 302, 302, 302)
COMPANY        = row(302, 302, 200, 200, 200, 404, 302, 404, 302, 302, 302, 302)
STAFF          = row(302, 302, 403, 403, 403, 403, 200, 200, 200, 200, 200, 200)
CUSTOMERS      = row(302, 302, 403, 403, 403, 403, 200, 403, 200, 200, 200, 200)
CUSTOMER       = row(302, 302, 403, 403, 403, 404, 200, 404, 200, 200, 200, 200)
ADMINISTRATION = row(302, 302, 403, 403, 403, 403, 403, 403, 403, 403, 403, 200)
ADMINISTERED   = row(302, 302, 403, 403, 403, 404, 403, 404, 403, 403, 403, 200)
MANAGED        = row(302, 302, 403, 403, 200, 404, 403, 404, 403, 403, 403, 200)
HISTORY        = row(302, 302, 403, 403, 200, 404, 403, 404, 403, 403, 403, 403)
LEDGER         = row(302, 302, 200, 403, 200, 404, 302, 404, 302, 302, 302, 302)
TOP_UP         = row(302, 302, 403, 403, 403, 403, 403, 403, 403, 200, 200, 200)
REQUESTS       = row(302, 302, 403, 403, 403, 403, 403, 403, 403, 200, 200, 200)
REQUEST        = row(302, 302, 403, 403, 403, 403, 403, 403, 403, 200, 404, 200)
MANAGED_FORM   = row(302, 302, 403, 403, 422, 404, 403, 404, 403, 403, 403, 422)
MANAGED_CHANGE = row(302, 302, 403, 403, 302, 404, 403, 404, 403, 403, 403, 302)
CREDIT_FORM    = row(302, 302, 403, 403, 403, 404, 403, 404, 422, 422, 403, 403)
ADMIN_FORM     = row(302, 302, 403, 403, 403, 403, 403, 403, 403, 403, 403, 422)
CUSTOMER_FORM  = row(302, 302, 403, 403, 403, 404, 403, 404, 403, 403, 403, 422)
REQUEST_FORM   = row(422, 422, 422, 422, 422, 422, 422, 422, 422, 422, 422, 422)
ROLES_TAKEN    = row(302, 302, 403, 403, 403, 403, 403, 403, 403, 403, 403, 302)
# A request that only some may handle: the others who see it are told so.
OUTCOME_FORM   = row(302, 302, 403, 403, 403, 403, 403, 403, 403, 403, 404, 422)
# fmt: on

GET = {
    "plan_list": PUBLIC,
    "plan": PUBLIC,
    "plan_request_new": PUBLIC,
    "plan_request_sent": PUBLIC,
    "company": COMPANY,
    "customer_list": CUSTOMERS,
    "customer_new": ADMINISTRATION,
    "customer": CUSTOMER,
    "customer_edit": ADMINISTERED,
    "company_people": COMPANY,
    "company_history": HISTORY,
    "company_incidents": LEDGER,
    "invitation_new": MANAGED,
    "invitation": row(404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "top_up_list": REQUESTS,
    "top_up": TOP_UP,
    "person_new": ADMINISTERED,
    "person_edit": MANAGED,
    "contract_new": ADMINISTERED,
    "contract_list": CUSTOMERS,
    "contract": CUSTOMER,
    "amendment_new": ADMINISTERED,
    "plan_request_list": REQUESTS,
    "plan_request": REQUEST,
    "edition_list": STAFF,
    "objectives": ADMINISTRATION,
    "calendar_list": STAFF,
    "calendar": STAFF,
    "company_webhooks": MANAGED,
    "company_webhook_new": MANAGED,
    "person_list": ADMINISTRATION,
    "staff_member_new": ADMINISTRATION,
    "staff_member_edit": ADMINISTRATION,
}
POST = {
    "plan_request_new": REQUEST_FORM,
    "customer_new": ADMIN_FORM,
    "customer_edit": CUSTOMER_FORM,
    "person_new": CUSTOMER_FORM,
    "person_return": row(302, 302, 403, 403, 302, 404, 403, 404, 403, 403, 403, 403),
    "night_calls": row(302, 302, 302, 403, 302, 404, 403, 404, 403, 403, 403, 302),
    "top_up_new": row(302, 302, 422, 403, 422, 404, 302, 404, 302, 302, 302, 302),
    "top_up_withdrawal": row(302, 302, 403, 403, 302, 404, 403, 404, 403, 403, 403, 403),
    "top_up": row(302, 302, 403, 403, 403, 403, 403, 403, 403, 403, 403, 422),
    "invitation_new": MANAGED_FORM,
    "invitation": row(404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "invitation_sending": row(302, 302, 403, 403, 409, 404, 403, 404, 403, 403, 403, 409),
    "invitation_withdrawal": MANAGED_CHANGE,
    "person_edit": MANAGED_CHANGE,
    "person_removal": MANAGED_CHANGE,
    "contract_new": CUSTOMER_FORM,
    "amendment_new": CUSTOMER_FORM,
    "credit_new": CREDIT_FORM,
    "seat_new": MANAGED_FORM,
    "seat_return": MANAGED_CHANGE,
    "seat_swap": MANAGED_FORM,
    "plan_request": OUTCOME_FORM,
    "company_webhook_new": MANAGED_FORM,
    "staff_member_new": ADMIN_FORM,
    "staff_member_edit": ROLES_TAKEN,
    "objectives": ROLES_TAKEN,  # nothing typed changes nothing
}


@dataclass
class Stage:
    """The cast on stage, and the things the addresses name."""

    people: dict[str, User]
    contract: Contract
    plan_request: PlanRequest
    top_up: TopUpRequest
    invitation: Invitation
    left: Membership

    def address(self, name: str) -> str:
        slug = self.contract.customer.slug
        number = self.contract.number
        contact = self.people["contact"].memberships.get().pk
        seat = self.contract.seat_holdings.get().pk
        arguments: dict[str, tuple[object, ...]] = {
            "plan": ("msa-plus",),
            "plan_request_new": ("msa-plus",),
            "plan_request_sent": ("msa-plus",),
            "company": (slug,),
            "customer": (slug,),
            "customer_edit": (slug,),
            "person_new": (slug,),
            "person_edit": (slug, contact),
            "person_removal": (slug, contact),
            "contract_new": (slug,),
            "contract": (number,),
            "amendment_new": (number,),
            "credit_new": (number,),
            "seat_new": (number,),
            "seat_return": (number, seat),
            "seat_swap": (number, seat),
            "company_people": (slug,),
            "company_history": (slug,),
            "company_incidents": (slug,),
            "night_calls": (slug, contact),
            "person_return": (slug, self.left.pk),
            "top_up_new": (slug,),
            "top_up_withdrawal": (slug, self.top_up.pk),
            "top_up": (self.top_up.pk,),
            "invitation_new": (slug,),
            "invitation_sending": (slug, self.invitation.pk),
            "invitation_withdrawal": (slug, self.invitation.pk),
            "invitation": ("nobody-was-sent-this",),
            "plan_request": (self.plan_request.pk,),
            "calendar": ("msa-business-hours",),
            "objectives": ("msa-plus",),
            "company_webhooks": (slug,),
            "company_webhook_new": (slug,),
            "staff_member_edit": (self.people["analyst"].pk,),
        }
        return reverse(name, args=arguments.get(name, ()))

    def client(self, person: str) -> Client:
        client = Client()
        if person == "anonymous":
            return client
        client.force_login(self.people["colleague" if person == "disabled" else person])
        if person == "disabled":
            User.objects.filter(pk=self.people["colleague"].pk).update(is_active=False)
        return client

    def answers(self, name: str, method: str) -> dict[str, int]:
        """Ask as everybody in turn; what each changed is taken back before the next."""
        address = self.address(name)
        found = {}
        for person in CAST:
            with transaction.atomic():
                found[person] = getattr(self.client(person), method)(address).status_code
                transaction.set_rollback(True)
        return found


@pytest.fixture
def stage(request: pytest.FixtureRequest, db: None, tuesday: object) -> Stage:
    names = [name for name in CAST if name not in {"anonymous", "disabled"}]
    contract = request.getfixturevalue("contract")
    people = {name: request.getfixturevalue(name) for name in names}
    plan_request = request_plan(
        Plan.objects.get(key="msa-plus"),
        company="Fjord Ferries",
        name="Liv Dahl",
        email="liv@fjord.example",
        phone="",
        message="",
    )
    customer, manager = contract.customer, people["manager"]
    invitation = invite_person(
        customer,
        email="new@northwind.example",
        is_manager=False,
        sees_company=False,
        gives_seat=False,
        by=manager,
    )
    left = remove_person(factory.make_person(customer, "Otto Left"), by=manager)
    top_up = request_top_up(contract, amount=6, reason="", by=manager)
    return Stage(people, contract, plan_request, top_up, invitation, left)


@pytest.mark.parametrize("name", GET)
def test_each_page_opens_for_whom_the_table_says(stage, name):
    assert stage.answers(name, "get") == GET[name]


@pytest.mark.parametrize("name", POST)
def test_each_change_is_let_in_for_whom_the_table_says(stage, name):
    assert stage.answers(name, "post") == POST[name]


def test_the_company_of_no_name_leads_everybody_on(stage):
    found = {
        person: stage.client(person).get("/companies/").status_code
        for person in CAST
        if person != "disabled"
    }
    assert found == {person: status for person, status in LED_ON.items() if person != "disabled"}


def test_every_address_is_in_the_table():
    names = {pattern.name for pattern in urls.urlpatterns}
    assert names == set(GET) | set(POST)


@pytest.mark.parametrize("name", [name for name in POST if name not in GET])
def test_a_change_is_never_made_by_opening_a_page(stage, name):
    assert stage.client("administrator").get(stage.address(name)).status_code == 405


@pytest.mark.parametrize("name", [name for name in GET if name not in POST])
def test_a_page_takes_no_changes(stage, name):
    assert stage.client("administrator").post(stage.address(name)).status_code == 405


@pytest.mark.parametrize(
    "address",
    [
        "/customers/nobody/",
        "/customers/nobody/edit/",
        "/contracts/C-NONE/",
        "/contracts/C-NONE/amendments/new/",
        "/companies/nobody/plan/",
        "/plan-requests/999999/",
        "/people/999999/",
        "/plans/msa-gold/",
        "/plans/msa-gold/request/",
    ],
)
def test_what_does_not_exist_is_not_found(stage, address):
    assert stage.client("administrator").get(address).status_code == 404


@pytest.mark.parametrize("name", ["customer", "contract", "company", "person_new"])
def test_unseen_reads_like_missing(stage, name):
    """The page of another company answers as one that does not exist."""
    client = stage.client("foreign_contact")
    address = stage.address(name)
    unseen = client.get(address)
    missing = client.get(
        address.replace(stage.contract.customer.slug, "x").replace(stage.contract.number, "C-X")
    )
    assert unseen.status_code == missing.status_code == 404
    assert "Northwind" not in unseen.content.decode()


def test_somebody_elses_membership_cannot_be_named_through_ones_own_company(
    stage, manager, foreign_contact
):
    foreign = foreign_contact.memberships.get()
    own = stage.contract.customer.slug
    client = stage.client("manager")
    assert client.get(reverse("person_edit", args=(own, foreign.pk))).status_code == 404
    assert client.post(reverse("person_removal", args=(own, foreign.pk))).status_code == 404
    foreign.refresh_from_db()
    assert foreign.left_at is None


def test_somebody_elses_seat_cannot_be_named_through_ones_own_contract(stage, foreign_contract):
    foreign = foreign_contract.seat_holdings.get()
    number = stage.contract.number
    client = stage.client("manager")
    for name in ("seat_return", "seat_swap"):
        assert client.post(reverse(name, args=(number, foreign.pk))).status_code == 404
    foreign.refresh_from_db()
    assert foreign.held_until is None
