"""Tickets through the API: filed once, promised as the plan says, seen by their own only."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.choices import Role, TokenScope
from accounts.models import User
from accounts.operations import create_api_token
from entitlements.models import Contract, Customer, TamTeam
from tests.factories import entitlements as factory
from tests.factories.tickets import make_ticket
from tests.programs import program_of
from tickets.choices import Channel, EventKind
from tickets.models import Message, Note, Product, Ticket, TicketEvent
from tickets.operations.conversation import write_note
from tickets.operations.tags import change_tags

TICKETS = "/api/v1/tickets/"
FILING = {
    "company": "northwind-logistics",
    "kind": "premium",
    "severity": 2,
    "subject": "Label-printer driver quarantined on 214 hosts",
    "description": "Since the 15:10 database update printing has stopped.",
}
EASTGATE = {**FILING, "company": "eastgate-hospitals"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


def test_a_contact_files_a_premium_incident_and_reads_its_promise(
    contact: User, contract: Contract
) -> None:
    program = program_of(contact)

    answer = program.post(TICKETS, FILING)

    assert answer.status_code == 201
    told = answer.json()
    ticket = Ticket.objects.get()
    assert told["number"] == ticket.number
    assert told["reference"] == f"TK-{ticket.number}"
    assert told["channel"] == Channel.API
    assert told["contract"] == "C-2026-0417"
    assert told["plan"] == "msa-business"
    assert told["filed_by"] == {"name": "Priya Raman", "is_staff": False}
    # MSA Business, High: 8 working hours in 09:00-19:00 ET, from Tue 11:00 ET: Tue 19:00 ET.
    clock = told["clock"]
    assert told["filed_at"] == "2026-03-10T15:00:00Z"
    assert clock["due_at"] == "2026-03-10T23:00:00Z"
    assert clock["target_seconds"] == 8 * 3600
    assert clock["remaining_seconds"] == 8 * 3600
    assert clock["elapsed_seconds"] == 0
    assert clock["state"] == "running"
    assert told["explanation"]["title"] == "8 hours of covered time"
    assert contract.years.get().used == 1
    assert program.get(f"{TICKETS}{ticket.number}/").json() == told


def test_a_clock_tells_what_is_left_and_when_it_is_overdue(
    contact: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = program_of(contact)
    number = program.post(TICKETS, FILING).json()["number"]

    later = datetime(2026, 3, 10, 17, 30, tzinfo=UTC)  # 13:30 ET
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    clock = program.get(f"{TICKETS}{number}/").json()["clock"]
    assert (clock["elapsed_seconds"], clock["remaining_seconds"]) == (9000, 19800)

    next_day = datetime(2026, 3, 11, 14, 0, tzinfo=UTC)  # Wed 10:00 ET: an hour of coverage over
    monkeypatch.setattr("django.utils.timezone.now", lambda: next_day)
    clock = program.get(f"{TICKETS}{number}/").json()["clock"]
    assert (clock["state"], clock["remaining_seconds"]) == ("overdue", -3600)


def test_a_break_fix_ticket_has_no_clock_on_the_business_plan(contact: User) -> None:
    told = program_of(contact).post(TICKETS, {**FILING, "kind": "break_fix"}).json()
    assert told["clock"] is None
    assert told["explanation"] is None
    assert told["plan"] == "standard"


def test_instants_are_utc_whatever_zone_the_reader_keeps(contact: User) -> None:
    User.objects.filter(pk=contact.pk).update(timezone="Asia/Kolkata")
    told = program_of(contact).post(TICKETS, FILING).json()
    assert told["filed_at"].endswith("Z")
    assert told["clock"]["due_at"] == "2026-03-10T23:00:00Z"


def test_product_version_and_criteria_are_kept(contact: User) -> None:
    Product.objects.create(name="Endpoint Guard", versions=["12.4"])
    criterion = program_of(contact).get("/api/v1/plans/").json()["severities"][1]["criteria"][0]
    body = {
        **FILING,
        "product": "Endpoint Guard",
        "version": "12.4",
        "criteria": [criterion],
    }
    told = program_of(contact).post(TICKETS, body).json()
    assert (told["product"], told["version"]) == ("Endpoint Guard", "12.4")
    assert told["criteria"] == [criterion]


def test_a_colleague_without_a_seat_files_no_premium_incident(
    colleague: User, contact: User
) -> None:
    answer = program_of(colleague).post(TICKETS, FILING)
    assert answer.status_code == 403
    (error,) = answer.json()["errors"]
    assert (error["field"], error["code"]) == ("kind", "not_allowed")
    assert not Ticket.objects.exists()


def test_the_last_premium_incident_is_refused_with_the_choices(
    contact: User, contract: Contract
) -> None:
    program = program_of(contact)
    for _ in range(36):  # MSA Business: 36 a year
        assert program.post(TICKETS, FILING).status_code == 201
    answer = program.post(TICKETS, FILING)
    assert answer.status_code == 409
    assert answer.json()["errors"][0]["code"] == "quota_exhausted"
    assert contract.years.get().balance == 0


def test_an_engineer_files_for_a_caller(engineer: User, contact: User) -> None:
    answer = program_of(engineer).post(TICKETS, {**FILING, "on_behalf_of": contact.email})
    assert answer.status_code == 201
    assert Ticket.objects.get().filed_by == contact
    assert Ticket.objects.get().submitted_by == engineer


def test_an_engineer_names_a_caller_of_that_company(
    engineer: User, contact: User, foreign_contact: User
) -> None:
    body = {**FILING, "on_behalf_of": foreign_contact.email}
    answer = program_of(engineer).post(TICKETS, body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "on_behalf_of"


# --- Sent twice ---------------------------------------------------------------------------------


def test_the_same_key_and_body_file_once(contact: User) -> None:
    program, key = program_of(contact), str(uuid.uuid4())
    answers = [program.post(TICKETS, FILING, headers={"Idempotency-Key": key}) for _ in range(3)]
    assert {one.status_code for one in answers} == {201}
    assert len({one.json()["number"] for one in answers}) == 1
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "Something else"},
        {"description": "Something else"},
        {"severity": 3},
        {"kind": "break_fix"},
        {"version": "12.5"},
    ],
)
def test_the_same_key_with_another_body_is_refused(
    contact: User, change: dict[str, object]
) -> None:
    program, headers = program_of(contact), {"Idempotency-Key": str(uuid.uuid4())}
    assert program.post(TICKETS, FILING, headers=headers).status_code == 201
    answer = program.post(TICKETS, {**FILING, **change}, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "key_reused"
    assert Ticket.objects.count() == 1


def test_the_same_key_still_stands_for_its_body_after_the_severity_has_changed(
    contact: User, engineer: User
) -> None:
    program, headers = program_of(contact), {"Idempotency-Key": str(uuid.uuid4())}
    number = program.post(TICKETS, FILING, headers=headers).json()["number"]
    changed = program_of(engineer).post(
        f"{TICKETS}{number}/severity/", {"severity": 1, "reason": "Two sites are down."}
    )
    assert changed.status_code == 200
    assert program.post(TICKETS, FILING, headers=headers).json()["number"] == number


def test_the_same_key_of_another_tenant_is_independent(
    contact: User, foreign_contact: User
) -> None:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    ours = program_of(contact).post(TICKETS, FILING, headers=headers)
    theirs = program_of(foreign_contact).post(TICKETS, EASTGATE, headers=headers)
    assert (ours.status_code, theirs.status_code) == (201, 201)
    assert Ticket.objects.count() == 2


def test_a_key_that_is_no_uuid_is_refused(contact: User) -> None:
    answer = program_of(contact).post(TICKETS, FILING, headers={"Idempotency-Key": "7"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_with_one_key_file_one_ticket(contact: User, contract: Contract) -> None:
    _, secret = create_api_token(contact, name="tests", scope=TokenScope.WRITE, days=1, by=contact)
    key = str(uuid.uuid4())

    def send(_: int) -> tuple[int, int]:
        client = APIClient(HTTP_AUTHORIZATION=f"Bearer {secret}")
        try:
            answer = client.post(TICKETS, FILING, format="json", headers={"Idempotency-Key": key})
            return answer.status_code, answer.json().get("number")
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(20)))

    ticket = Ticket.objects.get()
    assert set(answers) == {(201, ticket.number)}
    assert contract.years.get().used == 1
    assert TicketEvent.objects.filter(kind=EventKind.FILED).count() == 1


# --- Who sees what ------------------------------------------------------------------------------

CANARY = "Quetzalcoatl"


@pytest.fixture
def eastgate_ticket(foreign_contact: User) -> int:
    body = {**EASTGATE, "subject": f"{CANARY} fails", "description": f"About {CANARY}."}
    answer = program_of(foreign_contact).post(TICKETS, body)
    assert answer.status_code == 201
    return int(answer.json()["number"])


def test_nothing_of_another_tenant_is_found_listed_or_counted(
    contact: User, foreign_contact: User, eastgate_ticket: int
) -> None:
    program = program_of(contact)
    own = program.post(TICKETS, FILING).json()["number"]
    for query in (
        "",
        f"?q={CANARY}",
        f"?q=TK-{eastgate_ticket}",
        f"?q={eastgate_ticket}",
        "?company=eastgate-hospitals",
        "?kind=premium",
        "?state=open",
    ):
        text = program.get(f"{TICKETS}{query}").content.decode()
        assert CANARY not in text, query
        assert str(eastgate_ticket) not in text, query
    assert [one["number"] for one in program.get(TICKETS).json()["results"]] == [own]
    found = program_of(foreign_contact).get(f"{TICKETS}?q={CANARY}").json()["results"]
    assert [one["number"] for one in found] == [eastgate_ticket]


@pytest.mark.parametrize(
    ("part", "method"),
    [
        ("", "get"),
        ("messages/", "get"),
        ("messages/", "post"),
        ("notes/", "get"),
        ("events/", "get"),
        ("attachments/", "get"),
        ("closure/", "post"),
        ("reopening/", "post"),
        ("resolution/", "post"),
        ("assignment/", "post"),
        ("assignment/", "delete"),
        ("severity/", "post"),
    ],
)
def test_another_tenants_ticket_is_like_a_missing_one(
    contact: User, eastgate_ticket: int, part: str, method: str
) -> None:
    program = program_of(contact)
    before = TicketEvent.objects.count()
    unseen = getattr(program, method)(f"{TICKETS}{eastgate_ticket}/{part}")
    missing = getattr(program, method)(f"{TICKETS}{eastgate_ticket + 999}/{part}")
    assert (unseen.status_code, unseen.content) == (404, missing.content)
    assert TicketEvent.objects.count() == before


def test_what_is_internal_is_absent_from_everything_a_customer_reads(
    contact: User, manager: User, engineer: User, duty_lead: User
) -> None:
    program = program_of(contact)
    number = program.post(TICKETS, FILING).json()["number"]
    ticket = Ticket.objects.get()
    staff = program_of(engineer)
    assert staff.post(f"{TICKETS}{number}/notes/", {"body": f"{CANARY} one"}).status_code == 201
    write_note(ticket, body=f"{CANARY} two", by=engineer)
    given = staff.post(
        f"{TICKETS}{number}/assignment/",
        {"assignee": duty_lead.email, "reason": f"{CANARY} hand-over"},
    )
    assert given.status_code == 200
    assert Note.objects.count() == 2

    for reader in (contact, manager):
        customer_program = program_of(reader)
        for address in (
            TICKETS,
            f"{TICKETS}?q={CANARY}",
            f"{TICKETS}{number}/",
            f"{TICKETS}{number}/messages/",
            f"{TICKETS}{number}/notes/",
            f"{TICKETS}{number}/events/",
            f"{TICKETS}{number}/attachments/",
            "/api/v1/notices/",
            "/api/v1/companies/",
            "/api/v1/companies/northwind-logistics/contract/",
        ):
            text = customer_program.get(address).content.decode()
            assert f"{CANARY} " not in text, address
            assert "noted" not in text, address
            assert engineer.email not in text, address
            assert duty_lead.email not in text, address
        for name in ("weight", "escalation_level", "at_risk_at"):
            assert name not in customer_program.get(f"{TICKETS}{number}/").json()

    told = staff.get(f"{TICKETS}{number}/").json()
    assert {"weight", "escalation_level", "at_risk_at"} <= set(told)
    assert CANARY in staff.get(f"{TICKETS}{number}/notes/").content.decode()
    assert f"{CANARY} hand-over" in staff.get(f"{TICKETS}{number}/events/").content.decode()


def test_a_portal_user_sees_own_tickets_only(contact: User, colleague: User) -> None:
    program_of(contact).post(TICKETS, FILING)
    own = program_of(colleague).post(TICKETS, {**FILING, "kind": "break_fix"}).json()["number"]
    listed = program_of(colleague).get(TICKETS).json()["results"]
    assert [one["number"] for one in listed] == [own]


# --- Lists --------------------------------------------------------------------------------------


def test_filters_narrow_the_list(contact: User, engineer: User) -> None:
    program, staff = program_of(contact), program_of(engineer)
    premium = program.post(TICKETS, FILING).json()["number"]
    break_fix = program.post(TICKETS, {**FILING, "kind": "break_fix", "severity": 4}).json()[
        "number"
    ]
    staff.post(f"{TICKETS}{premium}/assignment/", {"assignee": "me"})

    def listed(client: APIClient, query: str) -> list[int]:
        return [one["number"] for one in client.get(f"{TICKETS}?{query}").json()["results"]]

    assert listed(program, "kind=premium") == [premium]
    assert listed(program, "severity=4") == [break_fix]
    assert listed(program, "state=in_progress") == [premium]
    assert listed(program, "state=open") == [break_fix, premium]
    assert listed(program, "company=northwind-logistics&kind=break_fix") == [break_fix]
    assert listed(program, "q=printer") == [break_fix, premium]
    assert listed(staff, "assignee=me") == [premium]
    assert listed(program, "assignee=me") == []


def test_pages_hold_25_and_at_most_100_and_lose_nothing(contact: User, customer: Customer) -> None:
    program = program_of(contact)
    numbers = [
        program.post(TICKETS, {**FILING, "kind": "break_fix"}).json()["number"] for _ in range(30)
    ]
    first = program.get(TICKETS).json()
    assert len(first["results"]) == 25
    asked_by_size = program.get(f"{TICKETS}?page_size=25").json()
    assert asked_by_size["results"] == first["results"]
    second = program.get(first["next"]).json()
    found = [one["number"] for one in first["results"] + second["results"]]
    assert found == sorted(numbers, reverse=True)
    assert second["next"] is None
    assert len(program.get(f"{TICKETS}?page_size=1000000000").json()["results"]) == 30
    assert len(program.get(f"{TICKETS}?page_size=7").json()["results"]) == 7


def test_a_list_of_twenty_takes_no_more_queries_than_a_list_of_one(contact: User) -> None:
    program = program_of(contact)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert program.get(TICKETS).status_code == 200
        return len(captured)

    program.post(TICKETS, FILING)
    one = queries()
    for _ in range(19):
        program.post(TICKETS, FILING)
    assert queries() == one
    assert one <= 3  # the token, the tickets; one to spare


STAFF_FIELDS = {"weight", "escalation_level", "tags", "at_risk_at"}


def test_staff_who_are_customers_too_read_of_their_own_companys_tickets_as_customers(
    contact: User, customer: Customer, contract: Contract, foreign_contact: User, engineer: User
) -> None:
    """An account manager with a team, and a seat at a customer of somebody else's."""
    person = factory.make_contact(contract, "Ruth Adler").membership.user
    person.roles = [Role.TAM.value]
    person.save()
    team = TamTeam.objects.create(name="East")
    team.members.add(person)
    their_customer = foreign_contact.memberships.get().customer
    their_customer.tam_team = team
    their_customer.save()
    own = make_ticket(contact, customer)
    theirs = make_ticket(foreign_contact, their_customer)
    for ticket in (own, theirs):
        change_tags(ticket, add=["fraud-suspect"], by=engineer)
    program = program_of(person)

    def fields_of(ticket: Ticket) -> set[str]:
        listed = program.get(TICKETS).json()["results"]
        shown = next(one for one in listed if one["number"] == ticket.number)
        return STAFF_FIELDS & set(shown)

    assert fields_of(own) == set()
    assert fields_of(theirs) == STAFF_FIELDS
    shown = program.get(f"{TICKETS}{own.number}/").json()
    assert not (STAFF_FIELDS | {"acknowledged_by"}) & set(shown)
    shown = program.get(f"{TICKETS}{theirs.number}/").json()
    assert (STAFF_FIELDS | {"acknowledged_by"}) <= set(shown)
    tagged = program.get(f"{TICKETS}?tag=fraud-suspect").json()["results"]
    assert [one["number"] for one in tagged] == [theirs.number]

    with CaptureQueriesContext(connection) as few:
        program.get(TICKETS)
    for _ in range(3):
        make_ticket(foreign_contact, their_customer)
    with CaptureQueriesContext(connection) as many:
        program.get(TICKETS)
    assert len(many) == len(few)


def test_a_message_of_another_ticket_is_not_given_out_for_its_key(contact: User) -> None:
    program, headers = program_of(contact), {"Idempotency-Key": str(uuid.uuid4())}
    one, two = (program.post(TICKETS, FILING).json()["number"] for _ in range(2))
    address = f"{TICKETS}{{}}/messages/"
    sent = program.post(address.format(one), {"body": "Any news?"}, headers=headers)
    again = program.post(address.format(two), {"body": "Any news?"}, headers=headers)
    assert (sent.status_code, again.status_code) == (201, 422)
    assert Message.objects.count() == 1


def test_a_company_without_a_contract_files_on_standard_terms(catalogue: object) -> None:
    customer = factory.make_customer("Tidewater Ferries")
    person = factory.make_person(customer, "Ola Berg").user
    program = program_of(person)
    body = {**FILING, "company": customer.slug}
    assert program.post(TICKETS, body).status_code == 403
    told = program.post(TICKETS, {**body, "kind": "break_fix"}).json()
    assert (told["plan"], told["contract"], told["clock"]) == ("standard", None, None)
