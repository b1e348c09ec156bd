"""Rich displays: what each value is shown as, in which order, under which id, and what is left out and said."""

from __future__ import annotations

import base64
import os
import unittest

import harness

PNG = b"\x89PNG\r\n\x1a\nnot really"


class Bundles(harness.InOneSandbox):
    def shown(self, code: str) -> list:
        cell = self.client.run(code)
        self.assertIsNone(cell.error, cell.error)
        return cell.of("display_data")

    def result(self, code: str) -> dict:
        cell = self.client.run(code)
        self.assertIsNone(cell.error, cell.error)
        return cell.of("execute_result")[0]

    def test_each_method_makes_its_form(self) -> None:
        rows = (
            ("html", "'<b>x</b>'", "text/html", "<b>x</b>"),
            ("html", "b'<b>\\xc3\\xa9</b>'", "text/html", "<b>é</b>"),
            ("markdown", "'# x'", "text/markdown", "# x"),
            ("svg", "'<svg/>'", "image/svg+xml", "<svg/>"),
            ("png", repr(PNG), "image/png", base64.b64encode(PNG).decode()),
            ("png", "'iVBORw=='", "image/png", "iVBORw=="),
            ("jpeg", "b'\\xff\\xd8'", "image/jpeg", "/9g="),
            ("pdf", "bytearray(b'%PDF')", "application/pdf", "JVBERg=="),
            ("latex", "'$x$'", "text/latex", "$x$"),
            ("json", "{'a': [1, None]}", "application/json", '{"a": [1, null]}'),
            ("javascript", "'alert()'", "application/javascript", "alert()"),
        )
        self.client.run("class Plain:\n    def __repr__(self): return 'plain'")
        for name, value, mime, form in rows:
            code = f"class Rich(Plain):\n    def _repr_{name}_(self): return {value}\nRich()"
            content = self.result(code)
            self.assertEqual(content["data"], {"text/plain": "plain", mime: form}, code)
            self.assertEqual(content["metadata"], {})

    def test_a_form_may_come_with_metadata_or_be_absent(self) -> None:
        code = """
class Sized:
    def __repr__(self): return 'sized'
    def _repr_png_(self): return b'x', {'width': 3, 'when': __import__('datetime').date(2026, 1, 2)}
    def _repr_html_(self): return None
    def _repr_latex_(self): raise NotImplementedError
Sized()"""
        content = self.result(code)
        self.assertEqual(content["data"], {"text/plain": "sized", "image/png": "eA=="})
        self.assertEqual(content["metadata"], {"image/png": {"width": 3, "when": "2026-01-02"}})

    def test_a_bundle_comes_before_single_methods(self) -> None:
        code = """
class Both:
    def __init__(self, made): self.made = made
    def __repr__(self): return 'both'
    def _repr_mimebundle_(self, include=None, exclude=None): return self.made
    def _repr_html_(self): return 'html'
    def _repr_markdown_(self): return 'markdown'
made = {'text/html': 'from the bundle', 'application/vnd.x+json': {'n': float('inf')}}
"""
        self.client.run(code)
        both = {"text/plain": "both", "text/html": "from the bundle", "text/markdown": "markdown"}
        both["application/vnd.x+json"] = '{"n": Infinity}'
        self.assertEqual(self.result("Both(made)")["data"], both)
        content = self.result("Both(({'text/plain': 'own'}, {'text/html': {'isolated': True}}))")
        self.assertEqual(content["data"], {"text/plain": "own", "text/html": "html", "text/markdown": "markdown"})
        self.assertEqual(content["metadata"], {"text/html": {"isolated": True}})
        self.assertEqual(self.result("Both(None)")["data"]["text/html"], "html")
        found = self.shown("display(Both(made), include=['text/markdown'])")[0]["data"]
        self.assertEqual(found, {"text/plain": "both", "text/markdown": "markdown"})
        found = self.shown("display(Both(made), exclude=['text/markdown', 'application/vnd.x+json'])")[0]["data"]
        self.assertEqual(found, {"text/plain": "both", "text/html": "from the bundle"})

    def test_a_method_that_fails_costs_its_own_form(self) -> None:
        cell = self.client.run("""
class Broken:
    def __repr__(self): return 'still here'
    def _repr_html_(self): raise ValueError('no\\nhtml')
    def _repr_png_(self): return 3
    def _repr_markdown_(self): return '*fine*'
Broken()""")
        self.assertEqual(cell.of("execute_result")[0]["data"], {"text/plain": "still here", "text/markdown": "*fine*"})
        self.assertEqual(cell.text("stderr").splitlines(), [
            "[Broken._repr_html_() raised ValueError: no html]",
            "[image/png left out: Broken._repr_png_() gave what cannot be sent: TypeError: a value of type int]",
        ])

    def test_a_repr_that_fails_is_the_cells_error(self) -> None:
        self.client.run("class Bad:\n    def __repr__(self):\n        return 1 / 0\nbad = Bad()")
        for code in ("bad", "display(bad)"):
            cell = self.client.run(code)
            self.assertEqual(cell.error["ename"], "ZeroDivisionError", code)
            self.assertIn("    return 1 / 0", cell.error["traceback"])
            self.assertEqual((cell.of("execute_result"), cell.reply["status"]), ([], "error"))
        self.client.run("del bad; _ = None; Out.clear()")

    def test_claims_of_classes_and_mocks_are_not_believed(self) -> None:
        self.client.run("class Rich:\n    def _repr_html_(self): return 'x'\nfrom unittest.mock import Mock, MagicMock")
        for code in ("Rich", "Mock()", "MagicMock()"):
            cell = self.client.run(code)
            self.assertEqual(list(cell.of("execute_result")[0]["data"]), ["text/plain"], code)
            self.assertEqual(cell.text("stderr"), "")

    def test_a_metaclass_is_asked_nothing(self) -> None:
        cell = self.client.run("""
class Unhashable(type):
    __hash__ = None
class Odd(metaclass=Unhashable):
    def __repr__(self): return 'odd'
    def _repr_html_(self): return 'html'
Odd()""")
        self.assertEqual(cell.of("execute_result")[0]["data"], {"text/plain": "odd", "text/html": "html"}, cell.error)

    def test_a_value_may_show_itself(self) -> None:
        self.client.run("class Own:\n    def _ipython_display_(self): display('shown')")
        for code in ("Own()", "display(Own())"):
            cell = self.client.run(code)
            self.assertEqual(cell.of("display_data")[0]["data"], {"text/plain": "'shown'"}, code)
            self.assertEqual((len(cell.of("display_data")), cell.of("execute_result")), (1, []))
        cell = self.client.run("class Own:\n    def _ipython_display_(self): raise KeyError('no')\nOwn();\nOwn()")
        self.assertIn("Own", cell.result)
        self.assertEqual(cell.text("stderr"), "[Own._ipython_display_() raised KeyError: 'no']\n")

    def test_what_is_too_much_is_left_out_and_said(self) -> None:
        cell = self.client.run("""
class Big:
    def __repr__(self): return 'r' * (3 << 20)
    def _repr_html_(self): return 'h' * ((16 << 20) + 1)
    def _repr_markdown_(self): return 'm' * (1 << 20)
    def _repr_png_(self): return b'p', {'text': 'x' * (1 << 20)}
Big()""")
        content = cell.of("execute_result")[0]
        self.assertEqual(sorted(content["data"]), ["image/png", "text/markdown", "text/plain"])
        text = content["data"]["text/plain"]
        self.assertEqual(text[: 1 << 20], "r" * (1 << 20))
        self.assertIn("\n[cut: the first 1,048,576 of 3,145,728 characters;", text[1 << 20 :])
        self.assertEqual(content["metadata"], {})
        said = cell.text("stderr").splitlines()
        self.assertEqual(said[0], "[text/html left out: it has 16,777,217 bytes, and at most 16,777,216 are shown]")
        self.assertTrue(said[1].startswith("[metadata left out: "), said)
        self.client.run("_ = None; Out.clear()")

    def test_a_text_of_endless_length_is_cut(self) -> None:
        rows = (
            ("'x' * (100 << 20)", "1,048,576 of 104,857,600 characters"),
            ("[['x' * 100] * 1000] * 1000", "1,048,576 characters"),
            ("list(range(100_000))", " 999,\n ...]"),
        )
        for code, said in rows:
            text = self.result(code)["data"]["text/plain"]
            self.assertIn(said, text[-80:])
            self.assertLess(len(text), (1 << 20) + 100)
            self.client.run("_ = __ = ___ = None; Out.clear()")

    def test_text_is_as_wide_as_the_panel(self) -> None:
        one = self.result("list(range(30))")["data"]["text/plain"]
        self.assertEqual(len(one.splitlines()), 30)
        self.client.ask("configure", columns=200)
        self.assertEqual(self.result("list(range(30))")["data"]["text/plain"], one.replace("\n", ""))
        self.client.ask("configure", columns=80)

    def test_no_form_breaks_the_journal(self) -> None:
        code = """
class Odd:
    def __repr__(self): return '\\udc80'
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {'text/html': Text('sub'), 1: 'one', 'application/json': {(1, 2): 3, 'set': {4}}}, {'x': float('nan')}
class Text(str):
    def __str__(self): return 'not this'
Odd()"""
        cell = self.client.run(code)
        self.assertEqual(cell.of("execute_result")[0]["data"], {
            "text/plain": "\udc80", "text/html": "sub", "1": "one", "application/json": '{"set": [4]}'})
        self.assertIn("[metadata left out: ValueError", cell.text("stderr"))


