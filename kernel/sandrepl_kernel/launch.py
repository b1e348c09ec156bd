"""`ensure`: find the folder's kernel or start one, exactly one however many callers there are.

Only this module is imported when a kernel already lives, so it imports next to nothing.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import stat
import sys
import time

START_SECONDS = 20.0
LOG_LIMIT = 1 << 20
RECENT_BYTES = 16 << 20
USAGE = """usage: python3 kernel.pyz ensure
Finds or starts the kernel of $SANDREPL_DIR and prints its connection as JSON."""


class StartError(Exception):
    """The kernel could not be started; the message says what happened, why, and what to do."""


def main(arguments: list[str]) -> int:
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
        fcntl.lockf(gate, fcntl.LOCK_EX)
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
        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    except PermissionError:  # what some systems say instead
        return True
    finally:
        os.close(lock)


def connection(folder: str) -> str:
    try:
        with open(os.path.join(folder, "connection.json"), encoding="ascii") as file:
            return file.read().strip()
    except FileNotFoundError:
        return ""


def journal_ends(folder: str) -> tuple[int, int]:
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
    ready, report = os.pipe()
    child = os.fork()
    if child == 0:
        become_kernel(folder, report)
    os.close(report)
    deadline = time.monotonic() + START_SECONDS
    said = b""
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([ready], [], [], left)[0]:
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


def become_kernel(folder: str, report: int) -> None:
    """The child's side of the fork: detach from everything that the caller holds, then run. Never returns."""
    try:
        os.setsid()
        detach(os.path.join(folder, "kernel.log"), keep=report)
        from .birth import run

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


def detach(log: str, keep: int) -> None:
    """Points stdin at /dev/null, stdout and stderr at the log, and closes all else: an exec waits for its pipes."""
    try:
        if os.path.getsize(log) > LOG_LIMIT:
            os.truncate(log, 0)
    except FileNotFoundError:
        pass
    null = os.open(os.devnull, os.O_RDWR)
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(null, 0)
    os.dup2(file, 1)
    os.dup2(file, 2)
    for number in open_descriptors():
        if number > 2 and number != keep:
            try:
                os.close(number)
            except OSError:
                pass


def open_descriptors() -> list[int]:
    for folder in ("/proc/self/fd", "/dev/fd"):
        try:
            return [int(name) for name in os.listdir(folder)]
        except OSError:
            continue
    return list(range(3, 1024))
