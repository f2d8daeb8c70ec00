"""Found words marked in what others wrote."""

import pytest

from accounts.marked_text import BEGIN, END, safe_marks, safe_piece


def found(word: str) -> str:
    return f"{BEGIN}{word}{END}"


def test_marks_become_tags_and_nothing_else_does() -> None:
    marked = f"<b>{found('cache')}</b> & so on"
    shown = "&lt;b&gt;<mark>cache</mark>&lt;/b&gt; &amp; so on"

    assert safe_marks(marked) == safe_piece(marked) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (
            f"## What helps\nUpdate the **{found('agent')}** first",
            "What helps\nUpdate the {} first",
        ),
        (f"then ### {found('agent')}", "then {}"),
        (
            f"| from | port |\n|---|:---:|\n| {found('agent')} | 443 |",
            "from port {} 443",
        ),
        (f"list | find {found('agent')}", "list | find {}"),
        (f"run `{found('agent')} --log` once", "run {} --log once"),
        (
            f"**{found('agent')}**: C#, #20418 and C:\\PRINTERS\\*",
            "{}: C#, #20418 and C:\\PRINTERS\\*",
        ),
    ],
)
def test_a_piece_is_shown_without_what_formats_it(written: str, shown: str) -> None:
    assert safe_piece(written) == shown.format("<mark>agent</mark>")
