"""What is owed: plans and their editions, customers, contracts, seats and the incident ledger."""

from entitlements.models.contract import Amendment, Contract
from entitlements.models.customer import Customer, Membership, PlanRequest, TamTeam
from entitlements.models.ledger import ContractYear, LedgerEntry
from entitlements.models.plan import (
    Edition,
    Plan,
    ServiceLevel,
    SeverityDefinition,
    known_editions,
)
from entitlements.models.seat import SeatHolding

__all__ = [
    "Amendment",
    "Contract",
    "ContractYear",
    "Customer",
    "Edition",
    "LedgerEntry",
    "Membership",
    "Plan",
    "PlanRequest",
    "SeatHolding",
    "ServiceLevel",
    "SeverityDefinition",
    "TamTeam",
    "known_editions",
]
