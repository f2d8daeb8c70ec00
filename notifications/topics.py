"""Which topic a kind of happening belongs to, whom a topic concerns, and why one is told of it."""

from typing import NamedTuple

from django.utils.translation import gettext_noop

from accounts.models import User
from notifications.choices import Reach, Topic


class About(NamedTuple):
    """What people read of a topic. `why` is a mail's reason when its sender names none."""

    kinds: frozenset[str]
    staff_words: str
    customer_words: str
    why: str
    default: Reach = Reach.EACH


# An empty text: the topic does not concern that side.
TOPICS: dict[Topic, About] = {
    Topic.ANSWERS: About(
        frozenset(
            {
                "answered",
                "customer_wrote",
                "resolved",
                "help_answered",
                "help_handed_over",
                "help_ended",
            }
        ),
        "A customer wrote on a ticket of yours.",
        gettext_noop("Somebody answered or wrote on a ticket you filed or follow."),
        gettext_noop("You work on this ticket or follow it."),
    ),
    Topic.CHANGES: About(
        frozenset(
            {"filed", "severity_changed", "closed", "reopened", "excused", "called", "rated"}
            | {"call_arranged", "call_moved", "call_cancelled"}
        ),
        "A ticket of yours was closed, opened again or rated.",
        gettext_noop("A ticket was received, closed or opened again, or its severity changed."),
        gettext_noop("You work on this ticket or follow it."),
    ),
    Topic.WORK: About(
        frozenset(
            {
                "assigned",
                "taken",
                "released",
                "state_changed",
                "overturned",
                "noted",
                "bulk_reassessed",
                "sending_returned",
            }
        ),
        "A ticket is yours now or waits for the lab, a colleague mentioned you, or an answer of "
        "yours was judged.",
        "",
        "You work on this ticket.",
    ),
    Topic.ESCALATION: About(
        frozenset({"escalated", "missed", "help_requested", "help_overdue", "severity_contested"}),
        "A deadline comes near or passed, or a customer escalated.",
        gettext_noop("We did not answer by the time we promised."),
        gettext_noop("The escalation steps of this ticket name you."),
    ),
    Topic.ROSTER: About(
        frozenset({"shift", "hand_over", "roster_gap"}),
        "A shift became yours or no longer is, a hand-over, a gap.",
        "",
        "You are on the roster or plan it.",
    ),
    Topic.ACCOUNT: About(
        frozenset(
            {
                "low_balance",
                "plan_request",
                "top_up_request",
                "top_up_answered",
                "invitation_accepted",
                "night_contact_lost",
                "seats_to_choose",
            }
        ),
        "A plan or premium incidents were asked for, a customer's run low, nobody there may be "
        "called at night, or technical contacts are to be chosen.",
        gettext_noop(
            "Your company's premium incidents run low or became more, somebody joined, nobody may "
            "be called at night, or technical contacts are to be chosen."
        ),
        gettext_noop("You manage this company or look after it."),
    ),
    Topic.SERVICE: About(
        frozenset({"announced"}),
        "Something about our service is announced, or what is new on it.",
        gettext_noop(
            "Maintenance we plan, or a known problem that concerns you, and what is new on it."
        ),
        gettext_noop("It concerns your company or a product you use."),
    ),
    Topic.OTHER: About(
        frozenset(),
        "What fits nowhere else, such as a webhook that was turned off.",
        gettext_noop("What fits nowhere else, such as a webhook that was turned off."),
        gettext_noop("It concerns something you look after."),
    ),
}

_TOPIC_OF = {kind: topic for topic, about in TOPICS.items() for kind in about.kinds}


def topic_of(kind: str) -> Topic:
    """Return what a kind of happening is about; an unknown one is everything else."""
    return _TOPIC_OF.get(kind, Topic.OTHER)


def topics_for(user: User) -> dict[Topic, str]:
    """List the topics a person may be told of, each with what it means to them."""
    words = {
        topic: about.staff_words if user.is_staff_member else about.customer_words
        for topic, about in TOPICS.items()
    }
    return {topic: text for topic, text in words.items() if text}
