"""The work: tickets, what is said on them, what happened to them, and their files."""

from tickets.models.article import TicketArticle
from tickets.models.attachment import Attachment
from tickets.models.bulk_reassessment import BulkReassessment, ReassessmentLine
from tickets.models.call import ArrangedCall
from tickets.models.canned_answer import CannedAnswer
from tickets.models.customer_escalation import CustomerEscalation, EscalationAnswer
from tickets.models.database_release import DatabaseBuild, DatabaseRelease
from tickets.models.download import SpentLink
from tickets.models.draft import Draft
from tickets.models.event import TicketEvent
from tickets.models.file_upload import FileUpload
from tickets.models.filing_field import FieldValue, FilingField
from tickets.models.link import TicketLink, TicketMerge
from tickets.models.look import TicketLook
from tickets.models.measure import MeasureProgress, TicketMeasure
from tickets.models.message import Message, Note
from tickets.models.objective import TicketObjective
from tickets.models.outbreak import Broadcast, Outbreak, OutbreakTicket
from tickets.models.policy_replay import PolicyReplay, ReplayCount, ReplayFlip
from tickets.models.product import Product
from tickets.models.queue_view import QueueView
from tickets.models.queue_words import QueueWords
from tickets.models.rating import Rating
from tickets.models.sending import Sending, SendingFile
from tickets.models.service_request import ServiceRequest
from tickets.models.tag import Tag
from tickets.models.ticket import Ticket
from tickets.models.words import TicketWords

__all__ = [
    "ArrangedCall",
    "Attachment",
    "Broadcast",
    "BulkReassessment",
    "CannedAnswer",
    "CustomerEscalation",
    "DatabaseBuild",
    "DatabaseRelease",
    "Draft",
    "EscalationAnswer",
    "FieldValue",
    "FileUpload",
    "FilingField",
    "MeasureProgress",
    "Message",
    "Note",
    "Outbreak",
    "OutbreakTicket",
    "PolicyReplay",
    "Product",
    "QueueView",
    "QueueWords",
    "Rating",
    "ReassessmentLine",
    "ReplayCount",
    "ReplayFlip",
    "Sending",
    "SendingFile",
    "ServiceRequest",
    "SpentLink",
    "Tag",
    "Ticket",
    "TicketArticle",
    "TicketEvent",
    "TicketLink",
    "TicketLook",
    "TicketMeasure",
    "TicketMerge",
    "TicketObjective",
    "TicketWords",
]
