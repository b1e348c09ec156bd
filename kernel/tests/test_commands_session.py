"""Commands about files, variables, programs, what is shown, and what was run before."""

from __future__ import annotations

import os
import unittest

from harness import Cell, InCells


class InFolder(InCells):
    def setUp(self) -> None:
        self.client.run(f"%cd -q {self.sandbox.root}")

    def file(self, name: str) -> str:
        with open(os.path.join(self.sandbox.root, name), encoding="utf-8") as file:
            return file.read()

    def answer(self, code: str, *answers: str) -> Cell:
        """Runs a cell that asks."""
        id = self.client.ask("execute", code=code)
        for answer in answers:
            self.client.until("input_request", id)
            self.client.ask("input_reply", value=answer)
        return self.client.finish(id)


class Files(InFolder):
    def test_directories(self) -> None:
        root = os.path.realpath(self.sandbox.root)
        self.text("%mkdir -p one/two")
        self.assertEqual(self.text("%cd one/two"), f"{root}/one/two\n")
        self.assertEqual(self.result("%pwd"), repr(f"{root}/one/two"))
        self.assertEqual(self.text("%cd -"), f"{root}\n")
        self.text("%pushd one")
        self.assertEqual(self.result("%dirs"), repr([root]))
        self.assertEqual(self.text("%popd"), f"{root}\n")
        self.assertEqual(self.fails("%popd")["ename"], "UsageError")
        self.text("%cd -0")
        self.assertRegex(self.text("%dhist"), rf"\n0: {root}\n(.*\n)*\d: {root}/one/two\n")
        self.assertEqual(self.fails("%cd missing")["ename"], "FileNotFoundError")

    def test_writefile(self) -> None:
        self.assertEqual(self.text("%%writefile w.txt\na {b}\n"), "Writing w.txt\n")
        self.assertEqual(self.text("%%writefile -a w.txt\nc"), "Appending to w.txt\n")
        self.assertEqual(self.file("w.txt"), "a {b}\nc\n")
        self.assertEqual(self.text("%%writefile 'two words.txt'\nd"), "Writing two words.txt\n")
        self.assertEqual(self.text("%%writefile w.txt\nd"), "Overwriting w.txt\n")

    def test_load(self) -> None:
        self.text("%%writefile loaded.py\nx = 1\ny = 2")
        cell = self.client.run("%load loaded.py")
        text = "# %load loaded.py\nx = 1\ny = 2\n"
        self.assertEqual(cell.of("set_next_input"), [{"text": text, "replace": True}])
        cell = self.client.run("%load -r 2 loaded.py")
        self.assertIn("y = 2", cell.of("set_next_input")[0]["text"])
        self.assertIn("no file", self.fails("%load missing.py")["evalue"])
        self.text("%%writefile parts.py\n@print\ndef f():\n    1\n\n\nx = 2\nclass C: pass")
        for words, expected in (
            ("-s f,C parts.py", "@print\ndef f():\n    1\n\nclass C: pass\n"),
            ("-r 1:3,6 parts.py", "@print\ndef f():\nx = 2\n"),
            ("-r 7- parts", "class C: pass\n"),
            ("-n of_a_cell", "def of_a_cell():\n    return 1\n"),
            ("a_text", "say()"),
        ):
            self.result("a_text = 'say()'\ndef of_a_cell():\n    return 1")
            cell = self.client.run(f"%load {words}")
            self.assertEqual(cell.of("set_next_input"), [{"text": f"# %load {words}\n{expected}", "replace": True}])
        self.assertIn("it defines no g; what it defines: f, C", self.fails("%load -s g parts.py")["evalue"])
        self.assertIn("x is no range of lines", self.fails("%load -r x parts.py")["evalue"])

    def test_load_of_a_page(self) -> None:
        self.text("%%writefile page.py\nfrom_afar = 'é'")
        served = "import http.server, threading\nserver = http.server.ThreadingHTTPServer(('127.0.0.1', 0), "
        served += "http.server.SimpleHTTPRequestHandler)\nthreading.Thread(target=server.serve_forever, daemon=True).start()"
        self.client.run(f"{served}\nport = server.server_port")
        text = self.client.run("%load http://127.0.0.1:{port}/page.py").of("set_next_input")[0]["text"]
        self.client.run("server.shutdown()")
        self.assertTrue(text.endswith("from_afar = 'é'\n"), text)

    def test_environment(self) -> None:
        self.assertEqual(self.text("v = 'x y'\n%env COMMANDS_TEST={v}"), "env: COMMANDS_TEST=x y\n")
        self.assertEqual(self.result("%env COMMANDS_TEST"), "'x y'")
        self.assertEqual(self.text("%env COMMANDS_TEST = a = b"), "env: COMMANDS_TEST=a = b\n")
        self.assertEqual(self.text("%env COMMANDS_TEST a=b"), "env: COMMANDS_TEST=a=b\n")
        self.assertEqual(self.text("%env COMMANDS_TEST="), "env: COMMANDS_TEST=\n")
        self.assertEqual(self.fails("%set_env COMMANDS_TEST")["ename"], "UsageError")
        self.assertEqual(self.text("%set_env COMMANDS_TEST z\n!echo $COMMANDS_TEST"), "env: COMMANDS_TEST=z\nz\n")
        self.assertEqual(self.result("import os\nos.environ['A_TOKEN'] = 's'\ne = %env\ne['A_TOKEN']"), "'<hidden>'")
        self.assertEqual(self.fails("%env NO_SUCH_NAME")["ename"], "UsageError")


