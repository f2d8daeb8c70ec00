"""What differs between two texts, line by line, for people to read."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# Unchanged lines kept around a change.
AROUND = 2


class Was(StrEnum):
    """What became of a line."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the difference; for SKIPPED the text is empty and `count` says how many."""

    was: Was
    text: str = ""
    count: int = 1


def line_differences(before: str, after: str) -> list[Line]:
    """List removed and added lines with a few unchanged ones around them; nothing when equal."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    for group in matcher.get_grouped_opcodes(AROUND):
        skipped = group[0][1] - sum(line.was != Was.ADDED and line.count for line in lines)
        if skipped:
            lines.append(Line(Was.SKIPPED, count=skipped))
        for tag, begin, end, new_begin, new_end in group:
            if tag == "equal":
                lines += [Line(Was.KEPT, text) for text in old[begin:end]]
                continue
            lines += [Line(Was.REMOVED, text) for text in old[begin:end]]
            lines += [Line(Was.ADDED, text) for text in new[new_begin:new_end]]
    return lines
