"""Let a second thread prepare what comes next."""

from __future__ import annotations

import queue
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Item = TypeVar("Item")

PATIENCE_S = 0.1


class _Maker(Generic[Item]):
    """Takes items from an iterable in its own thread and keeps a few ready."""

    def __init__(self, items: Iterable[Item], most: int) -> None:
        self._items = items
        self._ready: queue.Queue[tuple[Item | None, BaseException | None]] = queue.Queue(most)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._make, name="ahead", daemon=True)
        self._thread.start()

    def _offer(self, item: Item | None, error: BaseException | None) -> None:
        while not self._stop.is_set():
            try:
                return self._ready.put((item, error), timeout=PATIENCE_S)
            except queue.Full:
                continue
        return None

    def _make(self) -> None:
        try:
            for item in self._items:
                self._offer(item, None)
                if self._stop.is_set():
                    return
            self._offer(None, None)
        except BaseException as error:  # noqa: BLE001 - raised again where it is taken
            self._offer(None, error)

    def taken(self) -> Iterator[Item]:
        while True:
            item, error = self._ready.get()
            if error is not None:
                raise error
            if item is None:
                return
            yield item

    def end(self) -> None:
        self._stop.set()
        self._thread.join()


@contextmanager
def ahead(items: Iterable[Item], *, most: int = 3) -> Iterator[Iterator[Item]]:
    """Iterate over items that another thread makes, at most `most` ahead.

    The thread has ended when the context ends. Its error is raised where its
    items are taken.
    """
    maker = _Maker(items, most)
    try:
        yield maker.taken()
    finally:
        maker.end()
