"""All figures of the page, counted for one reader."""

from datetime import datetime

from accounts.models import User
from entitlements.models import Plan
from tickets.insight import counting
from tickets.insight.answer_times import answer_times
from tickets.insight.asking import Question, home
from tickets.insight.attainment import attainment
from tickets.insight.backlog import backlog
from tickets.insight.duty import on_duty_by_hour
from tickets.insight.load import load
from tickets.insight.reopening import reopening
from tickets.insight.sheet import Figure
from tickets.models import TicketMeasure


def all_figures(asked: Question, *, by: User, as_of: datetime) -> list[Figure]:
    """Count all figures of what this person may see. Nine queries, however many tickets."""
    visible = TicketMeasure.objects.visible_to(by)
    rows = asked.narrow(visible, as_of)
    plans = {plan.pk: plan for plan in Plan.objects.all()}
    return [
        attainment(counting.promises_kept(rows, as_of), plans, asked, as_of),
        answer_times(counting.waits(rows, "week"), counting.waits(rows, "severity"), asked, as_of),
        backlog(counting.backlog(asked.filtered(visible), as_of), asked),
        reopening(counting.reopened(rows, as_of), asked, as_of),
        load(
            counting.filed_by_hour(rows),
            on_duty_by_hour(asked.since(as_of), as_of, home()),
            asked,
        ),
    ]
