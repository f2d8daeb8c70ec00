"""Make variable fonts lighter: only the weights and features that the pages use.

    uv run --no-project --with fonttools --with brotli python scripts/narrow_font.py FILE...

Writes each file anew in its place. The characters stay the same, and so do the optical sizes.
"""

import io
import sys
from pathlib import Path

from fontTools import subset  # type: ignore[import-not-found]  # comes with the command above
from fontTools.ttLib import TTFont  # type: ignore[import-not-found]  # likewise
from fontTools.varLib import instancer  # type: ignore[import-not-found]  # likewise

# The pages write 420, 520 and 620, and Bootstrap's <strong> is 700.
WEIGHTS = (400, 700)
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "calt", "liga"]


def narrow(path: Path) -> None:
    """Write a font with fewer weights and features in its place."""
    heavy = instancer.instantiateVariableFont(TTFont(path), {"wght": WEIGHTS})
    heavy.flavor = None
    between = io.BytesIO()
    heavy.save(between)
    between.seek(0)
    light = TTFont(between)
    options = subset.Options()
    options.layout_features = FEATURES
    options.hinting = False
    # Whose it is and under which licence stays in the font.
    options.name_IDs = ["*"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=light.getBestCmap())
    subsetter.subset(light)
    light.flavor = "woff2"
    light.save(path)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        narrow(Path(name))
