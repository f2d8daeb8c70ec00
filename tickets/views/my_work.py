"""My work: what a person of ours has before them, and for leads what everybody has."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from sla.choices import DutyRole
from sla.models import Shift
from tickets.my_work import escalations_before, handed_over, own_tickets, team_load
from tickets.permissions import LEADS, WORKS_TICKETS
from tickets.queue_sizes import kept_choices
from tickets.urgency import Urgency
from tickets.views.staff import staff_only

# Of each list; the others stand in the list of all.
MOST_ESCALATIONS = 8


@staff_only
@require_safe
def my_work(request: SignedInRequest) -> HttpResponse:
    """Show own tickets, hand-overs and escalations, who is on duty, and to leads the load."""
    user, now = request.user, timezone.now()
    on_duty = list(Shift.objects.on_any_duty(now))
    own = own_tickets(user, now)
    escalations, unheard = escalations_before(user, now)
    context = {
        "now": now,
        "own": own,
        "can_work": user.has_role(*WORKS_TICKETS),
        "lists": [
            ("today", "Breaks its promise today", own.breaking_today),
            ("yours", "Your turn", own.own_turn),
            ("theirs", "Waiting for the customer or the lab", own.others_turn),
        ],
        "handed_over": handed_over(user, now),
        "escalations": [(one, one.is_overdue(now)) for one in escalations[:MOST_ESCALATIONS]],
        "escalation_count": len(escalations),
        "watches": [
            (duty, [shift for shift in on_duty if shift.duty == duty]) for duty in DutyRole
        ],
        "unheard": unheard[:MOST_ESCALATIONS],
        "unheard_count": len(unheard),
        "loads": team_load(kept_choices(user).holders, now) if user.has_role(*LEADS) else [],
        "urgencies": list(Urgency),
    }
    return render(request, "tickets/my_work.html", context)
