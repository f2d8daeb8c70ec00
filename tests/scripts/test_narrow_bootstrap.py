import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.narrow_bootstrap import COMPOSED, ROOT, SCRIPTS, classes, sources

BOOTSTRAP = ROOT / "static" / "vendor" / "bootstrap"
LEFT_OUT = frozenset((BOOTSTRAP / "LEFT_OUT").read_text().split())

TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}")
CLASS = re.compile(r"""class="([^"]*)\"""")
# A text that is nothing but names: what code gives a widget, or a script an element.
NAMES = re.compile(r"""(["'`])([a-z0-9 -]+)\1""")


def _named(path: Path) -> Iterator[str]:
    """Classes that a file names."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        for given in CLASS.findall(TAG.sub(lambda tag: tag[0].replace('"', "'"), text)):
            yield from TAG.sub(" ", given).split()
            # What a tag chooses between stands in quotes or between two tags.
            for tag in TAG.findall(given):
                yield from (names for _, names in NAMES.findall(tag))
    else:
        for _, names in NAMES.findall(text):
            # One plain word is rarely a class: "collapse" is an event's name as well.
            yield from (name for name in names.split() if "-" in name)


def test_no_page_names_a_class_that_was_left_out_of_bootstrap() -> None:
    missed = {name: str(path) for path in sources() for name in _named(path) if name in LEFT_OUT}
    assert not missed, f"Run python -m scripts.refresh_vendor --bootstrap: {missed}"


def test_a_class_is_found_wherever_a_page_may_name_it(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<p class="a{% if x == "no" %} btn-link{% endif %} {{ y|default:"mx-1" }}">')
    code = tmp_path / "code.py"
    code.write_text('attrs={"class": "table-dark mt-9"}, text="A toast, mx-auto"')
    assert {"a", "btn-link", "mx-1"} <= set(_named(page))
    assert set(_named(code)) == {"table-dark", "mt-9"}


def test_what_was_left_out_is_not_in_the_stylesheet() -> None:
    kept = classes((BOOTSTRAP / "bootstrap.min.css").read_text())
    assert len(LEFT_OUT) > 1000
    assert not kept & LEFT_OUT
    assert {*COMPOSED, "dropdown-menu", "offcanvas-backdrop", "is-invalid", "showing"} <= kept


def test_no_picture_stands_in_the_stylesheet_that_the_pages_may_not_load() -> None:
    assert "data:" not in (BOOTSTRAP / "bootstrap.min.css").read_text()


def test_a_script_of_bootstrap_is_there_for_each_that_a_page_asks_for() -> None:
    asked = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'data-bs-(?:toggle|dismiss|spy|ride)="([a-z]+)"', path.read_text())
    }
    assert asked == set(SCRIPTS)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_themes_keep_their_colours(theme: str) -> None:
    styles = (BOOTSTRAP / "bootstrap.min.css").read_text()
    rule = re.search(rf"\[data-bs-theme={theme}\]\{{([^}}]*)\}}", styles)
    assert rule is not None
    assert {"--bs-body-color", "--bs-body-bg", "--bs-border-color"} <= {
        line.partition(":")[0] for line in rule[1].split(";")
    }
