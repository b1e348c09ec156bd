"""`ensure`: find the folder's kernel or start one, exactly one however many callers there are.

Only this module is imported when a kernel already lives, and the archive's modules are compiled at each start: so
it is short and imports next to nothing, not even `__future__`.
"""

import os
import stat
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

START_SECONDS = 20.0
RECENT_BYTES = 16 << 20
USAGE = """usage: python3 kernel.pyz ensure
Finds or starts the kernel of $SANDREPL_DIR and prints its connection as JSON."""


class StartError(Exception):
    """The kernel could not be started; the message says what happened, why, and what to do."""


def run(arguments: "list[str]") -> None:
    """Ends the process at once: nothing is left to do, and taking the interpreter down in order would double the time."""
    status = main(arguments)
    sys.stderr.flush()
    os._exit(status)


def main(arguments: "list[str]") -> int:
    if arguments != ["ensure"]:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        print(ensure(kernel_folder()), flush=True)
        return 0
    except (StartError, OSError) as error:
        import json

        print(json.dumps({"error": f"start the kernel: {error}"}), flush=True)
        return 1


def kernel_folder() -> str:
    """The kernel's folder, made with mode 0700. Somebody else's is refused: whoever owns it could read the secret."""
    folder = os.path.abspath(os.environ.get("SANDREPL_DIR") or "/tmp/.sandrepl")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    status = os.lstat(folder)
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        raise StartError(f"{folder} is not a folder of this user; set SANDREPL_DIR to one that is")
    if status.st_mode & 0o077:
        os.chmod(folder, 0o700)
    return folder


def ensure(folder: str) -> str:
    """One line of JSON about the living kernel. The lock `start` lets one caller at a time look and start."""
    deadline = time.monotonic() + START_SECONDS
    gate = os.open(os.path.join(folder, "start"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.lockf(gate, os.F_LOCK, 0)
        while True:
            if not kernel_lives(folder):
                start(folder)
                return described(connection(folder), folder, started=True)
            line = connection(folder)
            if line:
                return described(line, folder, started=False)
            if time.monotonic() > deadline:
                raise StartError(f"a kernel holds {folder}/lock but does not get ready; end it, then try again")
            time.sleep(0.005)
    finally:
        os.close(gate)


def kernel_lives(folder: str) -> bool:
    lock = os.open(os.path.join(folder, "lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.lockf(lock, os.F_TLOCK, 0)
        return False
    except BlockingIOError:
        return True
    except PermissionError:  # what some systems say instead
        return True
    finally:
        os.close(lock)


def connection(folder: str) -> str:
    try:
        with open(os.path.join(folder, "connection.json"), encoding="utf-8") as file:
            return file.read().strip()
    except FileNotFoundError:
        return ""


def journal_ends(folder: str) -> "tuple[int, int]":
    """The numbers of the journal's last event, and of the one after which its latest RECENT_BYTES or so begin."""
    journal = os.path.join(folder, "journal")
    names = sorted(name for name in os.listdir(journal) if name.endswith(".ndjson"))
    with open(os.path.join(journal, names[-1]), "rb") as file:
        last = int(names[-1][:-7]) - 1 + file.read().count(b"\n")
    size, recent = 0, names[-1]
    for name in reversed(names):
        size += os.path.getsize(os.path.join(journal, name))
        if size > RECENT_BYTES:
            break
        recent = name
    return last, int(recent[:-7]) - 1


def described(line: str, folder: str, started: bool) -> str:
    """Adds to the object by hand: importing json would double the time of finding a living kernel."""
    last, recent = journal_ends(folder)
    return f'{line[:-1]}, "last": {last}, "recent": {recent}, "started": {"true" if started else "false"}}}'


def start(folder: str) -> None:
    """Forks the kernel off and returns once it is ready to be connected to."""
    from .birth import run  # here, where the compiler's pages are in memory already: the child would fault them in again

    ready, report = os.pipe()
    child = os.fork()
    if child == 0:
        become_kernel(run, folder, report)
    import select  # while the child gets ready

    os.close(report)
    deadline = time.monotonic() + START_SECONDS
    said = b""
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([ready], [], [], left)[0]:
            import signal

            os.kill(child, signal.SIGKILL)
            late = f"it was not ready within {START_SECONDS:.0f} seconds, so it was ended"
            raise StartError(f"{late}; see {folder}/kernel.log")
        data = os.read(ready, 4096)
        if not data:
            break
        said += data
    os.close(ready)
    if said != b"ready":
        reason = said.decode("utf-8", "replace") or "it died before it was ready"
        raise StartError(f"{reason}; see {folder}/kernel.log")


def become_kernel(run: "Callable[[str, int], None]", folder: str, report: int) -> None:
    """The child's side of the fork. Never returns."""
    try:
        run(folder, report)
    except BaseException as error:
        import traceback

        traceback.print_exc()
        try:
            os.write(report, f"{type(error).__name__}: {error}".encode("utf-8", "replace")[:2000])
        except OSError:
            pass
    finally:
        os._exit(1)
