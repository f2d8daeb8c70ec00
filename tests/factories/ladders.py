"""Ladders as an administrator would change them."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from accounts.models import User
from sla.choices import Audience, Counting, StepAction
from sla.models import Ladder, LadderVersion
from sla.operations import publish_ladder
from sla.rungs import Rung

HALF_HOUR = timedelta(minutes=30)
DEADLINE = Rung((Audience.DUTY_LEAD,), StepAction.RAISE, Decimal(1))
# A quarter, half, the deadline, and every 30 minutes after it by the wall clock.
OTHER_STEPS = (
    Rung((Audience.ASSIGNEE,), share=Decimal("0.25")),
    Rung((Audience.DUTY_LEAD,), share=Decimal("0.5")),
    DEADLINE,
    Rung((Audience.DUTY_LEAD,), delay=HALF_HOUR, counting=Counting.PLAIN, repeats=True),
)


def change_ladder(
    key: str,
    by: User,
    rungs: Sequence[Rung] = OTHER_STEPS,
    *,
    moves_open_clocks: bool = False,
    reason: str = "Engineers asked for it.",
    **given: object,
) -> LadderVersion:
    ladder = Ladder.objects.get(key=key)
    return publish_ladder(
        ladder,
        rungs=rungs,
        based_on=ladder.current.number,
        moves_open_clocks=moves_open_clocks,
        reason=reason,
        by=by,
        **given,  # type: ignore[arg-type]  # now
    )
