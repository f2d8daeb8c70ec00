"""A remembered part is drawn once for equal values, and what is the reader's own comes fresh."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from django.http import HttpRequest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from accounts.models import User
from entitlements.models import Customer
from supportportal.templatetags.remembered import RememberedOf
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


class Facts(NamedTuple):
    word: str
    at: datetime


def test_a_part_is_drawn_once_for_equal_values_and_shows_nothing_else() -> None:
    part = Template(
        "{% load portal %}{% remembered_of one=one tags=two %}"
        "{{ one.word }} {{ tags|join:'+' }} {{ one.at|when }} {{ secret }}{% endremembered_of %}"
    )
    at = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
    given: dict[str, Any] = {"one": Facts(word="<b>", at=at), "two": ["x", "y"]}

    with timezone.override("UTC"):
        first = drawn(part, **given, secret="s1")
        assert first.startswith("&lt;b&gt; x+y <time")
        assert "15:00" in first
        assert "s1" not in first
        # Equal, not the same.
        assert drawn(part, one=Facts(word="<b>", at=at), two=["x", "y"]) == first
        assert "x</time>" not in drawn(part, **{**given, "two": ["x"]})
        assert "<b>" in drawn(part, **{**given, "one": Facts(word=SafeString("<b>"), at=at)})
        for other in (True, 1, 1.0):
            assert drawn(part, **{**given, "two": [other]}).startswith(f"&lt;b&gt; {other} ")
    with timezone.override("America/New_York"):
        assert "11:00" in drawn(part, **given)
        with translation.override("de"):
            assert "Di" in drawn(part, **given)


def test_a_form_in_such_a_part_has_the_token_of_whoever_reads_it() -> None:
    part = Template(
        "{% load portal %}{% remembered_of word=word %}<form>{% csrf_token %}{{ word }}</form>"
        "{% endremembered_of %}"
    )

    for token in ("abc", "d<f"):
        page = drawn(part, word="\ue000token\ue000", csrf_token=token)
        assert f'name="csrfmiddlewaretoken" value="{escape(token)}">' in page
        assert "\ue000token\ue000" in page


def test_what_is_no_value_to_compare_by_is_put_in_for_each_page() -> None:
    part = Template(
        '{% load portal %}{% hole "newest_event" as seen %}'
        "{% remembered_of word=word newest_event=seen %}{{ word }} {{ newest_event }}"
        "{% endremembered_of %}"
    )
    (node,) = part.nodelist.get_nodes_by_type(RememberedOf)
    assert isinstance(node, RememberedOf)

    assert [drawn(part, word="seen", newest_event=one) for one in (7, 8)] == ["seen 7", "seen 8"]
    assert len(node._drawn) == 1


@pytest.mark.django_db
def test_a_row_is_nothing_to_be_compared_by(engineer: User) -> None:
    part = Template("{% load portal %}{% remembered_of it=it %}{{ it }}{% endremembered_of %}")

    for it in (engineer, [engineer], (1, [engineer]), {"a": 1}, gettext_lazy("Work")):
        with pytest.raises(TypeError, match="compared"):
            drawn(part, it=it)


def test_the_part_asked_for_longest_ago_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supportportal.templatetags.remembered.MOST_OF_VALUES", 2)
    part = Template("{% load portal %}{% remembered_of it=it %}{{ it }}{% endremembered_of %}")
    (node,) = part.nodelist.get_nodes_by_type(RememberedOf)
    assert isinstance(node, RememberedOf)

    for it in (1, 2, 1, 3):
        drawn(part, it=it)
    assert list(node._drawn.values()) == [["1"], ["3"]]
