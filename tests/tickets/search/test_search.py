"""The search: what it finds, in which order, for whom, and what it says of odd questions."""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Contract, Customer
from tests.factories import entitlements as factory
from tests.factories.tickets import TUESDAY, make_ticket
from tests.programs import program_of
from tests.tickets.views.reading import queries_of, words
from tickets.choices import TicketKind
from tickets.models import Message, Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import answer_ticket, write_message, write_note
from tickets.operations.lifecycle import resolve_ticket
from tickets.operations.tags import change_tags
from tickets.search import finding
from tickets.search.asking import read_question
from tickets.search.finding import find_tickets

HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


@pytest.fixture
def foreign_ticket(foreign_contact: User, foreign_customer: Customer) -> Ticket:
    return make_ticket(foreign_contact, foreign_customer, subject="Zaunkoenig at the gateway")


def found(question: str, by: User, **given: Any) -> list[Ticket]:
    answer = find_tickets(read_question(question), by=by, now=TUESDAY + HOUR, **given)
    rows = Ticket.objects.in_bulk(answer.keys)
    return [rows[key] for key in answer.keys]


def service(by: User, customer: Customer, **given: Any) -> Ticket:
    return make_ticket(by, customer, kind=TicketKind.BREAK_FIX, **given)


def page(client: Client, by: User, question: str) -> Any:
    client.force_login(by)
    return client.get(reverse("search"), {"q": question})


def test_words_are_found_wherever_they_are_said(
    ticket: Ticket, contact: User, engineer: User
) -> None:
    log = SimpleUploadedFile("kestrel_spool.tar.gz", b"12345")
    write_message(ticket, body="The osprey has landed.", by=contact, files=[log])
    write_note(ticket, body="Our heron rule.", by=engineer)

    for question in ("quarantined", "printing", "osprey", "kestrel", "heron", "printer osprey"):
        assert found(question, engineer) == [ticket], question
    assert found("printer -osprey", engineer) == []
    assert found("printer -heron", engineer) == []
    assert found("sparrow", engineer) == []


def test_a_phrase_is_its_words_in_order(ticket: Ticket, engineer: User) -> None:
    assert found('"printer driver"', engineer) == [ticket]
    assert found('"driver printer"', engineer) == []


def test_a_word_in_the_subject_comes_before_one_in_a_message(
    contact: User, customer: Customer, engineer: User
) -> None:
    subject = service(contact, customer, subject="Kestrel fails", description="Since today.")
    message = service(contact, customer, subject="Something fails", description="Since today.")
    write_message(message, body="It is the kestrel.", by=contact)

    assert found("kestrel", engineer) == [subject, message]


def test_a_note_and_its_files_are_found_by_staff_alone(
    ticket: Ticket, contact: User, manager: User, engineer: User, tam: User, analyst: User
) -> None:
    trace = SimpleUploadedFile("wagtail.txt", b"12345")
    write_note(ticket, body="Our heron rule.", by=engineer, files=[trace])

    for question in ("heron", "wagtail"):
        assert found(question, engineer) == found(question, tam) == [ticket]
        assert found(question, contact) == found(question, manager) == []
        assert found(question, analyst) == []
    # What a note holds must not show by what is left out either.
    assert found("printer -heron", contact) == [ticket]


def test_nobody_finds_a_ticket_of_another_company(
    ticket: Ticket, foreign_ticket: Ticket, contact: User, foreign_contact: User, tam: User
) -> None:
    for by in (contact, tam):
        assert found("zaunkoenig", by) == []
        assert found("is:open", by) == [ticket]
        assert found("severity:2 -printer", by) == []
    assert found("is:open", foreign_contact) == [foreign_ticket]


def test_a_page_tells_a_customer_nothing_of_others(
    client: Client, ticket: Ticket, foreign_ticket: Ticket, contact: User, engineer: User
) -> None:
    write_note(ticket, body="Our heron rule.", by=engineer)

    for question in (
        "zaunkoenig",
        str(foreign_ticket.number),
        "heron",
        "customer:Eastgate",
        "Owen",
        "Eastgate",
        "assignee:Mara",
    ):
        text = page(client, contact, question).content.decode()
        assert "Zaunkoenig at" not in text
        assert "Our heron" not in text
        assert "Eastgate Hospitals" not in text
        assert "Owen Hart" not in text
        assert foreign_ticket.get_absolute_url() not in text


def test_operators_narrow(
    contact: User, customer: Customer, engineer: User, foreign_ticket: Ticket
) -> None:
    high = make_ticket(contact, customer)
    low = service(contact, customer, severity=Severity.LOW, subject="Kestrel", now=TUESDAY + HOUR)
    take_ticket(high, by=engineer)
    resolve_ticket(low, resolution="Done.", by=engineer, now=TUESDAY + 2 * HOUR)

    assert found("severity:4", engineer) == [low]
    assert found("severity:high customer:northwind", engineer) == [high]
    assert found('customer:"Eastgate Hosp"', engineer) == [foreign_ticket]
    assert found("assignee:me", engineer) == [low, high]  # whoever resolves it has it
    assert found("assignee:none", engineer) == [foreign_ticket]
    assert found("assignee:kovac is:open", engineer) == [high]
    assert found("state:resolved", engineer) == [low]
    assert found("is:closed", engineer) == [low]
    assert found("-is:open", engineer) == [low]
    assert found("is:mine", contact) == [low, high]
    assert found("kestrel is:open", engineer) == []
    assert found("before:2026-03-10", engineer) == []
    assert found("after:2026-03-10 severity:4", engineer) == [low]
    assert found("after:2026-03-11", engineer) == []


