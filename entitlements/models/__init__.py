"""What is owed: plans and their editions, customers, contracts, seats and the incident ledger."""

from entitlements.models.contract import Amendment, Contract
from entitlements.models.customer import Customer, Membership, PlanRequest, TamTeam
from entitlements.models.invitation import Invitation
from entitlements.models.ledger import ContractYear, LedgerEntry
from entitlements.models.objective import Objective
from entitlements.models.plan import (
    Edition,
    Plan,
    ServiceLevel,
    SeverityDefinition,
    known_editions,
    known_levels,
)
from entitlements.models.requests import TopUpRequest
from entitlements.models.seat import SeatHolding

__all__ = [
    "Amendment",
    "Contract",
    "ContractYear",
    "Customer",
    "Edition",
    "Invitation",
    "LedgerEntry",
    "Membership",
    "Objective",
    "Plan",
    "PlanRequest",
    "SeatHolding",
    "ServiceLevel",
    "SeverityDefinition",
    "TamTeam",
    "TopUpRequest",
    "known_editions",
    "known_levels",
]