class Programs(InFolder):
    def test_run(self) -> None:
        self.text(
            "%%writefile program.py\nimport sys\nclass Point: pass\ndef go(): return helper()\n"
            "def helper(): return seven\nseven = 7\nprint(__name__, sys.argv[1:])"
        )
        self.assertEqual(self.text("%run program.py a 'b c'"), "__main__ ['a', 'b c']\n")
        self.assertEqual(self.result("go(), __name__"), "(7, '__main__')")
        self.assertEqual(self.result("import pickle\ntype(pickle.loads(pickle.dumps(Point()))) is Point"), "True")
        self.assertEqual(self.text("%run -n program"), "program []\n")
        self.assertEqual(self.text("%run program.py prog*.py ~ no*such"),
            f"__main__ ['program.py', {os.path.expanduser('~')!r}, 'no*such']\n")
        self.assertEqual(self.text("%run -G program.py prog*.py"), "__main__ ['prog*.py']\n")

    def test_run_timed_profiled_and_debugged(self) -> None:
        self.text("%%writefile slow.py\ndef work():\n    return sum(range(9))\ndone = work()")
        self.assertRegex(self.text("%run -t slow.py"), r"CPU times: .*\nWall time: \S+ \S+\n$")
        self.assertRegex(self.text("%run -t -N3 slow.py"), r"Wall time: .*, each of 3 runs\n$")
        self.assertRegex(self.text("%run -p -s cumulative -l work slow.py"), r"cumulative time(.|\n)*\(work\)")
        cell = self.answer("%run -d slow.py", "n", "n", "p done", "c")
        self.assertIsNone(cell.error, cell.error)
        self.assertIn("done = work()", cell.text())

    def test_errors_in_it(self) -> None:
        self.text("%%writefile wrong.py\nkept = 1\ndef f():\n    1/0\nf()")
        traceback = self.fails("%run wrong.py")["traceback"]
        self.assertIn("    %run wrong.py", traceback)
        self.assertIn(f'  File "{os.path.realpath(self.sandbox.root)}/wrong.py", line 4, in <module>', traceback)
        self.assertEqual(self.result("kept"), "1")
        self.text("%%writefile ends.py\nimport sys; sys.exit(3)")
        self.assertEqual(self.fails("%run ends.py")["ename"], "SystemExit")
        self.text("%run -e ends.py")

    def test_notebook(self) -> None:
        cells = '{"cells": [{"cell_type": "code", "source": ["%time q = 1\\n", "import asyncio\\n"]}, '
        cells += '{"cell_type": "markdown", "source": "#"}, {"cell_type": "code", "source": "await asyncio.sleep(q)"}]}'
        self.text(f"%%writefile book.ipynb\n{cells.replace('sleep(q)', 'sleep(0)')}")
        self.assertIn("Wall time", self.text("%run book.ipynb"))
        self.assertEqual(self.result("q"), "1")

    def test_pip(self) -> None:
        cell = self.client.run("%pip --version")
        self.assertTrue("pip" in cell.text() or "has no pip" in cell.error["evalue"])

    def test_debug(self) -> None:
        self.client.run("def broken(inner):\n    return inner / 0\nbroken(41)")
        cell = self.answer("%debug", "p inner + 1", "q")
        self.assertIsNone(cell.error, cell.error)
        self.assertIn("42\n", cell.text())
        self.client.run("def scripted(inner):\n    %run no-such-file\nscripted(42)")
        cell = self.answer("%debug", "p inner + 1", "q")
        self.assertIn("scripted()", cell.text())
        self.assertIn("43\n", cell.text())
        self.assertNotIn("sandrepl_kernel", cell.text())


