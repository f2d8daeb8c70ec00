"""What the search answers a program."""

from typing import Any

from rest_framework import serializers

from accounts.api.fields import PersonOutput
from entitlements.models import Membership
from tickets.serializers.ticket import CompanyName, TicketOutput


class HitOutput(serializers.Serializer[Any]):
    """A found ticket. The HTML is safe to show: only `mark` stands in it as a tag."""

    ticket = TicketOutput()
    subject_html = serializers.CharField(
        source="marks.subject", default=None, allow_null=True, help_text="With the words marked."
    )
    found_in = serializers.ChoiceField(
        ["", "message", "note", "file"],
        source="marks.kind",
        default="",
        help_text="Where the excerpt is from; nothing for the description.",
    )
    excerpt_html = serializers.CharField(source="marks.piece", default="")


class FoundPerson(serializers.Serializer[Membership]):
    """A person of a company. Staff only."""

    person = PersonOutput(source="user")
    company = CompanyName(source="customer")


class FoundArticleOutput(serializers.Serializer[Any]):
    """An article. The HTML is safe to show: only `mark` stands in it as a tag."""

    slug = serializers.CharField(source="article.slug")
    title_html = serializers.CharField(source="title")
    excerpt_html = serializers.CharField(source="piece")


class SearchOutput(serializers.Serializer[Any]):
    """A page of what answers a question, the best first."""

    hints = serializers.ListField(
        child=serializers.CharField(), help_text="What was not understood, and what would be."
    )
    exact = TicketOutput(
        source="exact.ticket", allow_null=True, help_text="The ticket with this number."
    )
    results = HitOutput(many=True)
    companies = CompanyName(many=True)
    people = FoundPerson(many=True)
    articles = FoundArticleOutput(many=True)
    more = serializers.CharField(
        allow_null=True, help_text="Give it as `after` to go on; nothing when this was all."
    )
