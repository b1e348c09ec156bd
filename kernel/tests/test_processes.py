"""multiprocessing with what cells define, by every way to start a process; forks, pools and child processes."""

from __future__ import annotations

import unittest

from harness import Cell, InOneSandbox

DEFINITIONS = (
    "from __future__ import annotations\nimport math, os.path as paths\nfrom collections import namedtuple\nimport re",
    "K = 10\nPair = namedtuple('Pair', 'left right')\nWORD = re.compile('[a-z]+')\n"
    "try:\n    import json as codec\nexcept ImportError:\n    codec = None",
    "class Point:\n    def __init__(self, x: Unknown): self.x = x\n    def moved(self): return Point(self.x + K)\n"
    "class Sub(Point):\n    pass\norigin = Point(1)",
    "import functools\ndef twice(f):\n    @functools.wraps(f)\n    def inner(*a): return f(f(*a))\n    return inner\n"
    "@twice\ndef grow(n): return n + K\ndef work(n):\n    return math.sqrt(n) + helper(n)\ndef helper(n): return 0",
    "def helper(n):\n    return K + len(paths.sep) + len(WORD.findall('a b'))\nprint('side effect of a cell')",
    "def move(p): return p.moved()\ndef pair(n): return Pair(n, codec.dumps(n))\ndef near(n): return origin.x + n\n"
    "def fails(n):\n    return n / 0\ndef prints(n):\n    print('child', n)\n    return n",
)


