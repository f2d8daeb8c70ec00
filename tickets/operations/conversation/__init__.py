"""What is said on a ticket: the customer's messages, our answers, internal notes."""

from tickets.operations.conversation.answer import answer_ticket, require_answerable
from tickets.operations.conversation.customer_message import write_message
from tickets.operations.conversation.follow_up import follow_up_ticket
from tickets.operations.conversation.note import require_notable, write_note
from tickets.operations.conversation.overturning import overturn_answer
from tickets.operations.conversation.refusals import require_unchanged
from tickets.operations.conversation.response_clock import (
    is_owed_on,
    require_merged_owed_on,
    stop_response_clock,
)

__all__ = [
    "answer_ticket",
    "follow_up_ticket",
    "is_owed_on",
    "overturn_answer",
    "require_answerable",
    "require_merged_owed_on",
    "require_notable",
    "require_unchanged",
    "stop_response_clock",
    "write_message",
    "write_note",
]
