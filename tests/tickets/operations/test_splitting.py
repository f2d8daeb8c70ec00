"""A message becomes a ticket of its own."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from tests.factories.tickets import TUESDAY, newest_event, nothing_changes
from tickets.choices import EventKind
from tickets.links import link_lines
from tickets.models import Ticket, TicketLink
from tickets.operations.conversation import answer_ticket, write_message
from tickets.operations.samples import mark_as_sample
from tickets.operations.splitting import split_message
from tickets.uploads import Sample, Upload

pytestmark = pytest.mark.django_db


def test_a_message_becomes_a_ticket_of_whoever_wrote_it(
    first: Ticket, contact: User, engineer: User
) -> None:
    log = SimpleUploadedFile("trace.log", b"one line", "text/plain")
    message = write_message(first, body="And the VPN.", by=contact, files=[log])
    new = split_message(message, subject="The VPN drops", by=engineer)

    assert (new.customer, new.filed_by, new.submitted_by) == (first.customer, contact, engineer)
    assert (new.kind, new.severity, new.description) == ("break_fix", 2, "And the VPN.")
    (file,) = new.attachments.all()
    with file.file as stored:
        assert (file.name, file.size, stored.read()) == ("trace.log", 8, b"one line")
    (line,) = link_lines(first, TicketLink.objects.of(first, contact))
    assert (line.words, line.other) == ("Related to", new)
    assert newest_event(first).kind == EventKind.SPLIT
    assert first.messages.filter(pk=message.pk).exists()


def test_whoever_filed_the_ticket_follows_what_is_split_off_it(
    first: Ticket, contact: User, colleague: User, engineer: User
) -> None:
    first.watchers.add(colleague)
    message = write_message(first, body="And the VPN.", by=colleague)
    assert contact in split_message(message, subject="The VPN", by=engineer).watchers.all()


def test_a_split_message_takes_its_files_along_as_what_they_are(
    first: Ticket, contact: User, analyst: User, engineer: User
) -> None:
    log = SimpleUploadedFile("agent.log", b"log")
    files: list[Upload] = [Sample(SimpleUploadedFile("bad.exe", b"MZ")), log]
    message = write_message(first, body="Both", files=files, by=contact)
    new = split_message(message, subject="Is it clean?", by=engineer)
    facts = ("name", "is_sample", "sha256", "size", "file", "uploaded_by")
    found = list(new.attachments.order_by("name").values(*facts))
    assert found == list(message.attachments.order_by("name").values(*facts))
    assert [one["is_sample"] for one in found] == [False, True]
    # One file on two tickets: what is said of it is said of both.
    mark_as_sample(new.attachments.get(name="agent.log"), by=contact)
    assert message.attachments.get(name="agent.log").is_sample
    assert newest_event(first).kind == newest_event(new).kind == EventKind.SAMPLE_MARKED


def test_a_sample_that_was_deleted_after_its_time_does_not_come_along(
    first: Ticket, contact: User, engineer: User
) -> None:
    sample = Sample(SimpleUploadedFile("bad.exe", b"MZ"))
    message = write_message(first, body="There", files=[sample], by=contact)
    message.attachments.update(removed_at=TUESDAY, file="")
    assert not split_message(message, subject="Another", by=engineer).attachments.exists()


def test_a_message_that_is_a_ticket_already_is_not_split_again(
    first: Ticket, contact: User, engineer: User
) -> None:
    message = write_message(first, body="And the VPN.", by=contact)
    another = write_message(first, body="And the fax.", by=contact)
    new = split_message(message, subject="The VPN drops", by=engineer)

    with nothing_changes(), pytest.raises(InvalidInput, match=new.reference) as refused:
        split_message(message, subject="The VPN drops", by=engineer)
    assert refused.value.field == "message"
    assert split_message(another, subject="The fax is mute", by=engineer) != new


def test_only_a_customers_message_is_split_and_only_by_engineers(
    first: Ticket, contact: User, engineer: User
) -> None:
    answer = answer_ticket(first, body="We look.", qualified=False, by=engineer)
    message = write_message(first, body="And the VPN.", by=contact)

    with nothing_changes():
        with pytest.raises(InvalidInput, match="of the customer"):
            split_message(answer, subject="No", by=engineer)
        with pytest.raises(InvalidInput, match="one sentence"):
            split_message(message, subject=" ", by=engineer)
        with pytest.raises(NotAllowed):
            split_message(message, subject="No", by=contact)