class Variables(InFolder):
    def test_who(self) -> None:
        self.text("%reset -f")
        self.assertEqual(self.text("%who"), "Interactive namespace is empty.\n")
        self.result("number, word, words = 5, 'w', ['w']")
        self.assertEqual(self.result("%who_ls"), "['number', 'word', 'words']")
        self.assertEqual(self.text("%who int str"), "number\t word\n")
        self.assertRegex(self.text("%whos"), r"Variable +Type +Data/Info\n-+\nnumber +int +5\n")

    def test_reset(self) -> None:
        self.result("number = 5\nnumber")
        self.assertEqual(self.answer("%reset", "n").text(), "Nothing done.\n")
        self.assertEqual(self.result("number"), "5")
        cell = self.answer("%reset", "y")
        self.assertIn("number", cell.deleted)
        self.assertEqual(self.result("len(Out), _"), "(0, None)")
        self.assertEqual(self.fails("%reset -f nothing")["ename"], "UsageError")

    def test_reset_selective(self) -> None:
        self.result("first_one, first_two, second_one = 1, 2, 3")
        self.assertEqual(self.answer("%reset_selective ^first", "n").text(), "Nothing done.\n")
        self.assertEqual(self.client.run("%reset_selective -f ^first").deleted, ["first_one", "first_two"])
        self.assertEqual(self.result("second_one"), "3")
        self.assertIn("no regular expression", self.fails("%reset_selective -f (")["evalue"])

    def test_xdel(self) -> None:
        self.result("big = [1]\nbig")
        self.text("%xdel big")
        self.assertEqual(self.fails("big")["ename"], "NameError")
        self.assertEqual(self.result("_"), None)

    def test_history(self) -> None:
        first = self.client.run("'to be found'").reply["execution_count"]
        self.assertEqual(self.text(f"%history {first}"), "'to be found'\n")
        self.assertEqual(self.text(f"%history -n -o {first}"), f"{first:4d}: 'to be found'\n'to be found'\n")
        self.assertIn("'to be found'\n", self.text("%history -g *be?found"))
        self.assertEqual(self.fails("%history nonsense")["ename"], "UsageError")
        self.result("'one before'")
        self.assertEqual(self.text("%history -l 1"), "'one before'\n")
        self.assertEqual(len(self.text("%history -l").splitlines()), 10)

    def test_earlier_cells_again(self) -> None:
        first = self.client.run("again = [1]").reply["execution_count"]
        self.result("again += [2]\nlen(again)")
        cell = self.client.run("%rerun")
        self.assertEqual((cell.text(), cell.result),
            ("=== Executing: ===\nagain += [2]\nlen(again)\n=== Output: ===\n", "3"))
        self.assertEqual(self.result(f"%rerun {first}-{first + 1}"), "2")
        self.assertEqual(self.client.run(f"%recall {first}").of("set_next_input"), [{"text": "again = [1]", "replace": False}])
        self.assertIn("no such cell", self.fails("%rerun -g nothing_like_it")["evalue"])
        self.text(f"%save kept {first}-{first + 1}")
        self.assertEqual(self.file("kept.py"), "again = [1]\nagain += [2]\nlen(again)\n")
        self.assertIn("Nothing done.", self.answer(f"%save kept {first}", "n").text())
        self.text(f"%save -a kept {first}")
        self.assertTrue(self.file("kept.py").endswith("len(again)\nagain = [1]\n"))

    def test_the_last_traceback(self) -> None:
        error = self.fails("1/0")
        cell = self.client.run("%tb")
        self.assertEqual(cell.text("stderr").splitlines(), error["traceback"])


