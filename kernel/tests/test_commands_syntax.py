"""Which lines are commands, what each becomes, and that Python which only looks like one is untouched."""

from __future__ import annotations

import ast
import unittest

from sandrepl_kernel.commands.syntax import rewrite

REWRITTEN = [
    ("!ls -l", "_sandrepl.system('ls -l')"),
    ("!!ls", "_sandrepl.getoutput('ls')"),
    ("x = !ls", "x = _sandrepl.getoutput('ls')"),
    ("a, b = !ls {x}", "a, b = _sandrepl.getoutput('ls {x}')"),
    ("x = %time f(y)", "x = _sandrepl.line('time', 'f(y)')"),
    ("%time f();", "_sandrepl.line('time', 'f();');"),
    ("%time await f()", "await _sandrepl.line('time', 'await f()', awaits=True)"),
    ("%prun -s name await f()", "await _sandrepl.line('prun', '-s name await f()', awaits=True)"),
    ("%cd", "_sandrepl.line('cd', '')"),
    ("if x:\n    !ls\nelse:\n\t%pwd", "if x:\n    _sandrepl.system('ls')\nelse:\n\t_sandrepl.line('pwd', '')"),
    ("!echo a \\\n   b\nx", "_sandrepl.system('echo a  b')\n\nx"),
    ("a\n%b", "a\n_sandrepl.line('b', '')"),
    ("x = 'é'\n!echo \"it's\"\ny", "x = 'é'\n_sandrepl.system('echo \"it\\'s\"')\ny"),
    ("name?", "_sandrepl.inspect('name', 1)"),
    ("name.attr[0]??  # more", "_sandrepl.inspect('name.attr[0]', 2)  # more"),
    ("?name", "_sandrepl.inspect('name', 1)"),
    ("??name", "_sandrepl.inspect('name', 2)"),
    ("%time?", "_sandrepl.inspect('%time', 1)"),
    ("%%time??", "_sandrepl.inspect('%%time', 2)"),
    ("!ls a?", "_sandrepl.system('ls a?')"),
    ("np.*load*?", "_sandrepl.search('np.*load*')"),
    ("%%bash -x\necho\n", "_sandrepl.cell('bash', '-x', 'echo\\n')\n\n"),
    ("\n%%time\nx;", "\n_sandrepl.cell('time', '', 'x;');\n"),
    ("%%time\nawait f()", "await _sandrepl.cell('time', '', 'await f()', awaits=True)\n"),
    ("%%time\nasync def f():\n    await x", "_sandrepl.cell('time', '', 'async def f():\\n    await x')\n\n"),
    ("%%!\nls", "_sandrepl.cell('!', '', 'ls')\n"),
    ("x = 1\n%%bash", "x = 1\n_sandrepl.line('%bash', '')"),
    ("(1,\n 2)\n%ls", "(1,\n 2)\n_sandrepl.line('ls', '')"),
]
UNTOUCHED = [
    "(a\n%b)",
    "x = '''\n%time\n!ls\nname?\n'''",
    "x = a \\\n%b",
    "f(a,\n  !b)",
    "x != y !",
    "%(name)s",
    "% b",
    "'what?'",
    "# what?\n(",
    "f(x?",
    "?",
    "a ? b : c",
    "f'''\n!ls {x}\n'''",
    "",
]
AUTOMATIC = [
    ("ls -l /tmp", "_sandrepl.line('ls', '-l /tmp')"),
    ("ls = 5 6", None),
    ("time f(x)", "_sandrepl.line('time', 'f(x)')"),
    ("time (", None),
    ("ls /\nls /", None),
    ("taken /", None),
    ("cat x", None),
]


class Syntax(unittest.TestCase):
    def test_rewritten(self) -> None:
        for code, expected in REWRITTEN:
            with self.subTest(code):
                made = rewrite(code)
                self.assertIsNotNone(made)
                self.assertEqual(made.text, expected)
                self.assertEqual(made.text.count("\n"), code.count("\n"))

    def test_untouched(self) -> None:
        for code in UNTOUCHED:
            with self.subTest(code):
                self.assertIsNone(rewrite(code))

    def test_without_its_sign(self) -> None:
        for code, expected in AUTOMATIC:
            with self.subTest(code):
                made = rewrite(code, lambda name: name != "cat")
                self.assertEqual(made and made.text, expected)

    def test_nodes_span_the_line_as_written(self) -> None:
        made = rewrite("if 1:\n    x = !ls é \\\n    b\n    y")
        tree = ast.parse(made.text)
        made.place(tree)
        node = tree.body[0].body[0]
        self.assertEqual((node.lineno, node.col_offset, node.end_col_offset), (2, 4, len("    x = !ls é \\".encode())))
        self.assertEqual(tree.body[0].body[1].lineno, 4)


if __name__ == "__main__":
    unittest.main()
