"""Which bytes of a file are asked for."""

import pytest

from tickets.byte_ranges import BeyondTheEnd, asked_stretch


@pytest.mark.parametrize(
    ("asked", "stretch"),
    [
        ("bytes=0-", "0-9"),
        ("bytes=4-", "4-9"),
        ("bytes=4-6", "4-6"),
        ("bytes=9-9", "9-9"),
        ("bytes=4-400", "4-9"),
        ("bytes=-3", "7-9"),
        ("bytes=-300", "0-9"),
    ],
)
def test_a_stretch_of_ten_bytes_is_read_as_the_rfc_says(asked: str, stretch: str) -> None:
    assert str(asked_stretch(asked, 10)) == stretch


@pytest.mark.parametrize(
    "asked", ["", "bytes=", "bytes=-", "bytes=6-4", "bytes=0-1,4-5", "lines=1-2", "bytes=x-", "5-"]
)
def test_what_is_no_single_stretch_asks_for_the_whole(asked: str) -> None:
    assert asked_stretch(asked, 10) is None


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=10-12", "bytes=-0"])
def test_a_stretch_behind_the_end_is_told_apart(asked: str) -> None:
    with pytest.raises(BeyondTheEnd):
        asked_stretch(asked, 10)


def test_an_empty_file_has_no_stretch() -> None:
    with pytest.raises(BeyondTheEnd):
        asked_stretch("bytes=0-", 0)
