"""Drafts: what somebody has typed and not sent.

They are no change of state: nobody but their author can tell that they exist. So they write no
event and no audit row, and are deleted without a trace.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.models import Customer
from entitlements.permissions import membership_of
from tickets.choices import FILING_DRAFTS, DraftKind
from tickets.errors import DraftChanged
from tickets.models import Draft, Ticket
from tickets.models.draft import DraftQuerySet
from tickets.permissions import can_answer, can_note, can_write_as_customer

# The words of each kind of form; a draft without any is none.
WORDS: Mapping[DraftKind, tuple[str, ...]] = {
    DraftKind.ANSWER: ("body",),
    DraftKind.NOTE: ("body",),
    DraftKind.REPLY: ("body",),
    **dict.fromkeys(FILING_DRAFTS, ("subject", "description")),
}
# What else of the form is kept with them.
_OF_ALL_FILINGS = ("product", "version", "severity", "criteria", "watchers", "follows")
CHOICES: Mapping[DraftKind, tuple[str, ...]] = {
    DraftKind.ANSWER: ("answer_kind",),
    DraftKind.NOTE: (),
    DraftKind.REPLY: (),
    DraftKind.FILING: ("kind", *_OF_ALL_FILINGS),
    DraftKind.RELEASE: (
        "finding",
        "build",
        "built_on",
        "detected_where",
        "detected_how",
        "hashes",
        *_OF_ALL_FILINGS,
    ),
    DraftKind.SERVICE: ("service", "suits", *_OF_ALL_FILINGS),
}
# Units: characters, as of a message; values of one field; characters of a choice.
MAX_WORDS, MAX_VALUES, MAX_CHOICE = 50_000, 200, 4000
# How the names of an administrator's questions begin.
ASKED = "field_"
KEPT_FOR = timedelta(days=30)

type Place = Ticket | Customer
type Fields = Mapping[str, Sequence[str]]


@transaction.atomic
def save_draft(
    kind: DraftKind,
    place: Place,
    *,
    fields: Fields,
    by: User,
    form: uuid.UUID,
    seen: uuid.UUID | None = None,
    revision: uuid.UUID | None = None,
    now: datetime | None = None,
) -> Draft | None:
    """Keep what stands in a form; a form without words has no draft (None).

    `form` is the form's submission key, `seen` the revision its words go back to. A window saves
    over its own words and over those it has seen; over newer ones of another window it does not,
    whichever was opened first: the newer words stay, and the window is told. `revision` is what the
    window calls the words, so that it knows them again though it leaves before the answer.
    Raises: NotAllowed; InvalidInput when too long; DraftChanged. Effects: the Draft, no event.
    """
    if not _may_write(by, kind, place):
        raise NotAllowed(_("This cannot be written here."))
    kept = _kept_fields(kind, fields)
    known = _lock(kind, place, by)
    if known is not None and known.revision != seen and known.form != form and _is_unsent(known):
        raise DraftChanged(known)
    if not any(kept.get(name) for name in WORDS[kind]):
        if known is not None:
            known.delete()
        return None
    draft = known or Draft(author=by, kind=kind, **_where(place))
    draft.fields, draft.form, draft.revision = kept, form, revision or uuid.uuid4()
    draft.saved_at = now or timezone.now()
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:  # Two began in the same moment; the other was first, and is known now.
        return save_draft(
            kind, place, fields=fields, by=by, form=form, seen=seen, revision=revision, now=now
        )
    return draft


@transaction.atomic
def return_words(kind: DraftKind, place: Ticket, *, fields: Fields, by: User) -> None:
    """Make of words that did not go out their author's draft again, above what they began since.

    Nothing is refused: they were allowed and not too long when they were sent, and are kept even
    from who may not write here any more. Effects: the Draft, no event.
    """
    known = _lock(kind, place, by)
    draft = known or Draft(author=by, kind=kind, **_where(place))
    kept = {name: list(values) for name, values in fields.items()}
    newer = draft.text("body") if known is not None and _is_unsent(known) else ""
    # The page saves once more as it sends: those are the words that come back, not new ones.
    if newer.strip() not in ("", *kept["body"]):
        kept["body"] = ["\n\n".join([*kept["body"], newer])]
    draft.fields, draft.form, draft.revision = kept, uuid.uuid4(), uuid.uuid4()
    draft.saved_at = timezone.now()
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:  # A window began one in the same moment; it is known now.
        return_words(kind, place, fields=fields, by=by)


def discard_draft(kind: DraftKind, place: Place, *, by: User) -> None:
    """Throw a person's draft away. Effects: the Draft is deleted, no event."""
    _own(kind, place, by).delete()


