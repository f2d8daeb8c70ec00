"""Canned answers: written, changed and removed, each with an audit row."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from tickets.models import CannedAnswer
from tickets.permissions import can_change_canned_answer
from tickets.placeholders import check_placeholders


@transaction.atomic
def add_canned_answer(
    *, title: str, body: str, is_shared: bool, by: User, now: datetime | None = None
) -> CannedAnswer:
    """Keep a text for the next time, for oneself or for the desk.

    Raises: NotAllowed; InvalidInput for an unknown placeholder or a title that is taken.
    Effects: one CannedAnswer, one audit row.
    """
    moment = now or timezone.now()
    answer = CannedAnswer(owner=None if is_shared else by, changed_at=moment)
    _write(answer, title=title, body=body, by=by)
    record_change("canned answer added", answer, by=by, changes=_change("", answer), now=moment)
    return answer


@transaction.atomic
def change_canned_answer(
    answer: CannedAnswer, *, title: str, body: str, by: User, now: datetime | None = None
) -> CannedAnswer:
    """Change title and text; whose it is stays.

    Raises: as add_canned_answer. Effects: the CannedAnswer, one audit row.
    """
    moment = now or timezone.now()
    answer = CannedAnswer.objects.select_for_update(of=("self",)).get(pk=answer.pk)
    before = answer.title
    answer.changed_at = moment
    _write(answer, title=title, body=body, by=by)
    record_change("canned answer changed", answer, by=by, changes=_change(before, answer), now=now)
    return answer


@transaction.atomic
def remove_canned_answer(answer: CannedAnswer, *, by: User, now: datetime | None = None) -> None:
    """Remove it; answers that were begun with it stay as they are.

    Raises: NotAllowed. Effects: the CannedAnswer is deleted, one audit row.
    """
    if not can_change_canned_answer(by, answer):
        raise NotAllowed("Only a lead removes what the desk shares.")
    record_change("canned answer removed", answer, by=by, now=now)
    answer.delete()


def _write(answer: CannedAnswer, *, title: str, body: str, by: User) -> None:
    if not can_change_canned_answer(by, answer):
        raise NotAllowed("Only a lead writes what the desk shares.")
    check_placeholders(body)
    answer.title, answer.body = title.strip(), body.strip()
    try:
        with transaction.atomic():
            answer.save()
    except IntegrityError as error:
        if "a_canned_title" not in str(error):
            raise
        raise InvalidInput("There is one with this title already.", field="title") from None


def _change(before: str, answer: CannedAnswer) -> dict[str, list[object]]:
    return {"title": [before, answer.title], "shared": [None, answer.owner_id is None]}
