"""SQL that is written out names its columns (docs/decisions, 0034)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings

from accounts.columns import columns_of
from sla.models import Ladder

_STAR = re.compile(r"\b\w+\.\*|\b(?:SELECT|RETURNING)\s+\*", re.IGNORECASE)
_IS_SQL = re.compile(r"\b(?:SELECT|RETURNING)\b")


def written_sql(path: Path) -> Iterator[str]:
    """The texts of a module that are SQL, with a question mark for what is put in."""
    whole = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    pieces = {piece for node in whole if isinstance(node, ast.JoinedStr) for piece in node.values}
    for node in whole:
        text = ""
        if isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "?" for part in node.values)
            text = "".join(str(part) for part in parts)
        elif isinstance(node, ast.Constant) and node not in pieces:
            text = str(node.value)
        if _IS_SQL.search(text):
            yield text


def stars(text: str) -> list[str]:
    """Where a text takes whatever columns there are; of a query within it they are listed."""
    found = (star.group() for star in _STAR.finditer(text))
    return [one for one in found if not re.search(rf"\)\s+AS\s+{re.escape(one[:-2])}\b", text)]


def modules() -> Iterator[Path]:
    ours = [Path(config.path) for config in apps.get_app_configs() if "." not in config.name]
    for app in {*ours, Path(settings.BASE_DIR) / "supportportal"}:
        for path in app.rglob("*.py"):
            # A migration runs once, before any process that keeps a statement.
            if "migrations" not in path.parts:
                yield path


def test_no_written_sql_takes_whatever_columns_there_are() -> None:
    found = [(path, text) for path in modules() for text in written_sql(path)]
    assert len(found) > 20
    assert [(path.name, one) for path, text in found for one in stars(text)] == []


def test_a_star_is_seen_wherever_it_stands(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        'A = f"SELECT {x}, plan.* FROM plan"\n'
        'B = "SELECT count(*), told.* FROM (SELECT name FROM plan) AS told"\n'
        'C = "UPDATE plan SET name = 1 RETURNING *"\n'
    )
    found = {one for text in written_sql(module) for one in stars(text)}
    assert found == {"plan.*", "RETURNING *"}


def test_columns_are_named_one_by_one() -> None:
    assert columns_of(Ladder, "rung").startswith("rung.id, rung.")
    assert "*" not in columns_of(Ladder, "rung")
