"""Fetch the third-party front-end files of static/vendor/ again, at the versions pinned below.

    python -m scripts.refresh_vendor                     everything
    python -m scripts.refresh_vendor --icon star         one more icon (repeatable), icons only
    python -m scripts.refresh_vendor --bootstrap         Bootstrap only: a page names a new class

Each package comes through `npm pack`, from whatever registry npm is set up with. Only the files
named here are kept, beside the package's licence and a VERSION file. Tabler icons are a subset:
the files already in static/vendor/tabler-icons/ and those named with --icon. Of Bootstrap, only
what the pages use is kept (scripts/narrow_bootstrap.py).
"""

import argparse
import fnmatch
import re
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from scripts import narrow_bootstrap

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"


@dataclass(frozen=True)
class Package:
    """One npm package: what is kept of it (patterns inside the tarball), and where it goes."""

    name: str
    version: str
    folder: str
    files: tuple[str, ...]
    keep_folders: bool = False


BOOTSTRAP = Package("bootstrap", "5.3.9", "bootstrap", ("dist/css/bootstrap.min.css",))
POPPER = Package("@popperjs/core", "2.11.8", "popper", ())
# What makes Bootstrap lighter; nothing of them is shipped.
NARROWING = {"esbuild": "0.28.2", "purgecss": "8.0.0"}
PACKAGES = (
    Package(
        "@fontsource-variable/inter",
        "5.3.0",
        "inter",
        ("opsz.css", "files/*-opsz-normal.woff2"),
        keep_folders=True,
    ),
    Package(
        "@fontsource-variable/geist-mono",
        "5.3.0",
        "geist-mono",
        ("wght.css", "files/*-wght-normal.woff2"),
        keep_folders=True,
    ),
    Package("tus-js-client", "4.3.1", "tus-js-client", ("dist/tus.min.js",)),
    Package("htmx.org", "2.0.11", "htmx.org", ("dist/htmx.min.js",)),
)
ICONS = Package("@tabler/icons", "3.51.0", "tabler-icons", ())

# Source maps are not shipped, and the static storage refuses a reference to a missing file.
SOURCE_MAP = re.compile(rb"\s*(//# sourceMappingURL=\S+|/\*# sourceMappingURL=.*?\*/)\s*$")


def main() -> None:
    """Refresh the files of each package; with --icon only the icons."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--icon", action="append", default=[], metavar="NAME")
    parser.add_argument("--bootstrap", action="store_true")
    given = parser.parse_args()
    wanted: list[str] = given.icon
    with tempfile.TemporaryDirectory() as scratch:
        if given.bootstrap or not wanted:
            refresh_bootstrap(Path(scratch))
        if given.bootstrap:
            return
        if not wanted:
            for package in PACKAGES:
                refresh(package, Path(scratch))
        present = {path.stem for path in (VENDOR / ICONS.folder).glob("*.svg")}
        names = sorted(present | set(wanted))
        files = tuple(f"icons/outline/{name}.svg" for name in names)
        refresh(Package(ICONS.name, ICONS.version, ICONS.folder, files), Path(scratch))


def refresh(package: Package, scratch: Path) -> None:
    """Write one package's files, licence and VERSION.

    Raises: SystemExit when a named file is not in the package.
    """
    target = VENDOR / package.folder
    with tarfile.open(pack(package, scratch)) as archive:
        found = dict.fromkeys(package.files, False)
        for member in archive.getmembers():
            inside = member.name.partition("/")[2]
            is_licence = "/" not in inside and inside.upper().startswith("LICEN")
            patterns = [p for p in package.files if fnmatch.fnmatch(inside, p)]
            source = archive.extractfile(member) if patterns or is_licence else None
            if source is None:
                continue
            if is_licence:
                path = target / "LICENSE"
            else:
                path = target / (inside if package.keep_folders else Path(inside).name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(tidy(source.read(), path.suffix))
            found.update(dict.fromkeys(patterns, True))
    missing = [pattern for pattern, is_found in found.items() if not is_found]
    if missing:
        raise SystemExit(f"{package.name} {package.version} has no {', '.join(missing)}")
    version = f"{package.name} {package.version}"
    if fonts := sorted(target.rglob("*.woff2")):
        lighten(fonts)
        version += ", weights 400 to 700 (scripts/narrow_font.py)"
    (target / "VERSION").write_text(f"{version}\n", encoding="utf-8")


def refresh_bootstrap(scratch: Path) -> None:
    """Write Bootstrap with only what the pages use, and the licence of Popper, which is in it."""
    versions = {one.name: one.version for one in (BOOTSTRAP, POPPER)}
    wanted = [f"{name}@{version}" for name, version in (versions | NARROWING).items()]
    subprocess.run(
        ["npm", "install", "--silent", "--no-audit", "--no-fund", *wanted],  # noqa: S607 - as below
        cwd=scratch,
        check=True,
    )
    refresh(POPPER, scratch)
    refresh(BOOTSTRAP, scratch)
    narrow_bootstrap.narrow(VENDOR / BOOTSTRAP.folder, scratch, versions)
    with (VENDOR / BOOTSTRAP.folder / "VERSION").open("a", encoding="utf-8") as version:
        version.write("only what the pages use (scripts/narrow_bootstrap.py), less LEFT_OUT\n")


def lighten(fonts: list[Path]) -> None:
    """Leave out of fonts what no page uses (scripts/narrow_font.py)."""
    tools = ["uv", "run", "--quiet", "--no-project", "--with", "fonttools", "--with", "brotli"]
    script = Path(__file__).with_name("narrow_font.py")
    subprocess.run([*tools, "python", script, *fonts], check=True)


def pack(package: Package, scratch: Path) -> Path:
    """Return the path of the package's tarball, fetched by npm."""
    done = subprocess.run(
        ["npm", "pack", "--silent", f"{package.name}@{package.version}"],  # noqa: S607 - npm is where the developer put it
        cwd=scratch,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return scratch / done.stdout.strip().splitlines()[-1]


def tidy(content: bytes, suffix: str) -> bytes:
    """Drop the pointer to a source map from a script or a stylesheet."""
    if suffix in {".css", ".js"}:
        return SOURCE_MAP.sub(b"\n", content)
    return content


if __name__ == "__main__":
    main()
