import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory

from supportportal.live.responses import LiveResponse, Wish
from supportportal.page_weight import CompressPagesMiddleware

TEXT = "The fleet of scanners lost its licence. " * 200


def _sent(answer: HttpResponseBase, accepted: str = "gzip, br") -> HttpResponseBase:
    request = RequestFactory().get("/", headers={"Accept-Encoding": accepted})
    sent = CompressPagesMiddleware(lambda _: answer)(request)
    assert isinstance(sent, HttpResponseBase)
    return sent


def test_a_page_is_sent_compressed_and_says_so() -> None:
    answer = _sent(HttpResponse(TEXT))
    assert isinstance(answer, HttpResponse)
    assert answer["Content-Encoding"] == "gzip"
    assert answer["Vary"] == "Accept-Encoding"
    assert int(answer["Content-Length"]) == len(answer.content) < len(TEXT) / 10
    assert gzip.decompress(answer.content).decode() == TEXT


def test_the_length_of_the_same_page_varies() -> None:
    lengths = {_sent(HttpResponse(TEXT))["Content-Length"] for _ in range(30)}
    assert len(lengths) > 5


def test_a_browser_that_does_not_take_it_gets_the_page_as_it_is() -> None:
    answer = _sent(HttpResponse(TEXT), accepted="identity")
    assert isinstance(answer, HttpResponse)
    assert answer.content.decode() == TEXT
    assert not answer.has_header("Content-Encoding")


@pytest.mark.parametrize(
    "answer",
    [
        HttpResponse(TEXT, content_type="application/json"),
        HttpResponse(TEXT, content_type="application/pdf"),
        StreamingHttpResponse([TEXT], content_type="text/html"),
        LiveResponse(Wish("session", 1, "proof")),
    ],
    ids=["api", "file", "stream", "live"],
)
def test_nothing_but_a_whole_page_is_touched(answer: HttpResponseBase) -> None:
    sent = _sent(answer)
    assert sent is answer
    assert not sent.has_header("Content-Encoding")
    assert not sent.has_header("Vary")


@pytest.mark.django_db
def test_the_portal_sends_its_pages_so(client: Client) -> None:
    answer = client.get("/plans/", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert b"<!doctype html>" in gzip.decompress(answer.content)
