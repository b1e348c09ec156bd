"""Drives ipykernel through jupyter_client: each line read names a row, whose seconds or bytes are printed on a line."""

import sys
import time

from jupyter_client.manager import start_new_kernel

SETUP, OUTPUTS, BUSY, LINES = sys.argv[1:]
PATIENCE = 60


def messages(client, request: str):
    """What a cell publishes, to its kernel's idle; then its reply is taken, too."""
    while True:
        message = client.get_iopub_msg(timeout=PATIENCE)
        if message["parent_header"].get("msg_id") != request:
            continue
        yield message
        if message["content"].get("execution_state") == "idle":
            break
    while client.get_shell_msg(timeout=PATIENCE)["parent_header"].get("msg_id") != request:
        pass


def run(client, code: str) -> str:
    texts = [m["content"]["text"] for m in messages(client, client.execute(code)) if m["msg_type"] == "stream"]
    return "".join(texts)


def to_first_output(client, code: str):
    """Sends a cell. Returns when its first output is here, with what is left to read."""
    rest = messages(client, client.execute(code))
    next(message for message in rest if message["msg_type"] == "stream")
    return rest


def resident(manager) -> int:
    with open(f"/proc/{manager.provisioner.process.pid}/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmRSS:"))


def complete(client, code: str, wanted: str) -> None:
    request = client.complete(code)
    while True:
        message = client.get_shell_msg(timeout=PATIENCE)
        if message["parent_header"].get("msg_id") == request:
            break
    assert any(match.endswith(wanted) for match in message["content"]["matches"]), wanted


def measure(row: str, manager, client) -> float:
    begin = time.perf_counter()
    if row == "start":
        new, talk = start_new_kernel(kernel_name="python3")
        took = time.perf_counter() - begin
        end(new, talk)
        return took
    if row == "memory":
        new, talk = start_new_kernel(kernel_name="python3")
        run(talk, "pass")
        used = resident(new)
        end(new, talk)
        return used
    if row == "pass":
        run(client, "pass")
    elif row == "attributes":
        complete(client, "np.", "zeros")
    elif row == "names":
        complete(client, "name_", "name_9999")
    elif row == "lines":
        assert run(client, LINES).count("\n") == 200_000
    elif row == "output":
        rest = to_first_output(client, OUTPUTS)
        took = time.perf_counter() - begin
        list(rest)
        return took
    else:
        rest = to_first_output(client, BUSY)
        begin = time.perf_counter()
        manager.interrupt_kernel()
        list(rest)
    return time.perf_counter() - begin


def end(manager, client) -> None:
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def main() -> None:
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        run(client, SETUP)
        for line in sys.stdin:
            print(measure(line.strip(), manager, client), flush=True)
    finally:
        end(manager, client)


main()
