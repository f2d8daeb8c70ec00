"""Companies and what they are owed."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import Instant, PersonOutput
from entitlements.account import Incidents
from entitlements.choices import ContractState
from entitlements.models import Contract, Customer, SeatHolding


class CompanyOutput(serializers.Serializer[Customer]):
    """A company the reader belongs to or works for."""

    slug = serializers.CharField()
    name = serializers.CharField()
    zone = serializers.CharField(source="timezone")
    tam = PersonOutput(allow_null=True)


class IncidentsOutput(serializers.Serializer[Incidents]):
    """Premium incidents of the contract year; total and left are null when unlimited."""

    used = serializers.IntegerField()
    total = serializers.IntegerField(allow_null=True)
    left = serializers.IntegerField(allow_null=True)
    until = serializers.DateField()


class HolderOutput(serializers.Serializer[SeatHolding]):
    """Who holds a contact seat, and since when."""

    name = serializers.CharField(source="membership.user.name")
    held_from = Instant()


class SeatsOutput(serializers.Serializer[Contract]):
    """A contract's contact seats."""

    limit = serializers.IntegerField(source="seat_limit")
    held = serializers.IntegerField(source="seats_held")
    holders = serializers.SerializerMethodField()

    @extend_schema_field(HolderOutput(many=True))
    def get_holders(self, contract: Contract) -> Any:
        return HolderOutput(self.context["holdings"], many=True).data


class ContractOutput(serializers.Serializer[Any]):
    """The contract of today; every field but the first is null on Standard."""

    plan = serializers.CharField(help_text="The plan whose terms hold today.")
    number = serializers.CharField(allow_null=True)
    edition = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(ContractState.choices, allow_null=True)
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True, help_text="The last day in force.")
    zone = serializers.CharField(allow_null=True)
    incidents = IncidentsOutput(allow_null=True)
    seats = SeatsOutput(allow_null=True)
