"""Commands in cells: the shell, timing, and what is said of those that fail."""

from __future__ import annotations

import unittest

from harness import InCells, wait_until
from sandrepl_kernel.commands.expansion import expand
from sandrepl_kernel.commands.timing import told


def running(pid: str) -> bool:
    """Whether a process lives; one that ended and that nobody has asked about does not."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Shell(InCells):
    def test_output_comes_in_order(self) -> None:
        self.assertEqual(self.text("print('a')\n!echo b\nprint('c')\n!echo d"), "a\nb\nc\nd\n")
        self.assertEqual(self.client.run("!echo wrong >&2").text("stderr"), "wrong\n")

    def test_expansion(self) -> None:
        names = {"word": "some", "number": 1.256, "table": {"a": [7, 8]}}
        for text, expected in (
            ("{word} $word {number:.2f} {word!r}", "some some 1.26 'some'"),
            ("{table['a'][1]} {{word}} $$word $HOME $", "8 {word} $word $HOME $"),
            ("'$word' \"$word\" '{word}'", "'$word' \"some\" 'some'"),
            ("{missing} {number}", "{missing} {number}"),
            ("awk '{print $1}' {word}", "awk '{print $1}' {word}"),
            ("{word[1:3]} $word.missing", "om $word.missing"),
            ("a } b { c", "a } b { c"),
        ):
            self.assertEqual(expand(text, names, names), expected)
        self.assertEqual(self.text("def f(local):\n    !echo {local} $local\nf(5)"), "5 5\n")

    def test_lines(self) -> None:
        self.assertEqual(self.result("x = !printf 'a 1\\nb 2\\n'\nx, x.s, x.n, x.l"),
            "(['a 1', 'b 2'], 'a 1 b 2', 'a 1\\nb 2', ['a 1', 'b 2'])")
        self.assertEqual(self.result("x.grep('B'), x.fields(1), x.fields(0, 1).grep('a', prune=True)"),
            "(['b 2'], ['1', '2'], ['b 2'])")
        self.assertEqual(self.result("!!echo one; echo two >&2"), "['one', 'two']")
        self.assertEqual(self.result("%sx echo {1 + 1}"), "['2']")

    def test_exit_code(self) -> None:
        self.text("!exit 3")
        self.assertEqual(self.result("_exit_code"), "3")
        self.assertEqual(self.client.run("!no-such-command-here").error, None)

    def test_nothing_to_read(self) -> None:
        self.assertEqual(self.text("!cat; echo over"), "over\n")

    def test_redirected(self) -> None:
        self.result("import io, contextlib\nheld = io.StringIO()")
        self.assertEqual(self.text("with contextlib.redirect_stdout(held):\n    !echo é; echo in"), "")
        self.assertEqual(self.result("held.getvalue()"), "'é\\nin\\n'")

    def test_an_interrupt_ends_all_that_it_started(self) -> None:
        for code in ("!(sleep 600 & echo $!; wait)", "%%bash\nsleep 600 & echo $!; wait"):
            id = self.client.ask("execute", code=code)
            pid = self.client.until("stream", id)["content"]["text"].strip()
            self.client.ask("interrupt")
            cell = self.client.finish(id)
            self.assertEqual(cell.error["ename"], "KeyboardInterrupt")
            self.assertNotIn('File "/', "".join(cell.error["traceback"]))
            wait_until(lambda: not running(pid), "the command's child to end")

    def test_scripts(self) -> None:
        cell = self.client.run("%%bash\necho out\necho err >&2\nexit 4")
        self.assertEqual((cell.text(), cell.text("stderr")), ("out\n", "err\n"))
        self.assertEqual((cell.error["ename"], cell.error["lineno"]), ("CalledProcessError", 1))
        self.assertIn("exit status 4", cell.error["evalue"])
        self.assertEqual(self.text("%%bash --no-raise-error\nexit 4"), "")
        self.assertEqual(self.text("%%sh --out kept --err=errors\necho one; echo two >&2"), "")
        self.assertEqual(self.result("kept, errors"), "('one\\n', 'two\\n')")
        self.result("import sys")
        self.assertEqual(self.text("%%script {sys.executable} -\nprint(6 * 7)"), "42\n")
        self.assertEqual(self.result("%%!\necho a\necho b"), "['a', 'b']")
        self.assertIn("no program", self.fails("%%script no-such-program\n1")["evalue"])
        self.assertEqual(self.text("%%bash -s one 'two words' --out said\necho $2"), "")
        self.assertEqual(self.result("said"), "'two words\\n'")
        self.assertEqual(self.text("%%python\nimport sys; print(sys.executable)"), self.text("print(sys.executable)"))
        self.assertEqual(self.text("%%python3 - arg\nimport sys; print(sys.argv)"), "['-', 'arg']\n")

    def test_scripts_that_the_cell_does_not_wait_for(self) -> None:
        self.text("%%bash --bg --proc process --out pipe\nread_from=$PWD; echo $$; sleep 600")
        pid = self.result("int(pipe.readline())")
        self.assertEqual(self.result("process.pid, process.poll()"), f"({pid}, None)")
        self.assertEqual(self.text("%killbgscripts"), "Ended: 1.\n")
        wait_until(lambda: not running(pid), "the script to end")
        self.assertEqual(self.text("%%bash --bg --proc process\nexit 3"), "")
        self.assertEqual(self.result("process.wait()"), "3")
        self.assertIn("needs the name of a variable", self.fails("%%bash --out\nls")["evalue"])


class Timing(InCells):
    def test_time(self) -> None:
        cell = self.client.run("%time 20 + 1")
        self.assertEqual(cell.result, "21")
        self.assertRegex(cell.text(), r"^CPU times: user .+, sys: .+, total: .+\nWall time: \d.*s\n$")
        self.assertIsNone(self.client.run("%time 20 + 1;").result)
        self.assertEqual(self.result("x = %time 5\nx"), "5")
        self.assertEqual(self.client.run("%time timed = 7").rows["timed"]["value"], "7")

    def test_time_of_a_cell(self) -> None:
        cell = self.client.run("%%time\nb = 2\nb + 1")
        self.assertEqual(cell.result, "3")
        self.assertEqual(self.result("b"), "2")
        self.assertIsNone(self.client.run("%%time\nb + 1;").result)
        self.assertIn("hi", self.text("%%time\n!echo hi"))

    def test_units(self) -> None:
        for seconds, expected in (
            (1e-6 - 1e-16, "1 μs"), (9.9999e-4, "1 ms"), (0, "0 ns"), (65, "1min 5s"), (0.25, "250 ms"),
        ):  # fmt: skip
            self.assertEqual(told(seconds), expected)

    def test_prun(self) -> None:
        self.result("def inner(): return 1\ndef outer(): return [inner() for _ in range(20)]")
        text = self.text("%prun -s cumulative -l outer -l 5 outer()")
        self.assertRegex(text, r"Ordered by: cumulative time")
        self.assertRegex(text, r"\n +1 .*\(outer\)")
        self.assertNotIn("(inner)", text)
        self.assertRegex(self.text("%%prun\nfor _ in range(3):\n    inner()"), r"\n +3 .*\(inner\)")
        self.assertEqual(self.result("stats = %prun -q -r outer()\ntype(stats).__name__"), "'Stats'")
        self.assertEqual(self.client.run("%prun -q kept = inner()").rows["kept"]["value"], "1")
        self.result("import asyncio")
        self.assertIn("(sleep)", self.text("%prun await asyncio.sleep(0)"))
        self.assertIn("cannot sort by nothing", self.fails("%prun -s nothing inner()")["evalue"])
        self.assertEqual(self.fails("%prun 1/0")["ename"], "ZeroDivisionError")

    def test_await(self) -> None:
        self.result("import asyncio")
        self.assertEqual(self.result("%time await asyncio.sleep(0, 'a')"), "'a'")
        self.assertEqual(self.result("%%time\ny = await asyncio.sleep(0, 'b')\ny"), "'b'")
        code = "%%time\nasync def f():\n    return await asyncio.sleep(0, 'c')\nasyncio.run(f())"
        self.assertEqual(self.result(code), "'c'")
        self.assertIn("2 runs, 2 loops", self.text("%timeit -n2 -r2 await asyncio.sleep(0)"))

    def test_timeit(self) -> None:
        self.assertRegex(self.text("%timeit -n 10 -r 3 sum(range(5))"),
            r".* ± .* per loop \(mean ± std\. dev\. of 3 runs, 10 loops each\)\n$")
        self.assertRegex(self.text("%timeit -r1 import time; time.sleep(0.3)"), r"of 1 run, 1 loop each")
        self.result("t = %timeit -o -q -n 4 -r 2 pass")
        self.assertEqual(self.result("(t.loops, t.repeat, len(t.timings))"), "(4, 2, 2)")
        self.assertIn("per loop", self.text("%%timeit -n 1 -r 1 start = 5\nassert start == 5"))
        self.assertEqual(self.fails("%%timeit 1 + 1")["evalue"],
            "%%timeit is a cell command, and nothing stands below it; %timeit is the command of a line")
        self.assertIn("per loop", self.text("def f(local):\n    %timeit -n 1 -r 1 local + 1\nf(5)"))

    def test_errors_are_where_the_cell_has_them(self) -> None:
        for code, line, shown in (
            ("1\n%time 1/0", 2, "    %time 1/0"),
            ("%%time\n1\n1/0", 3, "    1/0"),
            ("%timeit 1/0", 1, "    %timeit 1/0"),
            ("%%timeit\n1\n1/0", 3, "    1/0"),
            ("def f():\n    %time 1/0\nf()", 2, "    %time 1/0"),
        ):
            with self.subTest(code):
                error = self.fails(code)
                self.assertEqual((error["ename"], error["lineno"]), ("ZeroDivisionError", line))
                self.assertIn(shown, error["traceback"])


class Mistakes(InCells):
    def test_lost_names(self) -> None:
        for code in ("lost", "pwd + 1", "pwd\n1", "pwd.x", "pwd(1)"):
            self.assertEqual(self.fails(code)["ename"], "NameError")

    def test_usage(self) -> None:
        for code, said in (
            ("%tiem 1", "there is no line command %tiem; nearest: %time"),
            ("%conda install x", "there is no line command %conda; instead: %pip"),
            ("%%R\n1", "there is no cell command %%R; instead: %%script Rscript -"),
            ("%pdb on", "there is no line command %pdb; instead: %debug"),
            ("%bash ls", "%bash is a cell command: %%bash"),
            ("1\n%%bash", "%%bash is a cell command"),
            ("%timeit -z 1", "there is no option -z"),
            ("%timeit -n x 1", "takes a whole number"),
        ):
            with self.subTest(code):
                error = self.fails(code)
                self.assertEqual(error["ename"], "UsageError")
                self.assertIn(said, error["evalue"])
                self.assertEqual(error["traceback"], [f"UsageError: {error['evalue']}"])

    def test_syntax_errors_show_the_cell(self) -> None:
        error = self.fails("!ls\nx = = 2")
        self.assertEqual((error["ename"], error["lineno"]), ("SyntaxError", 2))
        self.assertIn("    x = = 2", error["traceback"])
        error = self.fails("if 1:\n!ls")
        self.assertEqual((error["ename"], error["lineno"]), ("IndentationError", 2))
        self.assertIn("    !ls", error["traceback"])
        self.assertEqual(self.fails("%time x = = 2")["ename"], "SyntaxError")

    def test_python_is_untouched(self) -> None:
        self.assertEqual(self.result("a, b = 7, 4\n(a\n%b)"), "3")
        self.assertEqual(self.result("'''\n!ls\n'''"), repr("\n!ls\n"))

    def test_without_its_sign(self) -> None:
        self.assertEqual(self.text("ls -d / /"), "//\n//\n")
        self.assertEqual(self.text("cd /"), "/\n")
        self.assertEqual(self.result("pwd"), "'/'")
        self.assertEqual(self.result("pwd  # where?\n"), "'/'")
        self.assertEqual(self.result("pwd = 5\npwd"), "5")
        self.assertEqual(self.result("pwd"), "5")
        self.assertEqual(self.result("cd = 7\ntmp = 7\ncd /tmp"), "1.0")
        self.result("ls = 1")
        self.assertEqual(self.fails("ls -d / /")["ename"], "SyntaxError")

    def test_it_stays_out_of_sight(self) -> None:
        cell = self.client.run("!true")
        self.assertNotIn("_sandrepl", cell.rows)
        self.result("def g():\n    !echo from g\ndel _sandrepl")
        self.assertEqual(self.text("%time g()").splitlines()[0], "from g")


if __name__ == "__main__":
    unittest.main()
