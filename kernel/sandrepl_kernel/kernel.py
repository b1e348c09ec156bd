"""The kernel put together: the main thread's loop, and what each request does."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
import time
from queue import Empty

from .descriptors import keep
from .files import new_id
from .journal import Journal
from .loop import Tasks
from .output import Outbox, become_forked, flush_c
from .requests import QUERIES, Request, RequestError, Taken, parse
from .settings import Settings

QUEUE_LIMIT = 1000
IDLE_SECONDS = 0.05  # how long the kernel is idle before it looks at the variables that are left over
SAMPLE_SECONDS = 0.25
SETTLE_SECONDS = 0.25  # from when a client came until what completes is loaded; its first cell goes first
AGENT_SECONDS = 0.25  # between two looks for an agent's files, until there are any
SWITCH_SECONDS = 0.001  # what a busy cell keeps an interrupt, a completion or a sample waiting each time they need Python
EXIT_SECONDS = 1.0  # what a running cell gets to end, before a shutdown ends it
BEGIN_SECONDS = 2.0  # what a busy machine gets to tell that a cell begins, before its code may keep the I/O thread from it

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from .agents.watcher import Watcher
    from .client import Client
    from .commands.dispatch import Commands
    from .execute import Interpreter, Outcome
    from .queries import Queries
    from .stdin import Console
    from .variables import Variables

    Task = Request | Callable[[], None] | None  # what the main thread does next; None: the end


class Kernel:
    def __init__(self, folder: str, journal: Journal, taken: Taken, outbox: Outbox, server: Any) -> None:
        self.folder = folder
        self.journal = journal
        self.taken = taken
        self.outbox = outbox
        self.server = server
        self.tasks = Tasks()
        self.settings = Settings()
        self.sampled: str | None = None  # the cell that runs, whose variables are told while it does
        self.accounted: str | None = None  # whose changes of variables were told last: an agent's cell, or ours
        self._sampling = threading.Lock()
        self._next_sample = 0.0
        self._settled: float | None = None  # when the first client will have been there for SETTLE_SECONDS
        self._completes = False  # what completes is loaded, or about to be
        self._agents: Watcher | None = None
        self._meeting = threading.Lock()
        self._watching = False
        self._next_look = 0.0
        self.waiting: dict[str, Request] = {}  # executes and assigns that were taken and are not done
        self.counted = 0
        self.setups = 0
        self.ending = False
        self._mask = threading.local()  # what signals a thread had blocked before it began to fork
        self.interpreter: Interpreter
        self.queries: Queries
        self.variables: Variables
        self.console: Console

    def run(self) -> None:
        """The main thread's life."""
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGALRM})
        signal.signal(signal.SIGTERM, lambda number, frame: None)  # the I/O thread acts on it
        signal.signal(signal.SIGINT, lambda number, frame: None)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.set_wakeup_fd(self.outbox.writer, warn_on_full_buffer=False)
        sys.setswitchinterval(SWITCH_SECONDS)
        log = os.dup(2)
        self.outbox.capture_descriptors()
        try:
            self._make_namespace()
            self._greet()
            self._wire(log)
        except BaseException:
            from .faults import break_off

            break_off(self.folder, log)
        self._loop()

    def _make_namespace(self) -> None:
        from types import ModuleType

        from . import display
        from .execute import Interpreter
        from .interrupts import Interrupts
        from .models import Models, helpers
        from .queries import Queries
        from .stdin import Console
        from .variables import Variables

        module = ModuleType("__main__")
        sys.modules["__main__"] = module
        sys.argv[:] = [""]
        sys.path[:] = ["", *filter(None, sys.path[1:])]
        namespace = vars(module)
        namespace["__builtins__"] = sys.modules["builtins"]
        self.interrupts = Interrupts()
        self.interpreter = Interpreter(namespace, self.interrupts)
        self.variables = Variables(namespace, self.outbox)
        self.interpreter.before.append(self.settings.export)
        self.console = Console(self.outbox)
        self.queries = Queries(namespace, self.outbox, self.server.reply)
        display.panel.connect(self.outbox, self.settings, self.interpreter)
        self.models = Models(self.outbox, self.settings)
        self.interpreter.commands = self._commands
        self.interpreter.get_ipython = get_ipython = shell_of(self.interpreter)
        self.variables.helpers.update(
            helpers(namespace, self.models), display=display.display, get_ipython=get_ipython
        )
        namespace.update(self.variables.helpers)
        self.furnished = {name: value for name, value in namespace.items() if name.strip("_")}

    def _commands(self) -> Commands:
        """Made for the first cell that holds one."""
        from .commands.dispatch import Commands

        made = Commands(self.interpreter, self.outbox, self.console, self.variables, self.settings, self.agents)
        self.interpreter.commands = lambda: made
        return made

    def _greet(self) -> None:
        """Binds what an agent left, and opens the journal's account of this epoch."""
        if self._agent_is_here():
            self.agents().greet(tell=self.journal.last == 1)
        self.variables.update(set())
        self.variables.unmark()
        self.outbox.emit("locals", None, self.variables.full())

    def _agent_is_here(self) -> bool:
        beside = os.path.dirname(self.folder)
        return any(os.path.exists(os.path.join(beside, name)) for name in ("rlm_exec.py", "rlm_state.json"))

    def agents(self) -> Watcher:
        """What watches an agent's files and writes into them. Loaded when there are any, or a cell pushes."""
        with self._meeting:
            if self._agents is None:
                from .agents.watcher import Watcher

                beside, namespace = os.path.dirname(self.folder), self.interpreter.namespace
                self._agents = Watcher(beside, namespace, self.variables, self.outbox, self.tasks, self._account)
            return self._agents

    def _wire(self, log: int) -> None:
        from .faults import Faults
        from .libraries import prepare
        from .mending import Mender, survive

        server = self.server
        server.request = self.take
        server.terminate = self._terminate
        server.tick = self._tick
        server.special = {
            "input_request": lambda *item: self.console.asked(self.journal, *item),
            "answer": self.queries.answered,
            "llm_request": lambda *item: self.models.asked(self.journal, *item),
            "llm_closed": lambda parent, content, asked: self.models.closed(self.journal, asked),
            "input_closed": lambda *item: self.console.closed(self.journal, *item),
            "end": lambda *item: server.end(os.path.join(self.folder, "connection.json")),
        }
        self.outbox.capture_python()
        self.console.install()
        sys.__stderr__ = open(keep(log), "w", encoding="utf-8", errors="replace", buffering=1)
        prepare(self.interpreter, self.folder)
        self.faults = Faults(self.folder, self.outbox)
        mender = Mender(self.outbox, self.faults, self.furnished)
        self.interpreter.before += (mender.before, self.interpreter.loop.offer)
        self.interpreter.behind.append(mender.builtins)
        self.interpreter.after.append(mender.rest)
        server.mend = lambda: survive(self.outbox, self.faults)
        os.register_at_fork(before=self._forking, after_in_parent=self._fork_over, after_in_child=self._forked)
        thread = threading.Thread(target=server.run, name="sandrepl-io", daemon=True)
        thread.start()

    def _forking(self) -> None:
        """A signal to the child waits until its handlers are its own: until then the kernel would hear it instead."""
        self._mask.before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGALRM})

    def _fork_over(self) -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, self._mask.before)

    def _forked(self) -> None:
        """In a child of fork: it is not the kernel. It keeps nothing of it but the pipes that it prints into."""
        self.ending = True
        self.console.allowed = False
        self.faults.forked()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        become_forked(sys.stdout, sys.stderr)
        self.server.close_all()
        self._fork_over()

    # The main thread.

    def _loop(self) -> None:
        import linecache  # noqa: F401  what the first cell needs, loaded while nobody waits

        while True:
            try:
                task = self._next_task()
                if isinstance(task, Request):
                    self._perform(task)
                elif task is not None:
                    task()
                elif self.ending:
                    self._end()
            except BaseException as error:  # a signal handler of the user's that raises between cells
                self._complain(error)

    def _next_task(self) -> Task:
        while self.variables.unfinished:
            try:
                return self.tasks.get(timeout=IDLE_SECONDS)
            except Empty:
                content = self.variables.update(set(), fresh=False)
                if content["changed"] or content["deleted"] or not content["truncated"]:
                    self.outbox.emit("locals", self.accounted, content)
                    self.outbox.wake()
        self.interpreter.loop.idle(self.tasks)
        return self.tasks.get()

    def _complain(self, error: BaseException) -> None:
        from . import errors

        text = "\n".join(errors.describe(error, "")["traceback"])
        self.outbox.items.append(("stderr", self.outbox.parent, f"between cells:\n{text}\n"))
        self.outbox.wake()

    def _perform(self, task: Request) -> None:
        pid = os.getpid()
        if task.method == "locals":
            self.outbox.emit("locals", task.id, self.variables.exact(task.params["value_limit"]))
            self.outbox.wake()
            return
        self.interrupts.coming = task.id
        self.outbox.begin(task.id)
        self.outbox.emit("status", task.id, {"execution_state": "busy"})
        outcome = {"status": "error", "execution_count": None, "duration": 0.0}
        mentioned: set[str] = set()
        started = time.perf_counter()
        try:
            if task.method == "assign":
                mentioned.update(task.params["values"])
                self.interpreter.namespace.update(task.params["values"])
                outcome["status"] = "ok"
            else:
                self._next_sample = time.monotonic() + SAMPLE_SECONDS
                self.sampled = task.id
                mentioned = self._execute(task, outcome)
        finally:
            if os.getpid() != pid:
                os._exit(1)  # an interrupt on its way out
            self.interrupts.coming = None
            with self._sampling:
                self.sampled = None
            outcome["duration"] = round(time.perf_counter() - started, 6)
            self.waiting.pop(task.id, None)
            self.outbox.emit("execute_reply", task.id, outcome)
            self.outbox.emit("status", task.id, {"execution_state": "idle"})
            self.outbox.sync()
        self._account(task.id, mentioned)

    def _account(self, cell: str | None, names: set[str]) -> None:
        """Tells what a cell did to the variables, these names above all."""
        self.accounted = cell
        self.outbox.emit("locals", cell, self.variables.update(names))
        self.outbox.wake()

    def _execute(self, task: Request, reply: dict[str, Any]) -> set[str]:
        from .execute import Cell, cell_name
        from .pasted import plain

        count = None
        if task.params["author"] == "user":
            self.counted += 1
            count = self.counted
            filename = cell_name(count)
        else:
            self.setups += 1
            filename = f"<setup {self.setups}>"
        code = task.params["code"]
        content = {"code": code, "execution_count": count, "author": task.params["author"]}
        self.outbox.emit("execute_input", task.id, content)
        self.outbox.sync(BEGIN_SECONDS)  # it shows as running before code that may never let the I/O thread run
        reply["execution_count"] = count
        self.console.allowed = task.params["allow_stdin"]
        pid = os.getpid()
        outcome = self.interpreter.run(Cell(task.id, plain(code), filename, count))
        if os.getpid() != pid:
            leave_forked_child(outcome)
        self._settle()
        if outcome.error is not None:
            self.outbox.emit("error", task.id, outcome.error)
        else:
            reply["status"] = "ok"
            if outcome.result is not None:
                data, metadata = outcome.result
                shown = {"execution_count": count, "data": data, "metadata": metadata}
                self.outbox.emit("execute_result", task.id, shown)
        return outcome.names

    def _settle(self) -> None:
        """At a cell's end: all that was written to the descriptors comes before the result."""
        flush_c()
        if self.outbox.older_bytes():
            self.outbox.sync(1.0)

    def _end(self) -> None:
        import atexit

        atexit._run_exitfuncs()
        self._die()
        while True:
            time.sleep(60)

    # The I/O thread.

    def take(self, data: bytes, asker: Client | None) -> str:
        """Takes a request, once. Returns what is wrong with one that has no usable id."""
        try:
            request = parse(data)
        except RequestError as error:
            if error.id is None:
                return str(error)
            if error.query:
                self.server.reply(asker, error.id, {"status": "error", "error": str(error)})
            elif self.taken.take(error.id):
                self._refuse(error.id, str(error))
            return ""
        if request.method in QUERIES:
            self.queries.ask(request, asker)
            return ""
        if self.taken.take(request.id):
            _ACTIONS[request.method](self, request)
        return ""

    def _refuse(self, id: str, why: str) -> None:
        from . import errors

        self.journal.append("error", id, errors.refused(why))
        self._answer(id, "error")

    def _answer(self, id: str, status: str) -> None:
        self.journal.append("execute_reply", id, {"status": status, "execution_count": None, "duration": 0.0})
        self.journal.append("status", id, {"execution_state": "idle"})

    def _queue(self, request: Request) -> None:
        if len(self.waiting) >= QUEUE_LIMIT:
            self._refuse(request.id, f"{QUEUE_LIMIT} cells wait already; wait for some of them, or interrupt")
            return
        if self.waiting:
            self.journal.append("status", request.id, {"execution_state": "queued"})
        self.waiting[request.id] = request
        self.tasks.put(request)

    def _interrupt(self, request: Request) -> None:
        """Drops what is queued and interrupts what runs; with a cell named, does so to that one alone."""
        only = request.params.get("cell")
        kept: list[Task] = []
        while True:
            try:
                task = self.tasks.get_nowait()
            except Empty:
                break
            if isinstance(task, Request) and task.id in self.waiting and only in (None, task.id):
                del self.waiting[task.id]
                if task.method == "execute":  # so that what was typed is in the journal all the same
                    content = {"code": task.params["code"], "execution_count": None, "author": task.params["author"]}
                    self.journal.append("execute_input", task.id, content)
                self._answer(task.id, "aborted")
            elif task is not None:
                kept.append(task)
        for task in kept:
            self.tasks.put(task)
        if only is None or only in self.waiting:
            self.interrupts.send(only)

    def _locals(self, request: Request) -> None:
        if "value_limit" in request.params:
            self.tasks.put(request)
        else:
            self.journal.append("locals", request.id, self.variables.full())

    def _llm_reply(self, request: Request) -> None:
        problem = self.models.reply(self.journal, request.params)
        if problem:
            self._refuse(request.id, problem)

    def _configure(self, request: Request) -> None:
        self.settings.apply(request.params)

    def _tick(self, now: float) -> float | None:
        """The I/O thread's clock: what is due at times, not on an event. Returns the seconds until it is due again."""
        self.queries.give_up_late(now)
        watching = self.sampled is not None and self.server.watched
        if watching and now >= self._next_sample:
            self._next_sample = now + SAMPLE_SECONDS
            self.queries.beside(self._sample)
        waits = [SAMPLE_SECONDS] if watching or self.queries.waiting else []
        if not self._completes and self.server.watched and not self.waiting:
            waits.append(self._load_completion(now))
        if not self._watching:
            waits.append(self._look_for_agents(now))
        return min(waits, default=None)

    def _load_completion(self, now: float) -> float:
        """While no cell runs: the first completion need not wait for it then."""
        if self._settled is None:
            self._settled = now + SETTLE_SECONDS
        elif now >= self._settled:
            self._completes = True
            from .queries import load_completion

            self.queries.beside(load_completion)
        return SETTLE_SECONDS

    def _look_for_agents(self, now: float) -> float:
        if now >= self._next_look:
            self._next_look = now + AGENT_SECONDS
            if self._agent_is_here():
                self._watching = True
                _thread.start_new_thread(lambda: self.agents().run(), ())
        return self._next_look + 0.001 - now

    def _sample(self) -> None:
        """On the query thread: tells of variables while a cell runs. The cell's own account comes after it, always."""
        with self._sampling:
            content = self.variables.sample() if self.sampled is not None else None
            if content is not None:
                self.outbox.emit("locals", self.sampled, content)
                self.outbox.wake()

    def _shutdown(self, request: Request) -> None:
        self._terminate()

    def _input_reply(self, request: Request) -> None:
        self.console.reply(request.params, self.journal)

    def _terminate(self) -> None:
        """Ends the kernel: by the main thread when it is free within EXIT_SECONDS, without it otherwise."""
        if self.ending:
            return
        self.ending = True
        self._interrupt(Request("shutdown", "interrupt", {}))
        self.tasks.put(None)
        timer = threading.Timer(EXIT_SECONDS, self._die)
        timer.daemon = True
        timer.start()

    def _die(self) -> None:
        """Has the I/O thread write the last event and end the process."""
        self.outbox.items.append(("end", None, None, 0))
        self.outbox.wake()


