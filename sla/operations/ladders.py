"""Changes of ladders: a version is added; clocks on their way keep theirs unless they are moved."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from sla.choices import ClockEventKind
from sla.errors import LadderConflict
from sla.ladder_preview import move_from
from sla.models import Clock, ClockEvent, Ladder, LadderStep, LadderVersion
from sla.operations.watch import share_versions
from sla.permissions import can_edit_ladders
from sla.rungs import Rung, check_rungs
from sla.step_times import first_step_at

# Clocks a statement; Django writes a CASE for every one.
BATCH = 500


def quiet_ladder() -> Ladder:
    """Return the ladder without steps, for clocks that tell nobody. Effects: makes it once."""
    ladder, _ = Ladder.objects.get_or_create(key=Ladder.QUIET_KEY, defaults={"name": "Quiet"})
    LadderVersion.objects.get_or_create(ladder=ladder, number=1)
    return ladder


@transaction.atomic
def publish_ladder(
    ladder: Ladder,
    *,
    rungs: Sequence[Rung],
    based_on: int,
    moves_open_clocks: bool,
    reason: str,
    by: User,
    now: datetime | None = None,
) -> LadderVersion:
    """Add a version to a ladder, and put the clocks that climb it now on it when asked to.

    `based_on` is the number of the version the person saw.
    Raises: NotAllowed; LadderConflict when somebody changed it meanwhile; InvalidInput as
    check_rungs, without a reason, or when nothing is different. Effects: one LadderVersion with
    its steps; for each clock that is moved one ClockEvent; one audit row.
    """
    moment = now or timezone.now()
    if not can_edit_ladders(by):
        raise NotAllowed("Only an administrator changes ladders.")
    ladder = Ladder.objects.select_for_update().get(pk=ladder.pk)
    before = ladder.current
    if before.number != based_on:
        raise LadderConflict(
            f"{before.by or 'Somebody'} changed this ladder meanwhile: version {before.number} "
            "holds now. What you typed is below; look at both and save again."
        )
    wanted = check_rungs(rungs)
    present = [Rung.of(step) for step in before.steps.all()]
    if wanted == present:
        raise InvalidInput("Nothing is different from the version that holds.")
    if not reason.strip():
        raise InvalidInput("Say why: it stays with the version.", field="reason")
    version = add_ladder_version(ladder, wanted, by=by, reason=reason.strip(), now=moment)
    moved = 0
    if moves_open_clocks:
        moved = _move_open_clocks(version, by=by, reason=reason.strip(), now=moment)
    record_change(
        "ladder changed",
        ladder,
        by=by,
        changes={
            "version": [before.number, version.number],
            "steps": [[str(one) for one in present], [str(one) for one in wanted]],
            "open clocks moved": [0, moved],
        },
        reason=reason.strip(),
        now=moment,
    )
    return version


def add_ladder_version(
    ladder: Ladder,
    rungs: Sequence[Rung],
    *,
    by: User | None = None,
    reason: str = "",
    now: datetime | None = None,
) -> LadderVersion:
    """Write a version with its steps, in their order; the caller holds the ladder's lock.

    Effects: one LadderVersion, its LadderSteps.
    """
    latest = ladder.versions.order_by("-number").first()
    version = LadderVersion.objects.create(
        ladder=ladder,
        number=1 if latest is None else latest.number + 1,
        by=by,
        reason=reason,
        created_at=now or timezone.now(),
    )
    LadderStep.objects.bulk_create(
        rung.step(order, version) for order, rung in enumerate(rungs, start=1)
    )
    return version


def _move_open_clocks(version: LadderVersion, *, by: User, reason: str, now: datetime) -> int:
    """Put the open clocks of the ladder on a version; what is behind them stays behind.

    A step that is due and not yet acted on is not behind: the watch comes to it on the new
    version. Clocks set aside are left where they are: what they are owed is not known.
    """
    clocks = list(
        Clock.objects.climbing(version.ladder)
        .movable()
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    share_versions(clocks)
    steps = list(version.steps.all())
    for clock in clocks:
        clock.ladder_version = version
        clock.ladder_from = move_from(clock.next_step_at, now)
        clock.next_step_at = first_step_at(clock.figures, steps, {}, after=clock.ladder_from)
    Clock.objects.bulk_update(
        clocks, ["ladder_version", "ladder_from", "next_step_at"], batch_size=BATCH
    )
    ClockEvent.objects.bulk_create(
        ClockEvent(
            clock=clock,
            kind=ClockEventKind.LADDER_MOVED,
            at=now,
            by=by,
            reason=reason,
            ladder_version=version,
        )
        for clock in clocks
    )
    return len(clocks)
