"""A ribbon's positions are written as the drawing needs them."""

import pytest

from sla.ribbon import percent


@pytest.mark.parametrize(
    ("value", "written"), [(0, "0%"), (12.5, "12.5%"), (33.3333, "33.33%"), (100, "100%")]
)
def test_positions_are_percentages_with_two_decimals_at_most(value: float, written: str) -> None:
    assert percent(value) == written