def test_overdue_is_what_broke_its_promise(ticket: Ticket, engineer: User) -> None:
    late = TUESDAY + timedelta(days=2)
    overdue = read_question("is:overdue")

    assert find_tickets(overdue, by=engineer, now=TUESDAY + HOUR).keys == []
    assert find_tickets(overdue, by=engineer, now=late).keys == [ticket.pk]


def test_a_day_begins_where_the_reader_is(ticket: Ticket, engineer: User) -> None:
    # Filed on Tuesday at 11:00 ET, which is Wednesday 00:00 in Tokyo.
    engineer.timezone = "Asia/Tokyo"
    assert found("after:2026-03-11", engineer) == [ticket]

    engineer.timezone = "America/New_York"
    assert found("after:2026-03-11", engineer) == []


@pytest.mark.parametrize(
    ("question", "hint"),
    [
        ("colour:red", "“colour:” is no operator"),
        ("severity:9", "severity: 1, 2, 3 or 4"),
        ("before:yesterday", "before: a day such as"),
        ("before:9999-99-99", "before: a day such as"),
        ("is:purple", "is: open, closed, overdue"),
        ("customer:nobody", "customer: no company’s name begins with “nobody”"),
        ("product:none", "product: there is no product “none”"),
        ("state:lost", "state: open, new"),
        ("assignee:nobodyatall", "assignee: “nobodyatall” has no ticket"),
        ("-printer", "Add a word to look for"),
    ],
)
def test_what_means_nothing_is_answered_with_a_hint(
    client: Client, ticket: Ticket, engineer: User, question: str, hint: str
) -> None:
    response = page(client, engineer, question)

    assert response.status_code == 200
    assert hint in words(response)


def test_a_customer_is_not_told_of_operators_for_staff(
    client: Client, ticket: Ticket, contact: User
) -> None:
    response = page(client, contact, "assignee:me")

    assert "“assignee:” is no operator" in words(response)
    assert "assignee:me" not in words(response).replace("assignee:me", "", 1)


@pytest.mark.parametrize("role", [Role.TAM, Role.ANALYST])
def test_staff_find_nothing_of_ours_on_the_tickets_of_a_company_they_belong_to(
    contract: Contract,
    customer: Customer,
    contact: User,
    tam: User,
    engineer: User,
    ticket: Ticket,
    role: Role,
) -> None:
    person = factory.make_contact(contract, "Ruth Adler").membership.user
    person.roles = [role.value]
    person.save()
    change_tags(ticket, add=["fraud-suspect"], by=engineer)
    late = TUESDAY + timedelta(hours=7)

    for question in ("tag:fraud-suspect", "is:at-risk"):
        asked = read_question(question)
        assert find_tickets(asked, by=person, now=late).keys == []
        assert find_tickets(asked, by=tam, now=late).keys == [ticket.pk]
        assert find_tickets(asked, by=engineer, now=late).keys == [ticket.pk]
    assert found("is:open -tag:fraud-suspect", person) == [ticket]


def test_nothing_somebody_wrote_becomes_markup(
    client: Client, contact: User, customer: Customer, engineer: User
) -> None:
    attack = "<script>alert(1)</script> <img src=x onerror=1> \x02kestrel\x03 <mark>"
    ticket = service(contact, customer, subject="A kestrel <b>bold</b>", description=attack)
    Message.objects.create(ticket=ticket, author=contact, body=attack, from_staff=False, at=TUESDAY)

    text = page(client, engineer, "kestrel").content.decode()

    assert "A <mark>kestrel</mark> &lt;b&gt;bold&lt;/b&gt;" in text
    for markup in ("<script>alert", "<img src=x", "<b>bold", "\x02", "\x03"):
        assert markup not in text


def test_any_text_is_answered(
    client: Client, ticket: Ticket, engineer: User, contact: User
) -> None:
    rng = random.Random(7)
    odd = [
        "\x00", "'", '"', '""', "-", "--", ":", "is:", '-"', "a:b:c", "&|!()<->", "\\", "%", "_",
        "' OR 1=1 --", "the", "the and", "🐦", "ﬀ", "a" * 500, "severity:", "before:", 'is:"open',
        "customer:%", "-customer:nobody", "after:0001-01-01", "before:9999-12-31", "*:*", "<->",
        "severity:²", "#", "TK-", "99999999999999999999", "\ud800",
    ]  # fmt: skip
    signs = [*"abc \"'-:&|!()<>*\\%_\x00\n\té§", "is:", "severity:", "before:", "TK-"]
    odd += ["".join(rng.choices(signs, k=rng.randint(1, 30))) for _ in range(60)]
    for by in (engineer, contact):
        client.force_login(by)
        for question in odd:
            sendable = question.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
            assert client.get(reverse("search"), {"q": sendable}).status_code == 200, question


