"""The words of tickets: labels are English, customers' pages translate them."""

from django.db import models
from django.utils.translation import gettext_noop


class TicketKind(models.TextChoices):
    """What is asked for; decides the terms it is served on."""

    PREMIUM = "premium", gettext_noop("Premium incident")
    BREAK_FIX = "break_fix", gettext_noop("Break/fix")
    DATABASE_RELEASE = "database_release", gettext_noop("Anti-virus database release")
    SERVICE = "service", gettext_noop("Service request")


class FieldKind(models.TextChoices):
    """What an extra question takes for an answer."""

    TEXT = "text", "Text"
    CHOICE = "choice", "One of a list"
    NUMBER = "number", "Number"


class Finding(models.TextChoices):
    """What is wrong with the anti-virus databases."""

    FALSE_POSITIVE = "false_positive", gettext_noop("False alarm: something clean is detected")
    FALSE_NEGATIVE = "false_negative", gettext_noop("Missed: malware is not detected")


class Service(models.TextChoices):
    """What can be asked for besides help with an incident."""

    QUESTION = "question", gettext_noop("Question")
    REMOTE_ASSISTANCE = "remote_assistance", gettext_noop("Remote assistance")
    HEALTH_CHECK = "health_check", gettext_noop("Health check")
    REVIEW_CALL = "review_call", gettext_noop("Review call")
    PRIVATE_PATCH = "private_patch", gettext_noop("Private patch")


class ScanState(models.TextChoices):
    """What the scanner says of a file; only clean means clean."""

    WAITING = "waiting", gettext_noop("Being scanned")
    CLEAN = "clean", gettext_noop("Scanned, clean")
    REFUSED = "refused", gettext_noop("Refused")
    NOT_SCANNED = "not_scanned", gettext_noop("Not scanned")


class TicketState(models.TextChoices):
    """Whose turn it is."""

    NEW = "new", gettext_noop("New")
    IN_PROGRESS = "in_progress", gettext_noop("In progress")
    WAITING_FOR_CUSTOMER = "waiting_for_customer", gettext_noop("Waiting for customer")
    WAITING_FOR_LAB = "waiting_for_lab", gettext_noop("Waiting for lab")
    RESOLVED = "resolved", gettext_noop("Resolved")
    CLOSED = "closed", gettext_noop("Closed")


OPEN_STATES = (
    TicketState.NEW,
    TicketState.IN_PROGRESS,
    TicketState.WAITING_FOR_CUSTOMER,
    TicketState.WAITING_FOR_LAB,
)


class Channel(models.TextChoices):
    """How it reached us."""

    PORTAL = "portal", "Portal"
    PHONE = "phone", "Phone"
    EMAIL = "email", "E-mail"
    API = "api", "API"


class EventKind(models.TextChoices):
    """What happened to a ticket; past tense, one row a change."""

    FILED = "filed", "Filed"
    TAKEN = "taken", "Taken"
    ASSIGNED = "assigned", "Assigned"
    RELEASED = "released", "Put back in the queue"
    ANSWERED = "answered", "Answered"
    CUSTOMER_WROTE = "customer_wrote", "Customer wrote"
    NOTED = "noted", "Internal note written"
    SEVERITY_CHANGED = "severity_changed", "Severity changed"
    SEVERITY_CONTESTED = "severity_contested", "Severity contested"
    REASSESSED = "reassessed", "Deadline re-assessed"
    CALLED = "called", "Phone call logged"
    ESCALATED = "escalated", "Escalation step reached"
    ACKNOWLEDGED = "acknowledged", "Escalation acknowledged"
    MISSED = "missed", "Deadline passed"
    EXCUSED = "excused", "Missed deadline excused"
    OVERTURNED = "overturned", "Qualified answer overturned"
    HELP_REQUESTED = "help_requested", "Escalated by the customer"
    HELP_ANSWERED = "help_answered", "Customer's escalation answered"
    HELP_HANDED_OVER = "help_handed_over", "Customer's escalation handed over"
    HELP_ENDED = "help_ended", "Customer's escalation ended"
    HELP_OVERDUE = "help_overdue", "Promised word to the customer overdue"
    STATE_CHANGED = "state_changed", "State changed"
    RESOLVED = "resolved", "Resolved"
    CLOSED = "closed", "Closed"
    REOPENED = "reopened", "Reopened"
    FOLLOWED_UP = "followed_up", "Followed up by another ticket"
    TAGGED = "tagged", "Tags changed"
    WATCHED = "watched", "Watched by one of us"
    UNWATCHED = "unwatched", "No longer watched by one of us"
    COPIED = "copied", "Somebody gets copies"
    UNCOPIED = "uncopied", "Somebody gets no more copies"
    LINKED = "linked", "Linked to another ticket"
    UNLINKED = "unlinked", "No longer linked to another ticket"
    MERGED = "merged", "Merged into another ticket"
    MERGED_IN = "merged_in", "Another ticket was merged into it"
    UNMERGED = "unmerged", "Merge undone"
    UNMERGED_FROM = "unmerged_from", "Merge of another ticket undone"
    SPLIT = "split", "A message became a ticket of its own"
    FILE_REFUSED = "file_refused", "A file was refused by the scanner"
    NOTE_FILE_REFUSED = "note_file_refused", "A note's file was refused by the scanner"
    SAMPLE_MARKED = "sample_marked", "A file was marked as a malware sample"
    NOTE_SAMPLE_MARKED = "note_sample_marked", "A note's file was marked as a malware sample"
    SAMPLE_FETCHED = "sample_fetched", "A malware sample was downloaded"
    SAMPLE_REMOVED = "sample_removed", "A malware sample was deleted after its time"
    NOTE_SAMPLE_REMOVED = (
        "note_sample_removed",
        "A note's malware sample was deleted",
    )
    JOINED_OUTBREAK = "joined_outbreak", "Joined an outbreak"
    LEFT_OUTBREAK = "left_outbreak", "Left an outbreak"
    RATED = "rated", "Rated by the customer"
    CALL_ARRANGED = "call_arranged", "Call arranged"
    CALL_MOVED = "call_moved", "Call moved"
    CALL_CANCELLED = "call_cancelled", "Call cancelled"


