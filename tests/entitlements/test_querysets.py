"""What the database is asked must be what the models say."""

from datetime import UTC, date, datetime

import pytest

from accounts.choices import Role
from entitlements.choices import ContractState
from entitlements.models import Contract, Customer, Edition, Membership, TamTeam
from entitlements.operations import contracts as operations
from entitlements.operations.customers import remove_person
from entitlements.operations.signing import sign_contract
from tests.factories import entitlements as factory

pytestmark = pytest.mark.django_db

SIGNED = datetime(2025, 1, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def contracts(catalogue, administrator):
    """One contract of each kind of history, in different zones."""

    def sign(name: str, starts_on: date, ends_on: date, zone: str = "America/New_York") -> Contract:
        customer = factory.make_customer(name)
        return sign_contract(
            customer,
            number=f"C-{customer.pk}",
            edition=Edition.objects.get(key="msa-plus"),
            starts_on=starts_on,
            ends_on=ends_on,
            zone=zone,
            by=administrator,
            now=SIGNED,
        )

    year = (date(2025, 1, 1), date(2025, 12, 31))
    sign("Plain", *year)
    sign("Kiribati", *year, zone="Pacific/Kiritimati")
    sign("Samoa", *year, zone="Pacific/Pago_Pago")
    suspended = sign("Suspended", *year)
    operations.suspend_contract(suspended, reason="Unpaid.", by=administrator, now=SIGNED)
    ended = sign("Ended early", *year)
    operations.terminate_contract(
        ended, last_day=date(2025, 6, 30), reason="Merged.", by=administrator, now=SIGNED
    )
    at_its_end = sign("Ended on its last day", *year)
    operations.terminate_contract(
        at_its_end, last_day=date(2025, 12, 31), reason="Over.", by=administrator, now=SIGNED
    )
    cancelled = sign("Cancelled", date(2025, 11, 1), date(2025, 12, 31))
    operations.cancel_contract(cancelled, reason="Mistake.", by=administrator, now=SIGNED)
    draft = sign("Draft", *year)
    Contract.objects.filter(pk=draft.pk).update(signed_at=None)
    return list(Contract.objects.all())


@pytest.mark.parametrize(
    "now",
    [
        datetime(2024, 12, 31, 9, 59, tzinfo=UTC),
        datetime(2024, 12, 31, 10, 0, tzinfo=UTC),  # 1 January in Kiritimati
        datetime(2025, 1, 1, 5, 0, tzinfo=UTC),
        datetime(2025, 1, 1, 11, 0, tzinfo=UTC),  # 1 January in Pago Pago
        datetime(2025, 5, 1, 12, 0, tzinfo=UTC),
        datetime(2025, 7, 1, 3, 59, tzinfo=UTC),
        datetime(2025, 7, 1, 4, 0, tzinfo=UTC),
        datetime(2025, 11, 1, 12, 0, tzinfo=UTC),
        datetime(2025, 11, 2, 12, 0, tzinfo=UTC),
        datetime(2025, 12, 31, 12, 0, tzinfo=UTC),
        datetime(2026, 1, 1, 5, 0, tzinfo=UTC),
        datetime(2026, 1, 1, 12, 0, tzinfo=UTC),
    ],
)
def test_the_state_asked_of_the_database_is_the_state_of_the_contract(contracts, now):
    by_model = {one.customer.name: one.state_at(now) for one in contracts}
    by_database = {
        one.customer.name: state
        for state in ContractState
        for one in Contract.objects.in_state(state, now).select_related("customer")
    }
    assert by_database == by_model


def test_a_contract_is_in_one_state_only(contracts):
    now = datetime(2025, 11, 20, 12, 0, tzinfo=UTC)
    found = [one.pk for state in ContractState for one in Contract.objects.in_state(state, now)]
    assert sorted(found) == sorted(one.pk for one in contracts)


def test_contracts_that_end_first_come_first(contracts):
    names = [one.customer.name for one in Contract.objects.ending_first()]
    assert names[0] == "Ended early"


def test_support_and_administrators_see_every_customer(
    request, customer, foreign_customer, administrator
):
    for person in ("engineer", "duty_lead", "support_manager", "administrator"):
        user = request.getfixturevalue(person)
        assert set(Customer.objects.visible_to(user)) == {customer, foreign_customer}


def test_people_see_the_company_they_belong_to(contract, foreign_contract, contact, colleague):
    for person in (contact, colleague):
        assert list(Customer.objects.visible_to(person)) == [contract.customer]
        assert list(Contract.objects.visible_to(person)) == [contract]
        assert {one.customer for one in Membership.objects.visible_to(person)} == {
            contract.customer
        }


def test_a_tam_sees_assigned_customers_and_those_of_the_team(customer, foreign_customer, tam):
    assert list(Customer.objects.visible_to(tam)) == [customer]
    team = TamTeam.objects.create(name="East")
    team.members.add(tam)
    Customer.objects.filter(pk=foreign_customer.pk).update(tam_team=team)
    assert set(Customer.objects.visible_to(tam)) == {customer, foreign_customer}


def test_being_named_as_tam_means_nothing_without_the_role(customer, tam):
    tam.roles = [Role.ANALYST]
    tam.save()
    assert not Customer.objects.visible_to(tam).exists()


def test_an_analyst_sees_no_customer(customer, analyst):
    assert not Customer.objects.visible_to(analyst).exists()


def test_somebody_who_left_or_is_disabled_sees_nothing(contract, contact, colleague, administrator):
    remove_person(contact.memberships.get(), by=administrator)
    assert not Customer.objects.visible_to(contact).exists()
    colleague.is_active = False
    colleague.save()
    assert not Contract.objects.visible_to(colleague).exists()


def test_a_person_in_two_teams_does_not_repeat_a_customer(customer, tam):
    team = TamTeam.objects.create(name="East")
    team.members.add(tam, factory.make_staff_member("Uma Bay", Role.TAM))
    Customer.objects.filter(pk=customer.pk).update(tam_team=team)
    assert Customer.objects.visible_to(tam).count() == 1
