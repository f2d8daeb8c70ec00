"""A drawing for one of the demo's articles."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

_SIZE = (1200, 300)
_INK, _SOFT, _LINE = "#14161f", "#5d6272", "#c3c7d3"
_BOXES = (
    (40, "Mirror", "says: up to date", "#eef2fd", "#2253d5"),
    (450, "Web cache", "keeps an old list of builds", "#fdf1dc", "#b46a00"),
    (860, "updates.orrin.example", "has the new build", "#e9f7ee", "#1c7a43"),
)


def cache_between() -> bytes:
    """Draw a mirror that asks a cache instead of our update host, as a PNG."""
    drawing = Image.new("RGB", _SIZE, "white")
    pen = ImageDraw.Draw(drawing)
    title, text = ImageFont.load_default(26), ImageFont.load_default(21)
    for left, name, state, fill, edge in _BOXES:
        pen.rounded_rectangle((left, 90, left + 300, 210), 14, fill=fill, outline=edge, width=3)
        pen.text((left + 150, 132), name, fill=_INK, font=title, anchor="mm")
        pen.text((left + 150, 174), state, fill=_SOFT, font=text, anchor="mm")
    for start, color in ((340, _INK), (750, _LINE)):
        pen.line((start + 14, 150, start + 84, 150), fill=color, width=4)
        pen.polygon([(start + 96, 150), (start + 80, 141), (start + 80, 159)], fill=color)
    pen.text((395, 56), "asks", fill=_SOFT, font=text, anchor="mm")
    pen.text((805, 56), "never asked", fill=_SOFT, font=text, anchor="mm")
    kept = BytesIO()
    drawing.save(kept, "PNG")
    return kept.getvalue()
