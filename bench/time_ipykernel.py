"""ipykernel through jupyter_client. Each line read asks for one measurement, whose seconds are printed on a line:

    pass    a `pass` cell on one running kernel
    first   from nothing to the first result of a new kernel

The clock runs from before a request is sent until both its reply and the kernel's idle are in, as a console waits for them:
only then is all output known to have come.
"""

import sys
import time

from jupyter_client.manager import start_new_kernel


def run(client, code: str) -> None:
    request = client.execute(code)
    idle = False
    while not idle:
        message = client.get_iopub_msg(timeout=30)
        idle = message["parent_header"].get("msg_id") == request and message["content"].get("execution_state") == "idle"
    while client.get_shell_msg(timeout=30)["parent_header"].get("msg_id") != request:
        pass


def end(manager, client) -> None:
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def main() -> None:
    manager, client = start_new_kernel(kernel_name="python3")
    for line in sys.stdin:
        begin = time.perf_counter()
        if line.strip() == "first":
            new = start_new_kernel(kernel_name="python3")
            run(new[1], "1 + 1")
            print(time.perf_counter() - begin, flush=True)
            end(*new)
        else:
            run(client, "pass")
            print(time.perf_counter() - begin, flush=True)
    end(manager, client)


if __name__ == "__main__":
    main()
