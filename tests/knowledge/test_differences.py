"""What changed between two texts, as people read it."""

from knowledge.differences import Line, Was, line_differences


def test_equal_texts_have_no_differences() -> None:
    assert line_differences("a\nb", "a\nb") == []


def test_a_changed_line_stands_between_its_neighbours() -> None:
    before = "\n".join("1234567890")
    after = before.replace("8", "eight")
    assert line_differences(before, after) == [
        Line(Was.SKIPPED, count=5),
        Line(Was.KEPT, "6"),
        Line(Was.KEPT, "7"),
        Line(Was.REMOVED, "8"),
        Line(Was.ADDED, "eight"),
        Line(Was.KEPT, "9"),
        Line(Was.KEPT, "0"),
    ]


def test_two_changes_far_apart_say_how_much_is_between() -> None:
    before = "\n".join("abcdefghij")
    lines = line_differences(before, "new\n" + before.replace("j", "J"))
    assert lines == [
        Line(Was.ADDED, "new"),
        Line(Was.KEPT, "a"),
        Line(Was.KEPT, "b"),
        Line(Was.SKIPPED, count=5),
        Line(Was.KEPT, "h"),
        Line(Was.KEPT, "i"),
        Line(Was.REMOVED, "j"),
        Line(Was.ADDED, "J"),
    ]
