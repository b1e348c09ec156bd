"""A stand-in for an agent's client: the same two files, used in the same order by a process of its own."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys

SCRIPT = '''\
import base64, contextlib, io, json, os, traceback

STATE = {state!r}
code = base64.b64decode("{code}").decode()
names = {{}}
if os.path.exists(STATE):
    try:
        with open(STATE) as file:
            names = json.load(file)
    except (ValueError, RecursionError):
        pass
names["__name__"] = "__main__"
out, err = io.StringIO(), io.StringIO()
with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
    try:
        exec(code, names)
    except Exception:
        traceback.print_exc()
kept, shown = {{}}, {{}}
for name, value in names.items():
    if not name.startswith("_"):
        shown[name] = repr(value)
        try:
            json.dumps(value)
            kept[name] = value
        except (TypeError, ValueError):
            kept[name] = repr(value)
with open(STATE, "w") as file:
    json.dump(kept, file)
print(json.dumps({{"stdout": out.getvalue(), "stderr": err.getvalue(), "locals": shown}}))
'''


class AgentClient:
    def __init__(self, root: str) -> None:
        self.root = root
        self.state = os.path.join(root, "rlm_state.json")
        self.script = os.path.join(root, "rlm_exec.py")
        self._running: list = []

    def begin(self, code: str) -> subprocess.Popen:
        encoded = base64.b64encode(code.encode()).decode()
        with open(self.script, "w") as file:
            file.write(SCRIPT.format(state=self.state, code=encoded))
        running = subprocess.Popen([sys.executable, self.script], cwd=self.root, stdout=subprocess.PIPE)
        self._running.append(running)
        return running

    def finish(self, running: subprocess.Popen) -> dict:
        out, _ = running.communicate(timeout=60)
        self._running.remove(running)
        return json.loads(out.decode().splitlines()[-1])

    def run(self, code: str) -> dict:
        return self.finish(self.begin(code))

    def saved(self) -> dict:
        with open(self.state) as file:
            return json.load(file)

    def end(self, running: subprocess.Popen) -> None:
        self._running.remove(running)
        running.kill()
        running.communicate()

    def close(self) -> None:
        for running in self._running[:]:
            self.end(running)
