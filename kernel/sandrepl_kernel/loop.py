"""The event loop that lives as long as the kernel: a cell's `await` runs on it, and between cells it goes on with the
tasks and servers that cells left there.
"""

from __future__ import annotations

import os
import sys
from queue import SimpleQueue

from .interrupts import IDLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .interrupts import Interrupts

CLEANUP_SECONDS = 1.0


class Tasks(SimpleQueue):  # type: ignore[type-arg]
    """What the main thread is to do next. It may wait for that in an event loop, which is then woken."""

    def __init__(self) -> None:
        super().__init__()
        self.waiter: Any = None

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        super().put(item)
        waiter = self.waiter
        if waiter is not None:
            try:
                waiter.call_soon_threadsafe(waiter.stop)
            except (RuntimeError, OSError):  # closed by a task of the user's: then nobody waits in it
                pass


class Loop:
    def __init__(self, interrupts: Interrupts) -> None:
        self._interrupts = interrupts
        self._loop: Any = None

    def attach(self, asyncio: Any) -> None:
        """`asyncio` was imported: what cells make without `await` belongs to this loop, too."""
        create = asyncio.tasks.create_task

        def create_task(coro: Any, **options: Any) -> Any:
            """Schedule the execution of a coroutine object in a spawn task. Return a Task object."""
            try:
                asyncio.get_running_loop()
            except RuntimeError:
                if self._interrupts.running is not None and self._interrupts.in_main_thread():
                    return self.current().create_task(coro, **options)
            return create(coro, **options)

        create_task.__module__ = create.__module__
        asyncio.create_task = asyncio.tasks.create_task = create_task
        os.register_at_fork(after_in_child=self._forked)  # after asyncio's own
        self.offer()

    def _forked(self) -> None:
        """In a child of a cell that awaits: asyncio has forgotten there that the loop runs. Since Python 3.14 its tasks
        would never go on."""
        if self._loop is not None and self._loop.is_running() and self._interrupts.in_main_thread():
            sys.modules["asyncio"]._set_running_loop(self._loop)

    def offer(self) -> None:
        """Before a cell: `asyncio.get_event_loop()` gives this loop. `asyncio.run()` leaves none behind."""
        asyncio = sys.modules.get("asyncio")
        if asyncio is not None and hasattr(asyncio, "create_task"):
            asyncio.set_event_loop(self.current())

    def current(self) -> Any:
        if self._loop is None or self._loop.is_closed() or not works(self._loop):
            self._loop = sys.modules["asyncio"].new_event_loop()
        return self._loop

    def wait(self, coroutine: Any) -> Any:
        """Runs a cell's coroutine to its end."""
        interrupts = self._interrupts
        running, interrupts.running = interrupts.running, None  # an import that is cut short stays broken
        import asyncio

        if running is not None:
            interrupts.begin(running)
        loop = self.current()
        asyncio.set_event_loop(loop)
        task = loop.create_task(coroutine)
        interrupts.loop, interrupts.task = loop, task
        try:
            return loop.run_until_complete(task)
        except asyncio.CancelledError as error:
            if interrupts.cancelled:
                raise KeyboardInterrupt().with_traceback(innermost(error).__traceback__) from None
            raise
        except BaseException:
            self._unwind(task)
            raise
        finally:
            interrupts.task = None

    def _unwind(self, task: Any) -> None:
        """After an interrupt in the loop: let the task clean up, and have its exception count as seen."""
        if not task.done():
            task.cancel()
            import asyncio

            self._loop.run_until_complete(asyncio.wait([task], timeout=CLEANUP_SECONDS))
        if task.done() and not task.cancelled():
            task.exception()

    def idle(self, tasks: Tasks) -> None:
        """Between cells: runs what is left on the loop until there is something to do. An interrupt ends the task
        that keeps the main thread from its next cell."""
        loop = self._loop
        if loop is None or loop.is_closed() or not works(loop):
            return
        interrupts = self._interrupts
        tasks.waiter = loop
        interrupts.loop = loop
        try:
            interrupts.arm()
            interrupts.running = IDLE
            if tasks.empty():
                loop.run_forever()
        finally:
            interrupts.running = None
            tasks.waiter = None


def innermost(error: BaseException) -> BaseException:
    """The cancellation that the coroutine itself saw, and so where it was; up to Python 3.10 others hold it."""
    while isinstance(error.__context__, type(error)):
        error = error.__context__
    return error


def works(loop: Any) -> bool:
    """Whether a cell has left the loop the descriptors that it waits with."""
    selector = getattr(loop, "_selector", None)
    if selector is None:
        return True
    try:
        os.fstat(selector.fileno())
        os.fstat(loop._csock.fileno())
    except (OSError, ValueError, AttributeError):
        return False
    return True
