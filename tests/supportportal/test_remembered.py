"""A remembered part is drawn once for equal values, and what is the reader's own comes fresh."""

import pytest
from django.http import HttpRequest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from entitlements.models import Customer
from tests.factories.tickets import make_ticket
from tests.tickets.views.reading import words
from tickets.operations.assignment import take_ticket


def drawn(part: Template, path: str = "/", **values: object) -> str:
    request: HttpRequest = RequestFactory().get(path)
    return part.render(Context({"request": request, **values}))


def test_equal_values_are_drawn_once() -> None:
    part = Template("{% load portal %}{% remembered roles %}{{ word }}{% endremembered %}")

    assert drawn(part, roles=["engineer"], word="first") == "first"
    assert drawn(part, roles=["engineer"], word="second") == "first"
    assert drawn(part, roles=["engineer", "tam"], word="third") == "third"
    assert drawn(part, roles=[], word="fourth") == "fourth"


def test_a_hole_is_filled_for_each_request() -> None:
    part = Template('{% load portal %}{% remembered %}at {% hole "path" %}!{% endremembered %}')

    assert drawn(part, "/queue/") == "at /queue/!"
    assert drawn(part, "/<b>/") == "at /\\u003Cb\\u003E/!"


def test_a_token_and_unread_notices_come_fresh() -> None:
    part = Template(
        '{% load portal %}{% remembered %}{% hole "csrf_token" %}{% hole "unread" %}'
        "{% endremembered %}"
    )

    assert 'value="abc"' in drawn(part, csrf_token="abc", unread_notices=0)
    second = drawn(part, csrf_token="def", unread_notices=3)
    assert 'value="def"' in second
    assert ">3<span" in second


def test_a_form_with_a_token_is_never_remembered() -> None:
    part = Template(
        "{% load portal %}{% remembered %}<form>{% csrf_token %}</form>{% endremembered %}"
    )

    with pytest.raises(ValueError, match="token"):
        drawn(part, csrf_token="abc")


def test_the_navigation_shows_each_reader_their_own_size(
    client: Client, engineer: User, duty_lead: User, contact: User, customer: Customer
) -> None:
    take_ticket(make_ticket(contact, customer), by=engineer)

    client.force_login(engineer)
    assert "Queue1 My work1 At risk" in words(client.get(reverse("queue")))
    other = User.objects.create_user("twin@orrin.example", name="Twin", roles=engineer.roles)
    client.force_login(other)
    assert "Queue1 My work At risk" in words(client.get(reverse("queue")))
    client.force_login(duty_lead)
    assert "Clock audits" in words(client.get(reverse("queue")))