@pytest.mark.parametrize("after", ["", "x", "1.2", "1.2.3.4", "-1.2.3", "9" * 40, "1.1.²"])
def test_a_place_that_is_not_ours_is_the_first_page(
    client: Client, ticket: Ticket, engineer: User, after: str
) -> None:
    client.force_login(engineer)

    response = client.get(reverse("search"), {"q": "printer", "after": after})

    assert ticket.reference in words(response)


def test_more_goes_through_all_that_match_and_repeats_none(
    contact: User, customer: Customer, engineer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "WINDOW", 5)
    made = []
    for number in range(13):
        subject = "Kestrel kestrel" if number % 3 == 0 else "About a kestrel"
        made.append(service(contact, customer, subject=subject))
    for question in ("kestrel", "is:open"):
        asked, after, seen = read_question(question), None, []
        for _ in range(13):
            answer = find_tickets(asked, by=engineer, now=TUESDAY, after=after, size=2)
            seen += answer.keys
            # What comes meanwhile moves no page.
            service(contact, customer, subject="Kestrel once more")
            if (after := answer.more) is None:
                break
        assert after is None
        assert set(seen) >= {ticket.pk for ticket in made}
        assert len(seen) == len(set(seen))


def test_words_follow_what_is_changed(
    ticket: Ticket, contact: User, customer: Customer, engineer: User
) -> None:
    other = service(contact, customer, subject="Another", description="One.")
    message = write_message(ticket, body="The osprey has landed.", by=contact)

    Message.objects.filter(pk=message.pk).update(ticket=other)
    assert found("osprey", engineer) == [other]
    Message.objects.filter(pk=message.pk).update(body="Gone.")
    assert found("osprey", engineer) == []
    Ticket.objects.filter(pk=other.pk).update(subject="Wagtail")
    assert found("wagtail", engineer) == [other]


def test_a_text_of_any_length_is_taken(ticket: Ticket, contact: User, engineer: User) -> None:
    long = " ".join(f"wørd{number}ßßßß" for number in range(60_000))
    Message.objects.create(ticket=ticket, author=contact, body=long, from_staff=False, at=TUESDAY)
    Message.objects.create(
        ticket=ticket, author=contact, body=long[::-1], from_staff=False, at=TUESDAY
    )
    write_message(ticket, body="The osprey has landed.", by=contact)

    assert found("osprey", engineer) == [ticket]


def test_people_and_companies_are_found_by_staff(
    client: Client, ticket: Ticket, engineer: User, tam: User, foreign_contact: User
) -> None:
    assert "Priya Raman" in words(page(client, engineer, "pri ram"))
    assert "Northwind Logistics" in words(page(client, engineer, "logist"))
    assert "Owen Hart" in words(page(client, engineer, "owen"))
    # An account manager knows the people of their own customers.
    assert "Owen Hart" not in words(page(client, tam, "owen"))
    assert "Priya Raman" in words(page(client, tam, "priya"))


def test_a_number_leads_to_its_ticket(client: Client, ticket: Ticket, contact: User) -> None:
    response = page(client, contact, ticket.reference)

    assert "The ticket with this number" in words(response)
    assert ticket.subject in words(response)


def test_a_page_takes_at_most_twelve_queries(
    client: Client, contact: User, customer: Customer, engineer: User, tam: User
) -> None:
    for by in (engineer, tam, contact):
        client.force_login(by)
        first = make_ticket(contact, customer, subject="Kestrel")
        address = f"{reverse('search')}?q=kestrel"
        one = queries_of(client, address)
        for _ in range(4):
            other = make_ticket(contact, customer, subject="Kestrel")
            write_note(other, body="kestrel", by=engineer)
        assert queries_of(client, address) == one
        assert one <= 12
        assert first.is_open


def test_a_program_is_answered_as_the_page_is(
    ticket: Ticket, foreign_ticket: Ticket, contact: User, engineer: User
) -> None:
    answer_ticket(ticket, body="The osprey has landed.", qualified=True, by=engineer)
    program = program_of(contact)

    answer = program.get("/api/v1/search/", {"q": "osprey colour:red"}).json()

    assert [hit["ticket"]["number"] for hit in answer["results"]] == [ticket.number]
    assert answer["results"][0]["found_in"] == "message"
    assert "<mark>osprey</mark>" in answer["results"][0]["excerpt_html"]
    assert "“colour:” is no operator" in answer["hints"][0]
    assert answer["people"] == answer["companies"] == []
    assert program.get("/api/v1/search/", {"q": "zaunkoenig"}).json()["results"] == []
    assert program.get("/api/v1/search/", {"q": "x", "after": "nowhere"}).status_code == 400
    assert program.get("/api/v1/search/", {"q": "x" * 201}).status_code == 400
