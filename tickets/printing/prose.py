"""Markdown as plain pieces a typesetter lays out; no piece is ever markup again."""

from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

type Run = dict[str, Any]
type Piece = dict[str, Any]

# As on the page (templatetags.prose): no HTML, no pictures from elsewhere.
_PARSER = MarkdownIt("commonmark", {"html": False}).enable("strikethrough").disable("image")
_MARKS = {"strong": "strong", "em": "em", "s": "strike"}


def pieces_of(text: str) -> list[Piece]:
    """Cut what a person wrote into paragraphs, items, quotes and code.

    A piece has `kind` ("text", "head", "item", "quote", "code"), `lines` of runs, or the `text` of
    code. A list in a list is deeper.
    """
    reader = _Reader()
    for token in _PARSER.parse(text):
        reader.read(token)
    return reader.pieces


@dataclass
class _Reader:
    """Where in the text it is: in which lists, with the number that comes next or None."""

    pieces: list[Piece] = field(default_factory=list)
    lists: list[int | None] = field(default_factory=list)
    quotes: int = 0
    mark: str = ""
    is_head: bool = False

    def read(self, token: Token) -> None:
        if token.type in {"fence", "code_block"}:
            self.pieces.append({"kind": "code", "text": token.content.rstrip("\n")})
        elif token.type == "inline":
            self.pieces.append(self._piece(_lines(token.children or [])))
        elif token.type == "list_item_open":
            self._begin_item()
        elif token.type.endswith("_list_open"):
            is_ordered = token.type == "ordered_list_open"
            self.lists.append(int(token.attrGet("start") or 1) if is_ordered else None)
        elif token.type.endswith("_list_close"):
            self.lists.pop()
        elif token.type.startswith("blockquote"):
            self.quotes += token.nesting
        elif token.type.startswith("heading"):
            self.is_head = token.nesting == 1

    def _begin_item(self) -> None:
        number = self.lists[-1]
        self.mark = "•" if number is None else f"{number}."
        if number is not None:
            self.lists[-1] = number + 1

    def _piece(self, lines: list[list[Run]]) -> Piece:
        if self.lists:
            # A second paragraph of an item has no mark of its own.
            mark, self.mark = self.mark, ""
            return {"kind": "item", "depth": len(self.lists) - 1, "mark": mark, "lines": lines}
        kind = "head" if self.is_head else "quote" if self.quotes else "text"
        return {"kind": kind, "lines": lines}


def _lines(tokens: list[Token]) -> list[list[Run]]:
    lines: list[list[Run]] = [[]]
    marks: set[str] = set()
    address = ""
    for token in tokens:
        name, _, end = token.type.rpartition("_")
        if token.type in {"softbreak", "hardbreak"}:
            lines.append([])
        elif token.type == "code_inline":
            lines[-1].append({"text": token.content, "code": True})
        elif token.type == "link_open":
            address = str(token.attrGet("href") or "")
        elif token.type == "link_close":
            # Paper has no links: the address stands behind its words.
            if address and not any(one["text"] == address for one in lines[-1]):
                lines[-1].append({"text": f" ({address})"})
        elif name in _MARKS:
            (marks.add if end == "open" else marks.discard)(_MARKS[name])
        elif token.content:
            lines[-1].append({"text": token.content} | dict.fromkeys(marks, True))
    return lines
