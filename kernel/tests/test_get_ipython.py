"""`get_ipython()`: what exported notebooks call, and what libraries must not take for IPython."""

from __future__ import annotations

import os
import unittest

from harness import InCells


class GetIPython(InCells):
    def test_what_exported_notebooks_call(self) -> None:
        self.assertEqual(self.text("get_ipython().system('echo {1 + 1}')"), "2\n")
        self.assertEqual(self.result("files = get_ipython().getoutput('echo a; echo b')\nfiles, files.n"), "(['a', 'b'], 'a\\nb')")
        self.assertRegex(self.text("get_ipython().run_line_magic('timeit', '-n 1 -r 1 pass')"), "per loop")
        self.assertEqual(self.text("get_ipython().run_cell_magic('bash', '', 'echo from bash\\n')"), "from bash\n")
        self.text("get_ipython().run_cell_magic('capture', 'kept', 'print(1)\\nfound = 5')")
        self.assertEqual(self.result("kept.stdout, found"), "('1\\n', 5)")
        self.assertEqual(self.result("get_ipython().magic('%pwd') == get_ipython().run_line_magic('pwd', '')"), "True")
        self.text("def f(local):\n    get_ipython().run_line_magic('env', 'WORD={local}')\nf('inner')")
        self.assertEqual(self.result("import os; os.environ['WORD']"), "'inner'")

    def test_a_command_that_there_is_not_says_what_is(self) -> None:
        self.assertIn("%debug, in the cell behind", self.fails("get_ipython().run_line_magic('pdb', 'on')")["evalue"])
        error = self.fails("x = 1\nget_ipython().history_manager")
        self.assertIn("has no history_manager: it has run_line_magic", error["evalue"])
        self.assertEqual(error["lineno"], 2)
        self.assertEqual(self.result("hasattr(get_ipython(), 'kernel'), get_ipython().config"), "(False, {})")

    def test_cells_within_a_cell(self) -> None:
        cell = self.client.run("ran = get_ipython().run_cell('y = 3\\n%pwd\\ny + 1')\nran.success, ran.result, y")
        self.assertEqual(cell.result, "(True, 4, 3)")
        self.assertEqual([shown["data"]["text/plain"] for shown in cell.of("display_data")], ["4"])
        cell = self.client.run("ran = get_ipython().run_cell('1/0')\nran.success, type(ran.error_in_exec).__name__")
        self.assertEqual(cell.result, "(False, 'ZeroDivisionError')")
        self.assertIn("ZeroDivisionError: division by zero", cell.text("stderr"))
        self.assertIn("SyntaxError", self.client.run("get_ipython().run_cell('1 +');").text("stderr"))
        self.assertEqual(self.result("get_ipython().ex('z = 8'); get_ipython().push({'w': 9}); z, get_ipython().ev('w')"), "(8, 9)")
        cell = self.client.run("get_ipython().set_next_input('more', replace=True)")
        self.assertEqual(cell.of("set_next_input"), [{"text": "more", "replace": True}])

    def test_it_is_no_variable_and_files_have_it(self) -> None:
        path = os.path.join(self.sandbox.root, "exported.py")
        with open(path, "w", encoding="ascii") as file:
            file.write("get_ipython().run_line_magic('env', 'RUN=yes')\nmade = 1\ndisplay = 2\n")
        cell = self.client.run(f"%run {path}")
        self.assertIsNone(cell.error, cell.error)
        self.assertEqual(sorted(cell.rows), ["display", "made"])
        self.assertEqual(self.result("del display\nimport os; os.environ['RUN']"), "'yes'")
        self.assertEqual(self.result("get_ipython = 7\nget_ipython"), "7")
        self.text("%reset -f")

    def test_libraries_find_no_ipython(self) -> None:
        """As pandas, rich and is-it-a-notebook snippets look: for a builtin, and in the package."""
        folder = os.path.join(self.sandbox.root, "packages")
        os.makedirs(os.path.join(folder, "IPython"))
        with open(os.path.join(folder, "IPython", "__init__.py"), "w", encoding="ascii") as file:
            file.write("def get_ipython(): return None\n")
        with open(os.path.join(folder, "asks.py"), "w", encoding="ascii") as file:
            file.write("import IPython\ndef builtin():\n    try:\n        return get_ipython()\n"
                       "    except NameError:\n        return 'none'\nfound = builtin(), IPython.get_ipython()\n")
        self.text(f"import sys; sys.path.insert(0, {folder!r})")
        self.assertEqual(self.result("import asks\nasks.found"), "('none', None)")
        self.assertEqual(self.result("from IPython import get_ipython\nget_ipython().run_line_magic('pwd', '')[:1]"), "'/'")
        self.assertEqual(self.result("get_ipython().__class__.__name__ == 'ZMQInteractiveShell'"), "False")


if __name__ == "__main__":
    unittest.main()
