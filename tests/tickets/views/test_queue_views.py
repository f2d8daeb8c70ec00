"""Views of the queue with a name: one's own, the team's, and the one a queue begins with."""

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from accounts.models import AuditEvent, User
from tests.factories import entitlements as people
from tests.tickets.views.reading import words
from tickets.models import QueueView, Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.queue_views import MOST_VIEWS, open_queue_with, save_queue_view

pytestmark = pytest.mark.django_db

SAVE = "/queue/views/"


@pytest.fixture
def desk(client: Client, engineer: User) -> Client:
    client.force_login(engineer)
    return client


@pytest.fixture
def other(db: None) -> User:
    return people.make_staff_member("Jan Novak", Role.ENGINEER)


def save(desk: Client, name: str, address: str, **typed: str) -> Any:
    return desk.post(SAVE, {"name": name, "address": address, **typed}, follow=True)


def test_what_narrows_the_queue_is_saved_under_a_name(desk: Client, engineer: User) -> None:
    address = "/queue/?severity=1&severity=2&turn=us&after=1.2.3"
    response = save(desk, " Ours,  urgent ", address)
    view = QueueView.objects.get()

    assert (view.name, view.query) == ("Ours, urgent", "severity=1&severity=2&turn=us")
    assert (view.owner, view.is_shared) == (engineer, False)
    assert response.redirect_chain == [(f"/queue/?saved={view.pk}&{view.query}", 302)]
    assert f'saved={view.pk}&amp;{view.query.replace("&", "&amp;")}" aria-current="page"' in (
        response.content.decode()
    )
    assert not AuditEvent.objects.filter(action__startswith="queue view").exists()


@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("/queue/mine/?severity=3", "view=mine&severity=3"),
        ("/queue/at-risk/?severity=3", "view=at_risk&severity=3"),
        ("/queue/?view=overdue&severity=3", "view=overdue&severity=3"),
        ("/queue/mine/", "view=mine"),
        ("/queue/?view=open&severity=3", "severity=3"),
        ("//[/?severity=3", "severity=3"),
    ],
)
def test_a_saved_view_holds_its_tab_too(desk: Client, address: str, query: str) -> None:
    save(desk, "Kept", address)

    assert QueueView.objects.get().query == query


def test_a_view_saved_from_ones_own_tickets_shows_no_others(
    desk: Client, engineer: User, ticket: Ticket
) -> None:
    response = save(desk, "Mine", f"/queue/mine/?severity={ticket.severity}")

    assert ticket.reference not in words(response)
    take_ticket(ticket, by=engineer)
    assert ticket.reference in words(desk.get(response.redirect_chain[-1][0]))


def test_a_shared_view_is_the_teams_and_leaves_an_audit_row(
    client: Client, desk: Client, other: User
) -> None:
    save(desk, "Ours", "/queue/?turn=us", is_shared="on")
    save(desk, "Only mine", "/queue/?turn=lab")
    client.force_login(other)
    page = words(client.get("/queue/"))

    assert "Ours , shared with the team" in page
    assert "Only mine" not in page
    assert AuditEvent.objects.get(action="queue view shared").subject == "Ours"


def test_a_queue_begins_with_the_view_chosen(desk: Client, engineer: User, ticket: Ticket) -> None:
    view = save_queue_view("Lab", query="turn=lab", is_shared=False, by=engineer)
    desk.post(reverse("queue_view_opening"), {"view": view.pk})

    assert desk.get("/queue/")["Location"] == f"/queue/?saved={view.pk}&turn=lab"
    assert ticket.reference in words(desk.get("/queue/?view=open"))
    desk.post(reverse("queue_view_opening"))
    assert desk.get("/queue/").status_code == 200


@pytest.mark.parametrize("asked", ["severity=1", "q=nothing+has+this"])
def test_what_takes_the_filters_away_does_not_lead_back_into_the_view_it_opens_with(
    desk: Client, engineer: User, ticket: Ticket, asked: str
) -> None:
    view = save_queue_view("Strict", query=asked, is_shared=False, by=engineer)
    open_queue_with(view, by=engineer)
    page = desk.get(f"/queue/?{asked}").content.decode()

    for label in ("Clear", "Show all", "Words|Severity"):
        [link] = re.findall(
            rf'<a class="[^"]*" href="([^"]*)">(?:<svg.*?</svg>|<span>)?(?:{label})<', page
        )
        assert ticket.reference in words(desk.get(html.unescape(link))), label