class Score(models.IntegerChoices):
    """How a customer found that a ticket went."""

    POOR = 1, gettext_noop("Not well")
    FAIR = 2, gettext_noop("All right")
    GOOD = 3, gettext_noop("Well")


class DraftKind(models.TextChoices):
    """What words that are not sent yet are to become."""

    ANSWER = "answer", "Answer"
    NOTE = "note", "Internal note"
    REPLY = "reply", "Customer's reply"
    FILING = "filing", "New ticket"
    RELEASE = "release", "New database release request"
    SERVICE = "service", "New service request"


# Drafts of a ticket that is not filed yet: of a company, and of no ticket.
FILING_DRAFTS = (DraftKind.FILING, DraftKind.RELEASE, DraftKind.SERVICE)


class LinkKind(models.TextChoices):
    """What a ticket is to another; the last is set by merging alone."""

    DUPLICATE = "duplicate", "Duplicate of"
    RELATED = "related", "Related to"
    PARENT = "parent", "Part of"
    MERGED = "merged", "Merged into"


# What people choose from.
LINKS_BY_HAND = (LinkKind.DUPLICATE, LinkKind.RELATED, LinkKind.PARENT)


class Basis(models.TextChoices):
    """What a deadline is re-assessed on."""

    CALENDAR = "calendar", "Today’s version of its calendar"
    CONTRACT = "contract", "The terms in force today"


class ReassessmentOutcome(models.TextChoices):
    """What became of a ticket of a bulk re-assessment."""

    WAITING = "waiting", "To come"
    MOVED = "moved", "Re-assessed"
    KEPT = "kept", "Left as it was"


class EscalationEnd(models.TextChoices):
    """How a customer's escalation ended."""

    SOLVED = "solved", gettext_noop("What was asked for is done")
    AGREED = "agreed", gettext_noop("Agreed with the customer")
    WITHDRAWN = "withdrawn", gettext_noop("Withdrawn by the customer")
    CLOSED = "closed", gettext_noop("The ticket was closed")


# What happens to the file of a note tells that there is a note, and its name what it is about.
OF_A_NOTES_FILE = {
    EventKind.FILE_REFUSED: EventKind.NOTE_FILE_REFUSED,
    EventKind.SAMPLE_MARKED: EventKind.NOTE_SAMPLE_MARKED,
    EventKind.SAMPLE_REMOVED: EventKind.NOTE_SAMPLE_REMOVED,
}

# Events that customers never see: how the vendor works inside.
INTERNAL_EVENTS = frozenset(
    {
        EventKind.NOTED,
        EventKind.ESCALATED,
        EventKind.ACKNOWLEDGED,
        EventKind.HELP_OVERDUE,
        EventKind.TAGGED,
        EventKind.WATCHED,
        EventKind.UNWATCHED,
        EventKind.LINKED,
        EventKind.UNLINKED,
        EventKind.JOINED_OUTBREAK,
        EventKind.LEFT_OUTBREAK,
        EventKind.SAMPLE_FETCHED,
        *OF_A_NOTES_FILE.values(),
    }
)

# What customers may read of an event besides who, when and what. A hand-over's or an overturned
# answer's reason is the vendor's own business; a customer's own is a message.
CUSTOMERS_READ_REASON = frozenset(
    {
        EventKind.SEVERITY_CHANGED,
        EventKind.SEVERITY_CONTESTED,
        EventKind.REASSESSED,
        EventKind.HELP_REQUESTED,
        EventKind.HELP_ANSWERED,
        EventKind.HELP_ENDED,
        EventKind.RATED,
    }
)
CUSTOMERS_READ_DETAILS = frozenset(
    {
        "kind",
        "severity",
        "asked",
        "state",
        "channel",
        "assignee_name",
        "message",
        "qualified",
        "called_at",
        "ticket",
        "basis",
        "deadline",
        "owner_name",
        "next_word_at",
        "how",
        "person_name",
        "score",
        "starts_at",
        "topic",
        "file",
    }
)


class ReplayOutcome(models.TextChoices):
    """What became of a promised answer, or would have."""

    MET = "met", "Met"
    MISSED = "missed", "Missed"
    EXCUSED = "excused", "Excused"
    OPEN = "open", "Still open"
    NONE = "none", "No promised time"


class QueueColumn(models.TextChoices):
    """Columns of the queue that somebody may leave out, in their order."""

    DUE = "due", "Due"
    CUSTOMER = "customer", "Customer"
    TIER = "tier", "Tier"
    PRODUCT = "product", "Product"
    STATE = "status", "State"
    ASSIGNEE = "who", "Assignee"
    UPDATED = "updated", "Updated"


class QueueDensity(models.TextChoices):
    """How close the rows of the queue stand."""

    COMFORTABLE = "comfortable", "Comfortable"
    COMPACT = "compact", "Compact"