class Processes(InOneSandbox):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        for code in DEFINITIONS:
            cls.client.run(code)
        cls.client.run("import multiprocessing, os\nfrom concurrent.futures import ProcessPoolExecutor")

    def each_method(self, code: str, check) -> None:
        for method in ("spawn", "forkserver", "fork"):
            with self.subTest(method):
                cell = self.client.run(f"mp = multiprocessing.get_context('{method}')\n{code}")
                self.assertIsNone(cell.error, cell.error)
                check(cell)

    def result(self, code: str) -> str:
        cell = self.client.run(code)
        self.assertIsNone(cell.error, cell.error)
        return cell.result

    def test_pool(self) -> None:
        code = (
            "with mp.Pool(2) as pool:\n    found = (pool.map(work, [1, 4]), pool.map(move, [Point(1), Sub(2)])[1].x,\n"
            "        pool.apply(grow, (1,)), pool.apply(pair, (3,)), pool.apply(near, (1,)))\nfound"
        )

        def check(cell: Cell) -> None:
            self.assertEqual(cell.result, "([14.0, 15.0], 12, 21, Pair(left=3, right='3'), 2)")
            self.assertEqual((cell.text(), cell.text("stderr")), ("", ""))

        self.each_method(code, check)

    def test_process_prints_and_tracebacks(self) -> None:
        code = (
            "for target in (prints, fails):\n    p = mp.Process(target=target, args=(5,)); p.start(); p.join()\n"
            "p.exitcode"
        )

        def check(cell: Cell) -> None:
            self.assertEqual((cell.text(), cell.result), ("child 5\n", "1"))
            self.assertRegex(cell.text("stderr"), r'File "<cell \d+>", line 5, in fails\n    return n / 0\n')

        self.each_method(code, check)

    def test_executor(self) -> None:
        code = (
            "with ProcessPoolExecutor(2, mp_context=mp) as pool:\n    found = list(pool.map(work, [1, 4]))\n"
            "    try: pool.submit(fails, 1).result()\n    except ZeroDivisionError as error: found.append(error)\nfound"
        )
        self.each_method(
            code, lambda cell: self.assertEqual(cell.result, "[14.0, 15.0, ZeroDivisionError('division by zero')]")
        )

    def test_queues_and_locks_by_default(self) -> None:
        code = (
            "def feed(queue, lock, value):\n    with lock: value.value += 1\n    queue.put(os.getpid())\n"
            "queue, lock, value = multiprocessing.Queue(), multiprocessing.Lock(), multiprocessing.Value('i', 1)\n"
            "p = multiprocessing.Process(target=feed, args=(queue, lock, value)); p.start(); pid = queue.get(); p.join()\n"
            "pid == p.pid, value.value, p.exitcode"
        )
        self.assertEqual(self.result(code), "(True, 2, 0)")

    def test_a_definition_that_changed_is_the_new_one(self) -> None:
        run = (
            "with multiprocessing.get_context('{0}').Pool(1) as pool: said = pool.apply(which)\n"
            "said"
        )
        for method in ("spawn", "forkserver"):
            for version in ("first", "second"):
                self.client.run(f"def which(): return '{version}'")
                self.assertEqual(self.result(run.format(method)), repr(version))

    def test_what_cannot_be_sent_says_so(self) -> None:
        self.client.run("import threading\nheld = threading.Lock()\ndef locks():\n    with held: return 1")
        error = self.client.run("with multiprocessing.get_context('spawn').Pool(1) as pool: pool.apply(locks)").error
        self.assertIn("'held' is not in this process", error["evalue"])
        self.assertIn("pass it as an argument", error["evalue"])
        self.client.run("del held, locks")

    def test_what_cannot_be_found_says_so(self) -> None:
        """And does not hang, as a pool does whose workers die of it."""
        run = "with multiprocessing.get_context('spawn').Pool(1) as pool: pool.apply(unfound)"
        self.client.run("exec('def unfound(): return 1')")
        error = self.client.run(run).error
        self.assertEqual(error["ename"], "RuntimeError")
        self.assertIn("Define it in a cell", error["evalue"])
        code = (
            "with multiprocessing.get_context('spawn').Pool(1) as pool:\n    pool.apply(len, ('a',))\n"
            "    def late(): return 1\n    pool.apply(late)"
        )
        self.assertIn("'late' is not in this process", self.client.run(code).error["evalue"])

    def test_a_child_of_fork_goes_on_in_its_own_cell(self) -> None:
        code = (
            "read, write = os.pipe()\nchild = os.fork()\nif not child:\n    os.read(read, 1)\n    print('late child')\n"
            "    os._exit(0)\nNone"
        )
        first = self.client.ask("execute", code=code)
        self.client.finish(first)
        second = self.client.run("print('second'); os.write(write, b'x'); os.waitpid(child, 0); print('third')")
        self.assertEqual(second.text(), "second\nthird\n")
        late = [event for event in self.client.events if event["parent"] == first and event["type"] == "stream"]
        late = late or [self.client.until("stream", first)]
        self.assertEqual(late[0]["content"]["text"], "late child\n")

    def test_a_child_of_fork_ends_as_a_script_does(self) -> None:
        for last, code, said in (
            ("raise ValueError('of the child')", 1, "ValueError: of the child\n"),
            ("raise SystemExit(5)", 5, ""),
            ("raise SystemExit", 0, ""),
            ("raise SystemExit('a word')", 1, "SystemExit: a word\n"),
            ("await asyncio.sleep(0); raise OSError", 1, "OSError\n"),
            ("print('its value')", 0, ""),
        ):
            with self.subTest(last):
                cell = self.client.run(f"import asyncio\nchild = os.fork()\nif not child:\n    {last}\n"
                    "os.waitpid(child, 0)[1] >> 8 if child else None")
                self.assertEqual(cell.result, str(code))
                self.assertEqual(cell.text("stderr")[-len(said) or None :], said)

    def test_a_cell_with_a_command_defines_too(self) -> None:
        self.client.run("!true\ndef beside_command(): return 1")
        run = "with multiprocessing.get_context('spawn').Pool(1) as pool: said = pool.apply(beside_command)\nsaid"
        self.assertEqual(self.result(run), "1")

    def test_warnings_of_earlier_cells_are_not_shown_anew(self) -> None:
        self.client.run("def warned(): return 1 is 1")
        cell = self.client.run("with multiprocessing.get_context('spawn').Pool(1) as pool: said = pool.apply(warned)\nsaid")
        self.assertEqual((cell.result, cell.text("stderr")), ("True", ""))

    def test_a_fork_is_not_warned_of(self) -> None:
        """Unless the user has threads: the kernel's own are no danger to the child."""
        fork = "child = os.fork()\nif not child: os._exit(0)\nos.waitpid(child, 0)[1]"
        cell = self.client.run(fork)
        self.assertEqual((cell.result, cell.text("stderr")), ("0", ""))
        self.client.run("import threading; go = threading.Event(); t = threading.Thread(target=go.wait); t.start()")
        warned = "DeprecationWarning" in self.client.run(fork).text("stderr")
        self.assertEqual(warned, self.result("import sys; go.set(); t.join(); sys.version_info >= (3, 12)") == "True")
        self.assertEqual(self.client.run(fork).text("stderr"), "")


if __name__ == "__main__":
    unittest.main()