def shell_of(interpreter: Interpreter) -> Callable[[], Any]:
    made: list[Any] = []

    def get_ipython() -> Any:
        """What does as IPython's shell does where cells and exported notebooks ask for it: run_line_magic and others."""
        if not made:
            from .commands.ipython import SandreplShell

            made.append(SandreplShell(lambda: interpreter.commands()))
        return made[0]

    get_ipython.__module__, get_ipython.__qualname__ = "__main__", "get_ipython"
    return get_ipython


def leave_forked_child(outcome: Outcome) -> None:
    """A child that came to the end of the cell in which it was forked has no further business here, and ends as a
    script does: what it raised goes to its stderr and is its exit code."""
    error = outcome.raised
    code = 0 if error is None else 1
    try:
        if isinstance(error, SystemExit) and isinstance(error.code, int):
            code = error.code & 0xFF
        elif error is not None and outcome.error is not None:
            sys.stderr.write("\n".join(outcome.error["traceback"]) + "\n")
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


_ACTIONS: dict[str, Callable[[Kernel, Request], None]] = {
    "execute": Kernel._queue,
    "assign": Kernel._queue,
    "interrupt": Kernel._interrupt,
    "input_reply": Kernel._input_reply,
    "llm_reply": Kernel._llm_reply,
    "locals": Kernel._locals,
    "configure": Kernel._configure,
    "shutdown": Kernel._shutdown,
}
