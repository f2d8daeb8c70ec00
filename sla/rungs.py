"""The steps of a ladder as somebody wants them, before they are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from accounts.errors import InvalidInput
from sla import ladder_words
from sla.choices import Audience, Counting, StepAction
from sla.models import LadderStep, LadderVersion

ZERO = timedelta(0)
# More often than this nobody has read the notice before.
SHORTEST_REPEAT = timedelta(minutes=5)
MOST_STEPS = 12


@dataclass(frozen=True, slots=True)
class Rung:
    """A step as somebody wants it: at a share of the target, or a delay after the deadline."""

    audience: tuple[Audience, ...]
    action: StepAction = StepAction.TELL
    share: Decimal | None = None
    delay: timedelta | None = None
    counting: Counting = Counting.COVERED
    repeats: bool = False

    def __str__(self) -> str:
        return f"{self.when}: {self.does}"

    @property
    def when(self) -> str:
        """When it comes, as the beginning of a line."""
        return ladder_words.capital(
            ladder_words.step_words(self.share, self.delay, self.counting, repeats=self.repeats)
        )

    @property
    def does(self) -> str:
        """Whom it tells and what else it does."""
        told = ladder_words.audience_words(self.audience)
        also = ladder_words.action_words(self.action)
        return f"{told}; {also}" if also else told

    @property
    def rank(self) -> tuple[Decimal, timedelta, bool]:
        """Where it stands on the ladder; a step that comes once before one that repeats."""
        return self.share or Decimal(1), self.delay or ZERO, self.repeats

    def step(self, order: int, version: LadderVersion | None = None) -> LadderStep:
        """The row it is kept as, not written."""
        return LadderStep(
            version=version,
            order=order,
            share=self.share,
            delay=self.delay,
            counting=self.counting,
            repeats=self.repeats,
            audience=list(self.audience),
            action=self.action,
        )

    @classmethod
    def of(cls, step: LadderStep) -> "Rung":
        return cls(
            audience=tuple(Audience(one) for one in step.audience),
            action=StepAction(step.action),
            share=step.share,
            delay=step.delay,
            counting=Counting(step.counting),
            repeats=step.repeats,
        )


def check_rungs(rungs: Sequence[Rung]) -> list[Rung]:
    """Put the steps of a ladder into their order, or say what is wrong with them.

    Raises: InvalidInput, with the field of the step at fault: "amount_3" is the third one's.
    """
    if len(rungs) > MOST_STEPS:
        raise InvalidInput(f"A ladder has at most {MOST_STEPS} steps.")
    if not any(rung.share == 1 for rung in rungs):
        raise InvalidInput("Keep a step at the deadline: it records that the deadline passed.")
    seen: dict[tuple[Decimal | None, timedelta | None, bool], int] = {}
    for number, rung in enumerate(rungs, start=1):
        _check_rung(rung, number)
        moment = (rung.share, rung.delay, rung.repeats)
        if moment in seen:
            raise InvalidInput(
                f"Step {seen[moment]} comes at the same moment.", field=f"amount_{number}"
            )
        seen[moment] = number
    return sorted(rungs, key=lambda rung: rung.rank)


def _check_rung(rung: Rung, number: int) -> None:
    field = f"amount_{number}"
    if not rung.audience:
        raise InvalidInput("Say whom it tells.", field=f"audience_{number}")
    if (rung.share is None) == (rung.delay is None):
        raise InvalidInput("Give a share of the time or a delay.", field=field)
    if rung.share is not None and not 0 < rung.share <= 1:
        raise InvalidInput("Give a share of at most 100 %.", field=field)
    if rung.delay is None:
        if rung.repeats:
            raise InvalidInput(
                "Only a step after the deadline comes again.", field=f"repeats_{number}"
            )
    elif rung.delay <= ZERO:
        raise InvalidInput("Give a delay of a minute or more.", field=field)
    elif rung.repeats and rung.delay < SHORTEST_REPEAT:
        raise InvalidInput("Repeat every 5 minutes or less often.", field=field)
