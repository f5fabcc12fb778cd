"""Batches: what comes while the disk is at work is handed to it together, so that one sync serves many pages.

Belongs here: gathering and handing over, in one thread beside the crawl. Not here: what is done with a batch
(`pipeline`).

One thread and not many: each system call of a thread asks for the interpreter, which Scrapy's loop has then to give up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Batches(Generic[Item, Result]):
    """Hands items over in the order in which they came; a batch is what came while the one before was under way."""

    def __init__(self, handle: Callable[[Sequence[Item]], Sequence[Result]]) -> None:
        self._handle = handle
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._task: asyncio.Task[None] | None = None

    async def add(self, item: Item) -> Result:
        """What came of an item, once its batch is done.

        Raises:
            Exception: what the handling of its batch raised; each item of the batch hears of it.
        """
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._hand_over())
        return await future

    async def _hand_over(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                results = await asyncio.to_thread(self._handle, [item for item, _ in batch])
            except Exception as error:  # it is told to those that wait
                for _, future in batch:
                    future.set_exception(error)
            else:
                for (_, future), result in zip(batch, results, strict=True):
                    future.set_result(result)