def test_an_empty_view_leads_to_all_open_tickets(
    desk: Client, engineer: User, ticket: Ticket
) -> None:
    open_queue_with(
        save_queue_view("Strict", query="severity=1", is_shared=False, by=engineer), by=engineer
    )

    assert 'href="/queue/?view=open">All open tickets' in desk.get("/queue/mine/").content.decode()


def test_a_view_is_renamed_and_deleted_by_its_owner(desk: Client, engineer: User) -> None:
    view = save_queue_view("Lab", query="turn=lab", is_shared=True, by=engineer)
    desk.post(reverse("queue_view_change", args=[view.pk]), {"name": "With the lab"})
    view.refresh_from_db()

    assert (view.name, view.is_shared) == ("With the lab", False)
    assert AuditEvent.objects.get(action="queue view changed").changes == {
        "name": ["Lab", "With the lab"],
        "is_shared": [True, False],
    }
    desk.post(reverse("queue_view_removal", args=[view.pk]))
    assert not QueueView.objects.exists()


def test_only_leads_change_what_others_share(
    client: Client, engineer: User, other: User, duty_lead: User
) -> None:
    view = save_queue_view("Lab", query="turn=lab", is_shared=True, by=engineer)
    removal = reverse("queue_view_removal", args=[view.pk])
    client.force_login(other)
    assert client.post(removal).status_code == 403
    client.force_login(duty_lead)
    assert client.post(removal).status_code == 302

    assert not QueueView.objects.exists()
    assert AuditEvent.objects.get(action="queue view deleted").by == duty_lead


def test_a_private_view_is_nobody_elses(client: Client, engineer: User, duty_lead: User) -> None:
    view = save_queue_view("Lab", query="turn=lab", is_shared=False, by=engineer)
    client.force_login(duty_lead)
    for name in ("queue_view_removal", "queue_view_change"):
        assert client.post(reverse(name, args=[view.pk]), {"name": "x"}).status_code == 404
    assert client.post(reverse("queue_view_opening"), {"view": view.pk}).status_code == 404


def test_ones_own_view_and_the_teams_of_the_same_name_are_told_apart(
    desk: Client, engineer: User, other: User
) -> None:
    theirs = save_queue_view("Lab", query="turn=lab", is_shared=True, by=other)
    own = save_queue_view("Lab", query="turn=lab", is_shared=False, by=engineer)
    page = desk.get(SAVE).content.decode()

    for view, whose in ((theirs, "Shared by Jan Novak"), (own, "Only you see it")):
        assert f'aria-labelledby="view-{view.pk} view-{view.pk}-whose"' in page
        assert f'id="view-{view.pk}-whose">{whose}<' in page


def test_an_account_manager_shares_no_view(client: Client, tam: User) -> None:
    client.force_login(tam)

    assert save(client, "x", "/queue/?turn=us", is_shared="on").status_code == 403
    assert save(client, "x", "/queue/?turn=us").status_code == 200


@pytest.mark.parametrize(
    ("name", "said"),
    [(" ", "Give the view a name."), ("Lab", "There is a view of this name already.")],
)
def test_a_name_is_given_once_and_what_was_typed_comes_back(
    desk: Client, engineer: User, name: str, said: str
) -> None:
    save_queue_view("Lab", query="turn=lab", is_shared=False, by=engineer)
    response = save(desk, name, "/queue/?turn=us")

    assert response.status_code == 422
    assert said in words(response)
    assert 'name="address" value="/queue/?turn=us"' in response.content.decode()


def test_a_name_that_is_refused_comes_back_open_with_the_error_in_front(
    desk: Client, engineer: User
) -> None:
    save_queue_view("Lab", query="turn=lab", is_shared=False, by=engineer)
    ours = save_queue_view("Ours", query="turn=us", is_shared=False, by=engineer)
    response = desk.post(reverse("queue_view_change", args=[ours.pk]), {"name": "Lab"})

    assert response.status_code == 422
    page = words(response)
    assert "The view was not saved. One thing needs a look." in page
    assert "Name: There is a view of this name already." in page
    assert response.content.decode().count("data-focus") == 1
    assert f'href="#view_{ours.pk}_name"' in response.content.decode()


def test_nobody_keeps_more_views_than_can_be_shown(desk: Client, engineer: User) -> None:
    for number in range(MOST_VIEWS):
        save_queue_view(f"View {number}", query="", is_shared=False, by=engineer)

    assert save(desk, "One more", "/queue/").status_code == 422


def test_a_view_that_opens_for_somebody_is_deleted_with_its_mark(engineer: User) -> None:
    view = save_queue_view("Lab", query="turn=lab", is_shared=False, by=engineer)
    open_queue_with(view, by=engineer)
    view.delete()

    assert not QueueView.opens_for.through._default_manager.exists()