def discard_sent(
    kind: DraftKind, place: Place, *, by: User, form: uuid.UUID | None, seen: uuid.UUID | None
) -> None:
    """Let go of the draft that was just sent; other words of another window stay.

    Effects: the Draft that this form saved, or had seen, is deleted; no event.
    """
    _own(kind, place, by).filter(Q(form=form) | Q(revision=seen)).delete()


def forget_old_drafts(*, now: datetime | None = None) -> int:
    """Delete drafts nobody went on with for KEPT_FOR, and say how many. Effects: no event."""
    old = Draft.objects.filter(saved_at__lt=(now or timezone.now()) - KEPT_FOR)
    return old.delete()[0]


def drafts_on(ticket: Ticket, *, by: User) -> dict[DraftKind, Draft]:
    """A person's own unsent words on a ticket, the newest first; one query."""
    own = Draft.objects.of(by).unsent().filter(ticket=ticket)
    return {DraftKind(draft.kind): draft for draft in own}


def filing_draft(
    customer: Customer, *, by: User, kind: DraftKind = DraftKind.FILING
) -> Draft | None:
    """A person's own words of a new ticket of a kind for a company; one query."""
    return Draft.objects.of(by).unsent().filter(customer=customer, kind=kind).first()


def _may_write(by: User, kind: DraftKind, place: Place) -> bool:
    if isinstance(place, Customer):
        return kind in FILING_DRAFTS and membership_of(by, place) is not None
    allowed = {
        DraftKind.ANSWER: can_answer,
        DraftKind.NOTE: can_note,
        DraftKind.REPLY: can_write_as_customer,
    }
    return kind in allowed and allowed[kind](by, place)


def _where(place: Place) -> dict[str, Place]:
    return {"customer": place} if isinstance(place, Customer) else {"ticket": place}


def _own(kind: DraftKind, place: Place, by: User) -> DraftQuerySet:
    return Draft.objects.of(by).filter(kind=kind, **_where(place))


def _lock(kind: DraftKind, place: Place, by: User) -> Draft | None:
    return _own(kind, place, by).select_for_update(of=("self",)).first()


def _is_unsent(draft: Draft) -> bool:
    return Draft.objects.of(draft.author).unsent().filter(pk=draft.pk).exists()


def _kept_fields(kind: DraftKind, fields: Fields) -> dict[str, list[str]]:
    """Take a form's known fields, empty ones left out. Raises: InvalidInput when too much."""
    kept = {}
    asked = [name for name in fields if name.startswith(ASKED)][:MAX_VALUES]
    for name in (*WORDS[kind], *CHOICES[kind], *(asked if kind in FILING_DRAFTS else ())):
        # PostgreSQL keeps no NUL; forms refuse it when the words are sent.
        typed = (value.replace("\0", "") for value in fields.get(name, ()))
        values = [value for value in typed if value.strip()]
        most = MAX_WORDS if name in WORDS[kind] else MAX_CHOICE
        if len(values) > MAX_VALUES or any(len(value) > most for value in values):
            raise InvalidInput(_("This is too long to be kept as a draft."), field=name)
        if values:
            kept[name] = values
    return kept
