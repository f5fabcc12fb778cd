"""What comes while the disk is at work is handed to it together."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

from ingest.crawl.batches import Batches


def test_what_comes_meanwhile_is_one_batch_and_each_hears_what_came_of_it() -> None:
    handled: list[list[int]] = []
    may_go_on = threading.Event()

    def handle(items: Sequence[int]) -> list[int]:
        handled.append(list(items))
        may_go_on.wait(10)
        return [item * 10 for item in items]

    async def crawl() -> list[int]:
        batches = Batches(handle)
        adding = [asyncio.create_task(batches.add(0))]
        while not handled:
            await asyncio.sleep(0.001)
        adding += [asyncio.create_task(batches.add(item)) for item in (1, 2, 3)]
        await asyncio.sleep(0.01)
        may_go_on.set()
        return [*await asyncio.gather(*adding), await batches.add(4)]

    assert asyncio.run(crawl()) == [0, 10, 20, 30, 40]
    assert handled == [[0], [1, 2, 3], [4]]


def test_what_a_batch_raised_is_told_to_each_of_it_and_the_next_is_handled() -> None:
    def handle(items: Sequence[int]) -> Sequence[int]:
        if 1 in items:
            raise OSError("no space left")
        return items

    async def crawl() -> list[int | BaseException]:
        batches = Batches(handle)
        told = await asyncio.gather(batches.add(1), batches.add(2), return_exceptions=True)
        return [*told, await batches.add(3)]

    first, second, third = asyncio.run(crawl())
    assert str(first) == str(second) == "no space left"
    assert third == 3
