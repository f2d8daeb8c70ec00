"""A filing form that comes again by the way back, and what it became the first time."""

from datetime import datetime, timedelta

from accounts.requests import SignedInRequest
from entitlements.models import Customer
from tickets.choices import DraftKind
from tickets.forms.filing import FilingForm
from tickets.models import FieldValue, Ticket

# What is sent again so soon, all the same, was sent by the way back.
SAME_WITHIN = timedelta(minutes=10)


def filed_before(
    request: SignedInRequest, customer: Customer, form: FilingForm, now: datetime
) -> Ticket | None:
    """The open ticket that this person filed a moment ago with all the same in it, no new files.

    The way back shows the form as it was sent, with a key of its own: who then sends it again has
    filed once. Who has withdrawn it meanwhile, files anew.
    """
    data = form.cleaned_data
    if data["files"] or form.draft_kind != DraftKind.FILING:
        return None
    same = (
        Ticket.objects.open()
        .filter(
            customer=customer,
            submitted_by=request.user,
            filed_at__gt=now - SAME_WITHIN,
            kind=form.ticket_kind,
            severity=data["severity"],
            subject=data["subject"],
            description=data["description"],
            product=data["product"],
            version=data["version"],
        )
        .first()
    )
    if same is None:
        return None
    told = FieldValue.objects.filter(ticket=same).values_list("field__key", "value")
    answers = {key: value for key, value in form.answers().items() if value}
    return same if dict(told) == answers else None