class Places(harness.InOneSandbox):
    def test_display_shows_at_once_and_in_order(self) -> None:
        code = "import os\nprint('a')\ndisplay(1, 'two')\nos.write(1, b'b\\n')\ndisplay(3)\nprint('c')\n4"
        cell = self.client.run(code)
        order = ""
        for kind, content in ((event["type"], event["content"]) for event in cell.events):
            if kind == "stream":
                order += content["text"]
            elif kind in ("display_data", "execute_result"):
                order += f"<{content['data']['text/plain']}>"
        self.assertEqual(order, "a\n<1><'two'>b\n<3>c\n<4>")
        first = cell.of("display_data")[0]
        self.assertEqual(first, {"data": {"text/plain": "1"}, "metadata": {}, "transient": {}})

    def test_what_has_an_id_can_be_shown_anew(self) -> None:
        code = "handle = display('one', display_id='d')\nhandle.update('two')\nhandle.display('three')\nhandle"
        cell = self.client.run(code)
        self.assertEqual(cell.result, "<DisplayHandle display_id=d>")
        kinds = [(event["type"], event["content"]["data"]["text/plain"], event["content"]["transient"])
                 for event in cell.events if "display_data" in event["type"]]
        place = {"display_id": "d"}
        self.assertEqual(kinds, [
            ("display_data", "'one'", place),
            ("update_display_data", "'two'", place),
            ("display_data", "'three'", place),
        ])
        code = "handle.update(4)\nfresh = display(display_id=True)\nfresh.display(5)\nlen(fresh.display_id)"
        cell = self.client.run(code)
        self.assertEqual(cell.of("update_display_data")[0]["transient"], place)
        self.assertEqual(cell.result, "36")
        self.assertIsNone(self.client.run("display(1)").result)

    def test_raw_data_metadata_and_clear(self) -> None:
        code = "display({'text/html': 'x', 'image/png': b'y'}, raw=True, metadata={'text/html': {'a': 1}})"
        cell = self.client.run(code)
        self.assertEqual(cell.of("display_data")[0], {
            "data": {"text/html": "x", "image/png": "eQ=="}, "metadata": {"text/html": {"a": 1}}, "transient": {}})
        cell = self.client.run("print('gone')\ndisplay(1, clear=True)")
        kinds = [event["type"] for event in cell.events if event["type"] in ("stream", "clear_output", "display_data")]
        self.assertEqual((kinds[0], kinds[-2:]), ("stream", ["clear_output", "display_data"]))
        self.assertEqual(cell.of("clear_output"), [{"wait": True}])

    def test_a_thread_shows_in_the_cell_that_started_it(self) -> None:
        first = self.client.ask("execute", code="""
import threading
go = threading.Event()
def late():
    go.wait()
    display('late')
thread = threading.Thread(target=late); thread.start()""")
        self.client.finish(first)
        self.client.run("go.set(); thread.join()")
        found = [event for event in self.client.events if event["type"] == "display_data" and event["parent"] == first]
        self.assertEqual([event["content"]["data"]["text/plain"] for event in found], ["'late'"])

    def test_a_forked_child_prints_what_it_displays(self) -> None:
        cell = self.client.run("import os\nchild = os.fork()\nif not child:\n    display({'a': 1})\n    os._exit(0)\n"
                               "os.waitpid(child, 0)[1]")
        self.assertEqual((cell.text(), cell.result, cell.of("display_data")), ("{'a': 1}\n", "0", []))

    def test_a_flood_of_displays_stays_within_its_bounds(self) -> None:
        cell = self.client.run("""
import resource
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for number in range(100):
    display({'image/png': 'x' * (2 << 20)}, raw=True)
(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10""")
        self.assertLess(int(cell.result), 60)
        self.assertTrue(any(event["type"] == "discarded" for event in self.client.events))

    def test_what_ipython_offers_is_ours(self) -> None:
        folder = os.path.join(self.sandbox.root, "packages")
        os.makedirs(os.path.join(folder, "IPython", "core"))
        functions = "def display(*objs, **kwargs): print('not shown')\nupdate_display = clear_output = display\n"
        files = {
            "__init__.py": "from .core import display_functions\n",
            "core/__init__.py": "",
            "core/display_functions.py": functions,
            "display.py": "from .core.display_functions import *\n"
                          "class HTML:\n    def _repr_html_(self): return 'x'\n    def show(self): display(self)\n",
        }
        for name, text in files.items():
            with open(os.path.join(folder, "IPython", name), "w", encoding="ascii") as file:
                file.write(text)
        cell = self.client.run(f"import sys; sys.path.insert(0, {folder!r})\n"
                               "from IPython.display import HTML, clear_output, display, update_display\n"
                               "HTML().show(); clear_output(True)\n"
                               "display(1, display_id='i').update(2); update_display(3, display_id='i')")
        self.assertIsNone(cell.error, cell.error)
        self.assertEqual([content["data"].get("text/html") for content in cell.of("display_data")], ["x", None])
        self.assertNotIn("display", cell.rows)
        self.assertEqual(cell.of("clear_output"), [{"wait": True}])
        self.assertEqual([content["data"]["text/plain"] for content in cell.of("update_display_data")], ["2", "3"])

    def test_the_first_result_loads_nothing_of_the_package(self) -> None:
        sandbox = harness.Sandbox()
        self.addCleanup(sandbox.close)
        client = sandbox.connect()
        self.addCleanup(client.close)
        code = "import sys; [name for name in sys.modules if name.startswith('sandrepl_kernel.display.')] == []"
        self.assertEqual(client.run("1 + 1").result, "2")
        self.assertEqual(client.run(code).result, "True")


if __name__ == "__main__":
    unittest.main()
