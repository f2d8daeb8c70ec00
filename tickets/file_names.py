"""Names of files as they are shown."""

import unicodedata


def display_name(claimed: str) -> str:
    """The claimed name without paths, control or invisible characters; never empty."""
    base = claimed.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(
        char for char in unicodedata.normalize("NFC", base) if unicodedata.category(char)[0] != "C"
    )
    return shown.strip(" .")[:255] or "file"
