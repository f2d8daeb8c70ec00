"""The hub against a real Valkey; who sees what is another test's (test_sight)."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest
from django.conf import settings
from redis.asyncio import Redis

from notifications.live import CHANNEL
from supportportal.live import hub as hubs
from supportportal.live.hub import Hub
from supportportal.live.responses import Wish
from supportportal.live.sight import Judged, Sight

MARA = Wish("mara", 1, "", ticket=20)
THEO = Wish("theo", 2, "", ticket=20)
PRIYA = Wish("priya", 3, "", ticket=20)
QUEUE = Wish("mara", 1, "")
STAFF = {1: "Mara Kovac", 2: "Theo Hartmann"}


class Eyes:
    """Stands for the database: everybody sees every event, but for those who have left."""

    def __init__(self) -> None:
        self.left: set[Wish] = set()

    def ask(self, question: Callable[[], Judged]) -> asyncio.Future[Judged]:
        future: asyncio.Future[Judged] = asyncio.get_running_loop().create_future()
        future.set_result(question())
        return future

    def judge(self, wishes, events=None, presences=(), people=(), looked_at=()) -> Judged:
        return Judged(
            {
                wish: Sight(
                    frozenset(
                        key for key, at in (events or {}).items() if wish.ticket in {None, at}
                    ),
                    wish.ticket in presences and wish.user in STAFF,
                    {key: 20000 + key for key in looked_at if wish.ticket is None},
                )
                for wish in wishes
                if wish not in self.left
            },
            {key: STAFF[key] for key in people if key in STAFF},
        )


@pytest.fixture
def eyes(monkeypatch: pytest.MonkeyPatch) -> Eyes:
    eyes = Eyes()
    monkeypatch.setattr(hubs, "judge", eyes.judge)
    monkeypatch.setattr(hubs, "GATHERS", 0.02)
    return eyes


def run(eyes: Eyes, story: Callable[[Hub], Awaitable[None]]) -> None:
    async def whole() -> None:
        hub = Hub(eyes.ask)
        try:
            async with asyncio.timeout(10):
                await story(hub)
        finally:
            hub.close()
            await asyncio.sleep(0)
            await hub._valkey.aclose()

    asyncio.run(whole())


async def publish(**message) -> None:
    async with Redis.from_url(settings.REDIS_URL) as valkey:
        await valkey.publish(CHANNEL, json.dumps(message))


async def heard(listener, kind: str) -> object:
    """The data of the next event of a kind."""
    async for text in listener:
        if f"event: {kind}\n" in text:
            return json.loads(text.split("data: ")[1])
    raise AssertionError("the stream has ended")


def test_a_ticket_and_the_queue_hear_of_its_events(eyes):
    async def story(hub):
        ticket, queue, other = [
            await hub.add(wish) for wish in (PRIYA, QUEUE, Wish("x", 9, "", ticket=21))
        ]
        await publish(events=[[70, 20], [71, 20]])
        assert await heard(ticket, "news") == 71
        assert await heard(queue, "news") == 71
        await publish(events=[[72, 21]])
        assert await heard(other, "news") == 72

    run(eyes, story)


def test_what_a_page_knows_already_is_not_news(eyes):
    async def story(hub):
        page = await hub.add(Wish("priya", 3, "", ticket=20, version=70))
        await publish(events=[[70, 20]])
        await publish(events=[[73, 20]])
        assert await heard(page, "news") == 73

    run(eyes, story)


def test_what_happened_while_a_page_came_is_told_when_it_is_there(eyes):
    async def story(hub):
        first = await hub.add(MARA)
        await publish(events=[[80, 20]])
        assert await heard(first, "news") == 80
        late = await hub.add(Wish("theo", 2, "", ticket=20, version=79))
        assert await heard(late, "news") == 80

    run(eyes, story)


def test_a_session_that_ended_ends_its_stream(eyes):
    async def story(hub):
        page = await hub.add(MARA)
        eyes.left.add(MARA)
        await publish(events=[[90, 20]])
        texts = [text async for text in page]
        assert not any("news" in text for text in texts)

    run(eyes, story)


def test_colleagues_see_who_comes_and_goes_and_the_customer_hears_nothing(eyes):
    async def story(hub):
        priya = await hub.add(PRIYA)
        mara = await hub.add(MARA)
        theo = await hub.add(THEO)
        assert await heard(mara, "here") == [{"name": "Theo Hartmann", "types": False}]
        assert await heard(theo, "here") == [{"name": "Mara Kovac", "types": False}]
        hub.remove(theo)
        assert await heard(mara, "here") == []
        await publish(events=[[95, 20]])
        told = [text async for text in until_news(priya)]
        assert not any("here" in text for text in told)

    run(eyes, story)


def test_a_queue_hears_who_else_looks_at_what_when_it_comes_and_when_that_changes(eyes):
    def theo_at(number):
        return {"ticket": number, "people": [{"name": "Theo Hartmann", "initials": "TH"}]}

    async def story(hub):
        theo = await hub.add(THEO)
        await hub.add(MARA)
        queue = await hub.add(QUEUE)
        assert await heard(queue, "looks") == [theo_at(20020)]
        also = await hub.add(Wish("theo", 2, "", ticket=21))
        assert await heard(queue, "looks") == [theo_at(20020), theo_at(20021)]
        hub.remove(theo)
        hub.remove(also)
        while await heard(queue, "looks"):
            pass

    run(eyes, story)


async def until_news(listener):
    async for text in listener:
        yield text
        if "news" in text:
            return


def test_a_page_polls_while_valkey_is_away(eyes, monkeypatch):
    monkeypatch.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")

    async def story(hub):
        assert await hub.add(MARA) is None

    run(eyes, story)


def test_one_person_holds_only_so_many_streams(eyes, monkeypatch):
    monkeypatch.setattr(hubs, "MOST_OF_ONE", 2)

    async def story(hub):
        assert await hub.add(MARA)
        assert await hub.add(MARA)
        assert await hub.add(MARA) is None
        assert await hub.add(THEO)

    run(eyes, story)


def test_a_page_that_does_not_read_is_let_go(eyes):
    async def story(hub):
        page = await hub.add(MARA)
        for number in range(200):
            page.tell("news", number)
        assert len([text async for text in page]) <= 60

    run(eyes, story)


def test_words_on_the_channel_that_are_not_ours_harm_nothing(eyes):
    async def story(hub):
        page = await hub.add(MARA)
        async with Redis.from_url(settings.REDIS_URL) as valkey:
            for noise in (b"\xff", b"[]", b'{"events": "x"}', b'{"events": [[1]]}', b"null"):
                await valkey.publish(CHANNEL, noise)
        await publish(events=[[99, 20]])
        assert await heard(page, "news") == 99

    run(eyes, story)


def test_a_question_that_fails_leaves_room_for_the_next_page(eyes, monkeypatch):
    async def story(hub):
        monkeypatch.setattr(hubs, "MOST_OF_ONE", 1)
        good = eyes.ask

        def fails(question):
            future = asyncio.get_running_loop().create_future()
            future.set_exception(RuntimeError("the database is away"))
            return future

        hub._ask = fails
        with pytest.raises(RuntimeError):
            await hub.add(MARA)
        hub._ask = good
        assert await hub.add(MARA) is not None

    run(eyes, story)