class Showing(InFolder):
    def test_capture(self) -> None:
        cell = self.client.run(
            "%%capture kept\nimport os, sys\nprint('a')\nos.system('echo b')\n!echo c\n"
            "print('wrong', file=sys.stderr)\ndisplay(5)\n'last'"
        )
        self.assertIsNone(cell.error, cell.error)
        self.assertEqual((cell.of("stream"), cell.of("display_data"), cell.result), ([], [], None))
        self.assertEqual(self.result("kept.stdout, kept.stderr"), "('a\\nb\\nc\\n', 'wrong\\n')")
        self.assertEqual(self.result("kept.outputs"), "[5, 'last']")
        cell = self.client.run("kept.show()")
        self.assertEqual((cell.text(), len(cell.of("display_data"))), ("a\nb\nc\n", 2))
        self.assertEqual(self.text("%%capture --no-stdout\nprint('through')"), "through\n")
        self.assertEqual(self.fails("%%capture\nprint('x')\n1/0")["lineno"], 3)
        self.assertEqual(self.text("print('after')\n!echo all"), "after\nall\n")

    def test_precision(self) -> None:
        self.result("%precision 3")
        self.assertEqual(self.result("3.14159"), "3.142")
        self.result("%precision %.1e")
        self.assertEqual(self.result("3.14159"), "3.1e+00")
        self.result("%precision")
        self.assertEqual(self.result("3.14159"), "3.14159")
        self.assertEqual(self.fails("%precision many")["ename"], "UsageError")

    def test_xmode(self) -> None:
        self.text("%xmode Minimal")
        self.assertEqual(self.fails("1/0")["traceback"], ["ZeroDivisionError: division by zero"])
        self.text("%xmode Verbose")
        self.assertIn("    a = 3", self.fails("def f(a):\n    return a/0\nf(3)")["traceback"])
        self.text("%xmode Context")
        self.assertNotIn("    a = 3", self.fails("f(3)")["traceback"])

    def test_forms(self) -> None:
        cell = self.client.run("%%html\n<b>x</b>")
        self.assertEqual(cell.of("display_data")[0]["data"]["text/html"], "<b>x</b>")

    def test_matplotlib(self) -> None:
        self.assertEqual(self.text("%matplotlib inline"), "")
        self.assertIn("inline", self.text("%matplotlib qt"))
        self.assertIn("no backend paper", self.fails("%matplotlib paper")["evalue"])
        self.assertIn("nothing to set", self.text("%config InlineBackend.figure_format = 'retina'"))
        self.assertIn("%xmode", self.fails("%config Application.verbose = 1")["evalue"])

    def test_pprint(self) -> None:
        self.assertIn("\n", self.result("list(range(60))"))
        self.assertEqual(self.text("%pprint"), "Pretty printing has been turned OFF\n")
        self.assertNotIn("\n", self.result("list(range(60))"))
        self.assertEqual(self.text("%pprint on"), "Pretty printing has been turned ON\n")
        self.assertIn("\n", self.result("list(range(60))"))

    def test_help(self) -> None:
        self.assertIn("Signature: len(obj, /)", self.text("len?"))
        self.assertIn("def mine(a):", self.text("def mine(a):\n    return a\nmine??"))
        self.assertIn("Run a statement once", self.text("%time?"))
        self.assertEqual(self.text("nothing_like_it?"), "Object `nothing_like_it` not found.\n")
        self.assertEqual(self.text("str.is*space?\nstr.*casef*?"), "str.isspace\nstr.casefold\n")
        self.assertIn("%%bash", self.text("%lsmagic"))
        self.text("import os; os.environ['COLUMNS'] = '40'")
        listed = self.text("%lsmagic").splitlines()
        self.assertLessEqual(max(map(len, listed)), 40)
        self.assertFalse([line for line in listed if line.startswith(" ") or line.endswith("%")])
        self.assertRegex(self.text("held = {'a': [5, print]}\nheld['a'][0]?"), r"Type: +int\nValue: +5")
        self.assertEqual(self.fails("held['b']?")["ename"], "KeyError")
        self.assertIn("neither a name", self.fails("held[print(1)]?")["evalue"])
        self.assertEqual(self.text("%psearch -i HEL?"), "held\nhelp\n")
        self.assertEqual(self.text("%psearch hel* dict"), "held\n")
        self.assertEqual(self.text("%pdef mine"), "mine(a)\n")
        self.assertIn("def fnmatch(", self.text("import fnmatch\n%pfile fnmatch"))
        self.text("%%writefile shown.txt\nits text")
        self.assertEqual(self.text("%pycat shown.txt"), "its text\n\n")


if __name__ == "__main__":
    unittest.main()
