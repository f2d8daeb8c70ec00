"""The watch and the relay as real processes: killed, doubled, robbed of their broker.

Rule 9 of the domain: PostgreSQL is the truth; the broker may be emptied at any moment, and nothing
is lost or done twice.
"""

import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Model
from redis import Redis

from accounts.models import User
from entitlements.models import Contract
from notifications.models import Delivery
from notifications.operations import notify
from sla.models import StepRecord
from supportportal.embedded import valkey
from tests.factories.due_tickets import make_due_tickets
from tests.faults.outcomes import FIRST_STEP, all_sent, each_once, end_leases
from tests.faults.programs import Programs, wait_until
from tickets.models import Ticket

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_step_is_acted_on_within_three_seconds_and_mailed(
    programs: Programs, contract: Contract, cast: tuple[User, ...]
) -> None:
    programs.start_worker()
    programs.start_beat()
    programs.wait_for_the_watch()
    tickets = make_due_tickets(
        contract, cast[0], count=3, began_ago=FIRST_STEP - timedelta(seconds=2)
    )

    wait_until(lambda: StepRecord.objects.count() == 3, "the steps")
    wait_until(all_sent, "the mails", patience=20)

    each_once(tickets)
    for record in StepRecord.objects.all():
        assert timedelta(0) <= record.recorded_at - record.due_at < timedelta(seconds=3)
        assert (record.late, record.acted) == (False, True)
    assert sorted(programs.mailbox.numbers) == sorted(
        Delivery.objects.values_list("message_id", flat=True)
    )


def test_four_workers_and_two_beats_record_each_step_once(
    programs: Programs, contract: Contract, cast: tuple[User, ...]
) -> None:
    tickets = make_due_tickets(
        contract, cast[0], count=600, began_ago=FIRST_STEP + timedelta(seconds=20)
    )
    for _ in range(4):
        programs.start_worker()
    for _ in range(2):
        programs.start_beat()

    wait_until(lambda: StepRecord.objects.count() >= len(tickets), "the steps")
    wait_until(all_sent, "the mails")
    time.sleep(2.5)  # Two more ticks of each beat.

    each_once(tickets)
    assert len(programs.mailbox.numbers) == len(set(programs.mailbox.numbers)) == len(tickets)


def test_a_broker_emptied_again_and_again_loses_no_step(
    programs: Programs, contract: Contract, cast: tuple[User, ...]
) -> None:
    programs.start_worker()
    programs.start_beat()
    programs.wait_for_the_watch()
    # One after another comes due over six seconds.
    tickets = make_due_tickets(
        contract, cast[0], count=60, began_ago=FIRST_STEP, over=timedelta(seconds=6)
    )
    broker = Redis.from_url(programs.environment["REDIS_URL"])
    for _ in range(16):
        broker.flushall()
        time.sleep(0.5)
    broker.close()

    wait_until(lambda: StepRecord.objects.count() >= len(tickets), "the steps")
    wait_until(all_sent, "the mails")
    each_once(tickets)
    assert len(programs.mailbox.numbers) == len(set(programs.mailbox.numbers)) == len(tickets)


def test_a_worker_killed_half_way_loses_nothing_and_doubles_nothing(
    programs: Programs, contract: Contract, cast: tuple[User, ...]
) -> None:
    tickets = make_due_tickets(
        contract, cast[0], count=600, began_ago=FIRST_STEP + timedelta(minutes=2)
    )
    worker = programs.start_worker()
    programs.start_beat()
    wait_until(lambda: StepRecord.objects.count() > 0, "the first steps")
    programs.kill(worker)
    before = StepRecord.objects.count()
    assert before < len(tickets), "The worker was done before it could be killed."

    programs.start_worker()
    wait_until(lambda: StepRecord.objects.count() == len(tickets), "the other steps")
    end_leases()
    wait_until(all_sent, "the mails")

    each_once(tickets)
    sent = Counter(programs.mailbox.numbers)
    assert set(sent) == set(Delivery.objects.values_list("message_id", flat=True))
    # Only the mail under way at the kill may arrive twice, and its number tells the receiver.
    assert sum(sent.values()) <= len(tickets) + 1


def test_an_emptied_broker_loses_no_mail(
    programs: Programs, engineer: User, duty_lead: User
) -> None:
    programs.start_worker()
    programs.start_beat()
    programs.wait_for_the_watch()
    broker = Redis.from_url(programs.environment["REDIS_URL"])
    for number in range(250):
        notify([engineer, duty_lead], key=f"happening:{number}", kind="test", subject="S", body="B")
        if number % 25 == 0:
            broker.flushall()
    broker.flushall()
    broker.close()

    wait_until(all_sent, "500 mails")

    assert len(programs.mailbox.numbers) == 500
    assert len(set(programs.mailbox.numbers)) == 500


FILE_A_TICKET = """
import time
from accounts.models import User
from entitlements.models import Customer
from tickets.choices import TicketKind
from tickets.operations.filing import file_ticket

# The first also loads what talks to the broker, seconds of it on a busy machine.
for number in range(2):
    began = time.monotonic()
    file_ticket(
        customer=Customer.objects.get(), by=User.objects.get(pk={contact}), severity=3,
        kind=TicketKind.BREAK_FIX, subject="No broker", description="It is filed all the same.",
    )
print(time.monotonic() - began)
"""


def test_without_a_broker_a_ticket_is_filed_at_once_and_mailed_when_it_is_back(
    programs: Programs, contract: Contract, cast: tuple[User, ...]
) -> None:
    programs.start_worker()
    programs.start_beat()
    programs.wait_for_the_watch()
    programs.stop_broker()

    took = float(programs.run_python(FILE_A_TICKET.format(contact=cast[0].pk)))

    assert took < 3
    assert Ticket.objects.count() == Delivery.objects.count() == 2
    assert programs.mailbox.numbers == []
    # Worker and beat come back by themselves; nobody restarts them.
    programs.start_broker()
    wait_until(all_sent, "the mails")
    programs.wait_for_the_watch()
    assert len(programs.mailbox.numbers) == 2


def test_a_task_that_ends_while_the_broker_is_away_does_not_end_the_worker(
    programs: Programs,
) -> None:
    worker = programs.start_worker()
    programs.start_beat()
    programs.wait_for_the_watch()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Delivery._meta.db_table}")
        wait_until(lambda: _somebody_waits_for(Delivery), "a task that waits for the table")
        programs.stop_broker()
        time.sleep(1)  # The worker has seen that its connection is gone.

    programs.start_broker()
    programs.wait_for_the_watch()
    assert worker.poll() is None


def _somebody_waits_for(model: type[Model]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = %s::regclass AND NOT granted)",
            [model._meta.db_table],
        )
        return bool(cursor.fetchone()[0])


TELL_SOMEBODY = """
import time
from django.db import transaction
from accounts.models import User
from notifications.operations import notify

with transaction.atomic():
    notify(User.objects.all(), key="hangs", kind="test", subject="S", body="B")
    began = time.monotonic()
print(time.monotonic() - began)
"""


def test_a_broker_that_hangs_does_not_hold_up_a_commit(programs: Programs, engineer: User) -> None:
    (broker,) = valkey.running(programs.place)
    broker.suspend()
    try:
        took = float(programs.run_python(TELL_SOMEBODY))
    finally:
        broker.resume()

    assert took < 6  # two waits of a second each, and a busy machine
    assert Delivery.objects.filter(next_try_at__isnull=False).count() == 1
