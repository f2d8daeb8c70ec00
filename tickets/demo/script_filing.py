"""How a ticket comes in: filed, and called in."""

from datetime import datetime

from entitlements.choices import Severity
from tickets.choices import Channel, Finding
from tickets.demo.files import make_file
from tickets.demo.filing import answers_of, facts_of
from tickets.demo.life import MINUTE, Life
from tickets.filing_facts import ReleaseFacts
from tickets.operations.filing import file_ticket
from tickets.operations.phone import log_phone_call
from tickets.operations.samples import mark_as_sample

PHONE_SHARE, MAIL_SHARE, API_SHARE = 0.10, 0.05, 0.03


def file(life: Life, at: datetime) -> None:
    """File it by one of the channels, with what its story brings."""
    planned, rng = life.planned, life.rng
    channel = rng.choices(
        (Channel.PORTAL, Channel.PHONE, Channel.EMAIL, Channel.API),
        (1 - PHONE_SHARE - MAIL_SHARE - API_SHARE, PHONE_SHARE, MAIL_SHARE, API_SHARE),
    )[0]
    by_phone = channel == Channel.PHONE
    words = life.criteria[planned.severity]
    colleagues = [
        one.user for one in life.cast.members[planned.company.name] if one.user != life.author
    ]
    sends_file = bool(planned.story.file) and rng.random() < 0.7
    files = [make_file(planned.story.file, rng, at)] if sends_file else []
    facts = facts_of(life.told, planned)
    is_missed = isinstance(facts, ReleaseFacts) and facts.finding == Finding.FALSE_NEGATIVE
    sends_sample = is_missed and channel == Channel.PORTAL
    if sends_sample:
        files.append(make_file("bin", rng, at))
    life.ticket = file_ticket(
        customer=life.customer,
        by=life.engineer if by_phone else life.author,
        on_behalf_of=life.author if by_phone else None,
        kind=planned.kind,
        severity=Severity(planned.severity),
        subject=life.told.subject,
        description=life.told.description,
        criteria=rng.sample(words, min(len(words), rng.choice((1, 1, 2)))),
        product=life.cast.products[planned.story.product],
        version=life.told.version,
        files=files,
        fields=answers_of(life.told, planned) if channel == Channel.PORTAL else None,
        facts=facts,
        watchers=rng.sample(colleagues, 1) if colleagues and rng.random() < 0.3 else [],
        channel=channel,
        now=at,
    )
    if sends_sample:
        sample = life.ticket.attachments.latest("pk")
        mark_as_sample(sample, by=life.author, now=at)


def call_in(life: Life, at: datetime) -> None:
    """The contact calls, as premium tickets outside of hours ask for."""
    membership = next(
        one
        for one in life.cast.contacts[life.planned.company.name]
        if one.user_id == life.author.pk
    )
    life.ticket = log_phone_call(
        life.ticket, caller_pin=membership.caller_pin, at=at, by=life.engineer, now=at + MINUTE
    )
