"""What every fault needs: programs of its own, a quiet test process, people."""

from collections.abc import Iterator

import pytest

from accounts.models import User
from entitlements.models import Contract
from tests.faults.programs import Programs, running_programs


@pytest.fixture
def programs(transactional_db: None) -> Iterator[Programs]:
    """Ended before the tables are emptied."""
    with running_programs() as running:
        yield running


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own process kicks nobody: what is sent is found by the relay's interval."""
    monkeypatch.setattr("notifications.tasks.relay_deliveries.delay", lambda: None)


@pytest.fixture
def cast(contract: Contract, contact: User, engineer: User, duty_lead: User) -> tuple[User, ...]:
    return contact, engineer, duty_lead
