from datetime import timedelta

import pytest

from tickets.operations.queue_layouts import Layout, layout_of


@pytest.fixture
def desk(client, engineer):
    client.force_login(engineer)
    return client


def test_columns_and_density_are_kept_for_the_person(desk, engineer, duty_lead, ticket):
    sent = {"column": ["due", "status"], "density": "compact", "_page": "/queue/?view=open"}
    answer = desk.post("/queue/layout/", sent)
    assert answer["Location"] == "/queue/?view=open"
    page = desk.get("/queue/?view=open").content.decode()
    assert (
        '<table class="queue queue--own queue--compact queue--no-customer queue--no-tier '
        'queue--no-product queue--no-who queue--no-updated">' in page
    )
    assert layout_of(duty_lead) == Layout()
    desk.post("/queue/layout/", {"standard": "yes"})
    assert '<table class="queue">' in desk.get("/queue/?view=open").content.decode()
    engineer.refresh_from_db()
    assert engineer.looks == {}


@pytest.mark.parametrize(
    "sent", [{"column": ["password"], "density": "compact"}, {"column": ["due"], "density": "x"}]
)
def test_what_is_no_column_of_ours_is_refused(desk, engineer, sent):
    assert desk.post("/queue/layout/", sent).status_code == 422
    engineer.refresh_from_db()
    assert engineer.looks == {}


def test_it_leads_nowhere_else(desk):
    sent = {"density": "compact", "_page": "https://elsewhere.example/queue/"}
    assert desk.post("/queue/layout/", sent)["Location"] == "/queue/"


def place(desk, ticket, **headers) -> str:
    answer = desk.get(f"/queue/{ticket.number}/place/", headers=headers)
    return str(answer.content.decode())


def test_a_ticket_says_why_it_stands_where_it_does(desk, ticket, tuesday, monkeypatch):
    # High on MSA Business: eight business hours from Tue 11:00 ET.
    assert (
        "is not at risk yet: its answer is due Tue 10 Mar, 19:00 ET; there counts, in this order: "
        "severity High, its plan’s weight of 3, then its due time." in place(desk, ticket)
    )
    later = tuesday + timedelta(hours=9)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert "is overdue: its answer was due Tue 10 Mar, 19:00 ET" in place(desk, ticket)


def test_the_sentence_alone_is_put_beside_the_row(desk, ticket):
    told = place(desk, ticket, hx_request="true")
    assert told.strip().startswith("<p")
    assert "<html" not in told
