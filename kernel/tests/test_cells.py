"""What running a cell means: values, errors, await, exits, and that nothing a cell does ends the kernel."""

from __future__ import annotations

import sys
import unittest

from harness import InOneSandbox, Sandbox


class Cells(InOneSandbox):
    def run_cell(self, code: str, **params):
        return self.client.run(code, **params)

    def result(self, code: str):
        cell = self.run_cell(code)
        self.assertIsNone(cell.error, cell.error)
        return cell.result

    def fails(self, code: str) -> dict:
        cell = self.run_cell(code)
        self.assertEqual(cell.reply["status"], "error")
        self.assertIsNotNone(cell.error)
        return cell.error

    def test_order_of_events(self) -> None:
        cell = self.run_cell("print('out')\n1 + 1")
        kinds = [event["type"] for event in cell.events]
        kinds = [kind for n, kind in enumerate(kinds) if kind != "stream" or kinds[n - 1] != kind]
        expected = "status execute_input stream execute_result execute_reply status locals"
        self.assertEqual(kinds, expected.split())
        self.assertEqual([content["execution_state"] for content in cell.of("status")], ["busy", "idle"])
        self.assertEqual(cell.result, "2")

    def test_last_value(self) -> None:
        self.assertEqual(self.result("first = 5\nfirst * 2"), "10")
        self.assertEqual(self.result("_ + 1"), "11")
        self.assertEqual(self.result("(_, __)"), "(11, 10)")
        count = self.run_cell("'kept'").reply["execution_count"]
        self.assertEqual(self.result(f"_{count} + Out[{count}] + In[{count}]"), repr("keptkept'kept'"))

    def test_a_docstring_is_a_value(self) -> None:
        self.assertEqual(self.result("'only a string'"), "'only a string'")

    def test_hushed(self) -> None:
        for code in ("1;", "(1);  # quiet", "1 \\\n ;", "'é;é';"):
            self.assertIsNone(self.result(code), code)
        for code in ("1  # a; b", "'a;'", "(\n1 # ;\n)"):
            self.assertIsNotNone(self.result(code), code)

    def test_none_and_empty(self) -> None:
        for code in ("None", "", "   \n# only a comment", "pass"):
            cell = self.run_cell(code)
            self.assertEqual((cell.reply["status"], cell.result), ("ok", None), code)

    def test_underscore_of_the_user_stays(self) -> None:
        self.result("_ = 'mine'")
        self.result("42")
        self.assertEqual(self.result("_"), "'mine'")
        self.result("del _")
        self.result("43")
        self.assertEqual(self.result("_"), "43")

    def test_out_does_not_hold_itself(self) -> None:
        self.assertNotIn("...", self.result("Out"))

    def test_setup_does_not_count(self) -> None:
        before = self.run_cell("1").reply["execution_count"]
        cell = self.run_cell("from_setup = 1\nfrom_setup", author="setup")
        self.assertIsNone(cell.reply["execution_count"])
        self.assertEqual(cell.of("execute_input")[0]["author"], "setup")
        self.assertIsNone(cell.result)
        self.assertEqual(self.run_cell("from_setup").reply["execution_count"], before + 1)

    def test_traceback_has_the_users_frames_with_source(self) -> None:
        self.result("def outer():\n    return inner()\ndef inner():\n    return {}['missing']")
        cell = self.run_cell("x = 1\nouter()")
        text = "\n".join(cell.error["traceback"])
        self.assertNotIn("sandrepl_kernel", text)
        self.assertIn("return {}['missing']", text)
        self.assertEqual((cell.error["ename"], cell.error["lineno"]), ("KeyError", 2))
        self.assertTrue(text.startswith("Traceback (most recent call last):"), text)
        self.assertTrue(text.endswith("KeyError: 'missing'"), text)

    def test_chained(self) -> None:
        text = "\n".join(self.fails("try:\n    1/0\nexcept Exception as e:\n"
            "    raise ValueError('x') from e")["traceback"])
        self.assertIn("ZeroDivisionError", text)
        self.assertIn("direct cause", text)
        self.assertNotIn("sandrepl_kernel", text)

    def test_exception_groups(self) -> None:
        if sys.version_info >= (3, 11):
            error = self.fails("raise ExceptionGroup('two', [ValueError(1), TypeError(2)])")
            self.assertIn("TypeError: 2", "\n".join(error["traceback"]))
        else:
            self.assertEqual(self.fails("ExceptionGroup")["ename"], "NameError")

    def test_syntax_error_has_a_caret(self) -> None:
        error = self.fails("ok = 1\nx = = 2")
        self.assertEqual((error["ename"], error["lineno"]), ("SyntaxError", 2))
        self.assertTrue(any(line.strip().startswith("^") for line in error["traceback"]), error["traceback"])
        self.assertTrue(error["traceback"][0].lstrip().startswith("File"))
        self.assertEqual(self.fails("ok")["ename"], "NameError")
        self.assertEqual(self.fails("x = 1\n  indented = 1")["ename"], "IndentationError")
        self.fails("null = '\0'")

    def test_deep_recursion(self) -> None:
        error = self.fails("def f(): f()\nf()")
        self.assertEqual(error["ename"], "RecursionError")
        self.assertLess(len(error["traceback"]), 1100)

    def test_exits(self) -> None:
        for code in ("import sys; sys.exit()", "exit()", "raise SystemExit(0)"):
            self.assertEqual(self.run_cell(code).reply["status"], "ok", code)
        self.assertEqual(self.fails("raise SystemExit(3)")["ename"], "SystemExit")
        self.assertEqual(self.result("1"), "1")

    def test_await(self) -> None:
        self.assertEqual(self.result("import asyncio\nawait asyncio.sleep(0, 'slept')"), "'slept'")
        self.result("async def later():\n    return 7")
        self.assertEqual(self.result("t = asyncio.create_task(later()); x = await t\nx"), "7")
        self.assertEqual(self.result("[await later() for _ in range(2)]"), "[7, 7]")
        error = self.fails("async def boom():\n    raise KeyError('in')\nawait boom()")
        self.assertEqual((error["ename"], error["lineno"]), ("KeyError", 2))
        self.assertEqual(self.result("asyncio.run(later())"), "7")
        self.assertEqual(self.result("await later()"), "7")

    def test_future_imports_stay(self) -> None:
        self.result("from __future__ import annotations")
        self.assertEqual(self.result("def f(a: NotDefined): pass\nf.__annotations__"), "{'a': 'NotDefined'}")

    def test_our_own_future_imports_do_not_leak(self) -> None:
        other = Sandbox()
        self.addCleanup(other.close)
        client = other.connect()
        self.addCleanup(client.close)
        self.assertEqual(client.run("def f(a: int): pass\nf.__annotations__").result, "{'a': int}")

    def test_main_is_a_real_module(self) -> None:
        self.result("import pickle\nclass Point:\n    def __init__(self): self.x = 1")
        self.assertEqual(self.result("pickle.loads(pickle.dumps(Point())).x"), "1")
        self.assertEqual(self.result("__name__, Point.__module__"), "('__main__', '__main__')")
        self.assertEqual(self.result("import inspect\n'def __init__' in inspect.getsource(Point.__init__)"), "True")

    def test_repr_that_raises(self) -> None:
        error = self.fails("class Bad:\n    def __repr__(self): raise ValueError('no repr')\nbad = Bad()\nbad")
        self.assertEqual(error["ename"], "ValueError")
        self.result("del bad, _")

    def test_long_result_is_cut_and_says_so(self) -> None:
        text = self.result("class Long:\n    def __repr__(self): return 'x' * (40 << 20)\nlong = Long()\nlong")
        self.assertIn("[cut: the first 1,048,576 of 41,943,040 characters;", text[-120:])
        self.result("del long; _ = None; Out.clear()")

    def test_sabotage_does_not_end_it(self) -> None:
        self.run_cell("import sys; sys.stdout.close(); sys.stderr.close(); sys.stdin.close()")
        self.assertEqual(self.run_cell("print('still')").text(), "still\n")
        self.run_cell("import builtins; p = print; del builtins.print")
        self.assertEqual(self.result("'alive'"), "'alive'")
        self.run_cell("builtins.print = p; o, e = sys.stdout, sys.stderr; del sys.stdout, sys.stderr")
        self.assertEqual(self.result("'alive'"), "'alive'")
        self.run_cell("sys.stdout, sys.stderr = o, e; globals()[1] = 2; del sys.modules['__main__']")
        self.assertEqual(self.result("'alive'"), "'alive'")
        self.run_cell("del globals()[1]; raise BaseException('of a new kind')")
        self.run_cell("class E(Exception):\n    def __str__(self): raise ValueError\nraise E")
        self.assertEqual(self.result("'alive'"), "'alive'")

    def test_what_the_kernel_itself_uses_is_out_of_a_cells_reach(self) -> None:
        self.run_cell("import builtins, json; kept = len, json.loads, json.dumps; json.loads = json.dumps = None")
        self.run_cell("builtins.len = lambda value: 42\nprint('printed')\nbuiltins.len = kept[0]")
        cell = self.run_cell("_, json.loads, json.dumps = kept; del _; told = 1")
        self.assertEqual(list(cell.rows), ["told"])

    def test_an_empty_namespace_is_furnished_anew(self) -> None:
        for code in ("globals().clear()", "__builtins__ = {}", "__builtins__ = None"):
            self.assertIn("put back", self.run_cell(code).text("stderr"))
            self.assertEqual(self.result("class Here: pass\nlen([Here.__module__, display, Out, In])"), "4")
            self.assertEqual(self.result("Here"), "__main__.Here")

    def test_lone_surrogates(self) -> None:
        self.assertEqual(self.run_cell("print('\\ud800 \\U0001f600')").text(), "\ud800 \U0001f600\n")
        self.assertEqual(self.result("'\\udfff'"), "'\\udfff'")

    def test_fork_in_a_cell(self) -> None:
        cell = self.run_cell(
            "import os\npid = os.fork()\nif pid == 0:\n    print('the child')\n    child = 1\nelse:\n"
            "    done = os.waitpid(pid, 0)[1]\ndone if pid else None"
        )
        self.assertIsNone(cell.error, cell.error)
        self.assertEqual((cell.text(), cell.result), ("the child\n", "0"))
        self.assertNotIn("child", cell.rows)
        self.assertEqual(len(cell.of("execute_reply")), 1)

    def test_multiprocessing(self) -> None:
        cell = self.run_cell(
            "import multiprocessing as mp\ndef work(n):\n    print('w', n)\n    return n * n\n"
            "with mp.get_context('fork').Pool(2) as pool:\n    squares = pool.map(work, range(3))\nsquares"
        )
        self.assertEqual(cell.result, "[0, 1, 4]", cell.error)
        self.assertEqual(sorted(cell.text().split("\n")), ["", "w 0", "w 1", "w 2"])

    def test_a_signal_to_a_new_child_is_the_childs(self) -> None:
        code = (
            "import os, signal, time\nends = set()\nfor n in range(100):\n    child = os.fork()\n"
            "    if not child:\n        time.sleep(5)\n        os._exit(0)\n"
            "    os.kill(child, signal.SIGTERM)\n    ends.add(os.waitpid(child, 0)[1])\nends"
        )
        self.assertEqual(self.result(code), "{15}")
        self.assertEqual(self.result("1 + 1"), "2")

    def test_a_cell_of_a_megabyte(self) -> None:
        self.assertEqual(self.result("text = '" + "x" * (1 << 20) + "'\nlen(text)"), str(1 << 20))


if __name__ == "__main__":
    unittest.main()
