"""Make Bootstrap lighter: only the styles that the pages name and the scripts they use.

Part of `python -m scripts.refresh_vendor`, which hands over the packages it fetched. A class stays
when its name stands anywhere in our templates, code and scripts, or in those we draw forms with;
the classes that go are told in LEFT_OUT, so that a test sees when a page names one of them.
"""

import importlib.util
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_PAGES = ("benchmarks", "docs", "scripts", "tests", "var")
# Each answers to the data-bs-toggle of its name.
SCRIPTS = ("dropdown", "offcanvas")
# What a template puts together: btn-{{ look }}.
COMPOSED = ("btn-primary", "btn-secondary", "btn-danger")
LICENCES = (
    "/*! Bootstrap {bootstrap} ({scripts}), Copyright 2011-2026 The Bootstrap Authors, MIT;"
    " Popper {popper}, Copyright 2019 Federico Zivolo, MIT */"
)
CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")
# Pictures inside the stylesheet: the pages' policy refuses them, our styles draw what is needed.
# Where one stays, a page styled before ours have come asks for it and the refusal is reported.
DATA_PICTURE = re.compile(r'[\w-]+:url\("data:[^"]*"\);?')


def sources() -> Iterator[Path]:
    """Give each file of ours, and of the form library, in which a class may be named."""
    yield from ROOT.glob("templates/**/*.html")
    yield from ROOT.glob("static/js/*.js")
    for path in ROOT.glob("*/**/*.py"):
        top = path.relative_to(ROOT).parts[0]
        if top.isidentifier() and top not in NOT_PAGES and "migrations" not in path.parts:
            yield path
    forms = importlib.util.find_spec("crispy_bootstrap5")
    if forms is None or forms.origin is None:
        raise SystemExit("crispy_bootstrap5 is not installed: run inside the environment.")
    yield from Path(forms.origin).parent.rglob("*.html")


def narrow(folder: Path, packages: Path, versions: dict[str, str]) -> None:
    """Write bootstrap.min.css anew in its folder, and bootstrap.min.js and LEFT_OUT beside it.

    `packages` is where npm installed Bootstrap, Popper and the two programs used here.
    """
    script = folder / "bootstrap.min.js"
    entry = packages / "entry.js"
    entry.write_text("".join(f'import "bootstrap/js/src/{one}.js"\n' for one in SCRIPTS))
    _run(packages, "esbuild", entry, "--bundle", "--minify", "--format=iife", "--target=es2022",
         "--legal-comments=none", "--log-level=warning", f"--outfile={script}")  # fmt: skip
    told = LICENCES.format(
        bootstrap=versions["bootstrap"],
        popper=versions["@popperjs/core"],
        scripts=", ".join(SCRIPTS),
    )
    script.write_text(f"{told}\n{script.read_text()}")

    styles = folder / "bootstrap.min.css"
    before = styles.read_text()
    _run(packages, "purgecss", "--css", styles, "--content", *sources(), script,
         "--safelist", *COMPOSED, "--output", styles)  # fmt: skip
    after = DATA_PICTURE.sub("", styles.read_text())
    styles.write_text(after)
    left_out = sorted(classes(before) - classes(after))
    (folder / "LEFT_OUT").write_text("".join(f"{one}\n" for one in left_out))


def classes(styles: str) -> set[str]:
    """Give the classes that a stylesheet speaks of."""
    return set(CLASS.findall(styles))


def _run(packages: Path, program: str, *given: object) -> None:
    command = [str(packages / "node_modules" / ".bin" / program), *map(str, given)]
    subprocess.run(command, cwd=packages, check=True)
