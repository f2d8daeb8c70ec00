"""Templates and styles keep the rules the Content-Security-Policy and the design set."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

TEMPLATES = sorted(path for path in (settings.BASE_DIR / "templates").rglob("*.html"))
STYLES = sorted(path for path in (settings.BASE_DIR / "static" / "css").glob("*.css"))
ICONS = settings.BASE_DIR / "static" / "vendor" / "tabler-icons"
_INLINE = re.compile(
    r"\sstyle=|\son[a-z]+=|<style\b|javascript:|<script(?![^>]*\bsrc=)[^>]*>(?!\s*</script>)"
)


def name_of(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_compiles(path: Path) -> None:
    assert get_template(name_of(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_has_nothing_the_policy_blocks(path: Path) -> None:
    found = _INLINE.findall(path.read_text(encoding="utf-8"))
    if name_of(path).startswith("emails/"):  # Mails have no style sheet and no policy.
        found = [one for one in found if one != " style="]
    assert not found


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_uses_only_icons_we_have(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    names = re.findall(r"{% icon \"([^\"]+)\"", text) + re.findall(r"icon=\"([a-z0-9-]+)\"", text)
    assert [name for name in names if not (ICONS / f"{name}.svg").is_file()] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_post_form_carries_its_token(path: Path) -> None:
    forms = re.findall(
        r"<form[^>]*method=\"post\".*?</form>", path.read_text(encoding="utf-8"), re.DOTALL
    )
    assert [form for form in forms if "csrf_token" not in form] == []


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_colours_are_written_in_tokens_only(path: Path) -> None:
    literals = re.findall(
        r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(|oklch\(", path.read_text(encoding="utf-8")
    )
    assert bool(literals) == (path.name == "tokens.css")


def test_styles_load_nothing_the_policy_blocks() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in STYLES)
    assert re.findall(r"url\([\"']?([^\"')]+)", text) == ["../img/check.svg"]


def test_third_party_files_come_with_version_and_licence() -> None:
    folders = list((settings.BASE_DIR / "static" / "vendor").iterdir())
    assert folders
    for folder in folders:
        assert (folder / "VERSION").read_text(encoding="utf-8").strip()
        assert (folder / "LICENSE").stat().st_size > 200
