from types import SimpleNamespace

from supportportal.bridge import environ_of


def scope_of(path: str = "/", headers: list[tuple[str, str]] | None = None, **other):
    return SimpleNamespace(
        method="GET",
        path=path,
        query_string="q=%20x",
        server="127.0.0.1:8000",
        client="192.0.2.7:45384",
        scheme="http",
        http_version="1.1",
        headers=SimpleNamespace(items=lambda: headers or []),
        **other,
    )


def test_a_path_reaches_django_as_the_bytes_it_is():
    environ = environ_of(scope_of("/tickets/é/"))
    assert environ["PATH_INFO"].encode("latin-1") == "/tickets/é/".encode()
    assert (environ["REMOTE_ADDR"], environ["SERVER_PORT"]) == ("192.0.2.7", "8000")


def test_headers_have_the_names_of_wsgi_and_cookies_are_put_together():
    environ = environ_of(
        scope_of(
            headers=[
                ("host", "support.example"),
                ("content-type", "text/plain"),
                ("content-length", "3"),
                ("cookie", "a=1"),
                ("cookie", "b=2"),
                ("accept", "text/html"),
                ("accept", "text/plain"),
            ]
        )
    )
    assert environ["HTTP_HOST"] == "support.example"
    assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"]) == ("text/plain", "3")
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_ACCEPT"] == "text/html,text/plain"


def test_a_name_with_an_underscore_does_not_pass_for_the_proxys_header():
    spoofed = [("x_forwarded_proto", "https"), ("x-forwarded-for", "203.0.113.9")]
    environ = environ_of(scope_of(headers=spoofed))
    assert "HTTP_X_FORWARDED_PROTO" not in environ
    assert environ["HTTP_X_FORWARDED_FOR"] == "203.0.113.9"


def test_the_processs_environment_is_no_part_of_a_request():
    assert "PATH" not in environ_of(scope_of())
