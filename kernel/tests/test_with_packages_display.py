"""What figures, images, arrays and tables are shown as."""

from __future__ import annotations

import base64
import unittest

import harness


def size(form: str) -> tuple:
    data = base64.b64decode(form)
    assert data[:4] == b"\x89PNG", data[:10]
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def kinds(cell: harness.Cell) -> list:
    """What a cell showed, in order; a text may have come in several events."""
    found = [event["type"] for event in cell.events if event["type"] in ("stream", "display_data", "execute_result")]
    return [kind for number, kind in enumerate(found) if kind != "stream" or found[number - 1 : number] != ["stream"]]


class Figures(harness.InOneSandbox):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.client.run("import matplotlib.pyplot as plt")

    def shown(self, code: str, kind: str = "display_data") -> list:
        cell = self.client.run(code)
        self.assertIsNone(cell.error, cell.error)
        self.assertEqual(cell.text("stderr"), "")
        return cell.of(kind)

    def test_a_figure_shows_at_the_cells_end_without_a_call(self) -> None:
        cell = self.client.run("plt.plot([1, 2, 3]);\nprint('text')\n7")
        self.assertEqual(kinds(cell), ["stream", "display_data", "execute_result"])
        content = cell.of("display_data")[0]
        self.assertEqual(content["data"]["text/plain"], "<Figure size 640x480 with 1 Axes>")
        width, height = size(content["data"]["image/png"])
        self.assertEqual(content["metadata"], {"image/png": {"width": width, "height": height}})
        self.assertEqual(self.shown("1"), [])
        self.assertEqual(self.client.run("plt.get_fignums()").result, "[]")

    def test_it_is_as_wide_as_the_panel(self) -> None:
        draw = "plt.figure(figsize=({}, {}))\nplt.plot([1, 2]);"
        rows = (((320, 2000), 6, 4, 250, 320), ((900, 2000), 6, 4, 700, 900), ((4000, 4000), 3, 3, 400, 600),
                ((900, 300), 6, 4, 400, 600))
        try:
            for pixels, width, height, least, most in rows:
                self.client.ask("configure", pixels=pixels)
                found = size(self.shown(draw.format(width, height))[0]["data"]["image/png"])[0]
                self.assertTrue(least <= found <= most, (pixels, width, height, found))
            self.client.ask("configure", pixels=[400, 400])
            beside = "plt.plot([1], label='long ' * 20)\nplt.legend(bbox_to_anchor=(1, 1), loc='upper left');"
            self.assertLessEqual(size(self.shown(beside)[0]["data"]["image/png"])[0], 401)
        finally:
            self.client.ask("configure", pixels=[640, 480])

    def test_one_that_is_the_value_shows_once(self) -> None:
        cell = self.client.run("figure, axes = plt.subplots()\naxes.plot([1]);\nfigure")
        self.assertEqual(cell.of("display_data"), [])
        self.assertIn("image/png", cell.of("execute_result")[0]["data"])
        self.assertIn("image/png", self.shown("figure", "execute_result")[0]["data"])
        self.assertEqual(len(self.shown("figure, axes = plt.subplots(); axes.plot([1]); display(figure)")), 1)
        self.assertEqual(len(self.shown("figure, axes = plt.subplots(); display(figure); axes.plot([1]);")), 2)

    def test_show_shows_at_once(self) -> None:
        cell = self.client.run("for n in range(2):\n    plt.plot([n])\n    plt.show()\n    print(n)")
        self.assertEqual(kinds(cell), ["display_data", "stream"] * 2)
        cell = self.client.run("figure = plt.figure(); plt.plot([1]); figure.show(); print('shown')")
        self.assertEqual((kinds(cell), cell.text("stderr")), (["display_data", "stream"], ""))

    def test_figures_of_a_cell_that_fails_show(self) -> None:
        cell = self.client.run("plt.plot([1]); plt.figure(); plt.plot([2])\n1/0")
        self.assertEqual((len(cell.of("display_data")), cell.error["ename"]), (2, "ZeroDivisionError"))

    def test_what_cannot_be_drawn_is_said(self) -> None:
        cell = self.client.run("plt.plot([1]); plt.title(r'$\\frac{1$')\nplt.figure(); plt.plot([2]);")
        self.assertEqual([sorted(content["data"]) for content in cell.of("display_data")],
                         [["text/plain"], ["image/png", "text/plain"]])
        self.assertTrue(cell.text("stderr").startswith("[Figure._repr_png_() raised ValueError: "), cell.text("stderr"))
        self.assertEqual(self.shown("1"), [])

    def test_ioff_and_close_keep_figures_to_themselves(self) -> None:
        self.assertEqual(self.shown("plt.ioff(); plt.plot([1]);"), [])
        self.assertEqual(len(self.shown("plt.show()")), 1)
        self.assertEqual(self.shown("plt.ion(); plt.plot([1]); plt.close()"), [])
        self.assertEqual(len(self.shown("plt.plot([1]);")), 1)

    def test_an_empty_figure_is_a_text(self) -> None:
        self.assertEqual(self.shown("plt.figure();")[0]["data"], {"text/plain": "<Figure size 640x480 with 0 Axes>"})

    def test_a_figure_of_a_thread_and_one_without_pyplot(self) -> None:
        code = "import threading\nthread = threading.Thread(target=lambda: plt.plot([1]))\n"
        code += "thread.start(); thread.join()"
        self.assertEqual(len(self.shown(code)), 1)
        code = "from matplotlib.figure import Figure\nlone = Figure(); lone.subplots(); lone"
        self.assertIn("image/png", self.shown(code, "execute_result")[0]["data"])

    def test_an_interrupt_ends_the_drawing(self) -> None:
        id = self.client.ask("execute", code="""
from matplotlib.lines import Line2D
class Endless(Line2D):
    def draw(self, renderer):
        print('drawing')
        while True: pass
plt.gca().add_line(Endless([0, 1], [0, 1]));""")
        self.client.until("stream", id)
        self.client.ask("interrupt")
        self.assertEqual(self.client.finish(id).error["ename"], "KeyboardInterrupt")
        self.assertEqual(self.client.run("plt.get_fignums()").result, "[]")
        self.assertEqual(len(self.shown("plt.plot([1]);")), 1)


class Chosen(unittest.TestCase):
    def client(self, **environment: str) -> harness.Client:
        sandbox = harness.Sandbox()
        self.addCleanup(sandbox.close)
        sandbox.environment.update(environment)
        client = sandbox.connect()
        self.addCleanup(client.close)
        return client

    def test_a_backend_that_the_user_chose_stays(self) -> None:
        client = self.client(MPLBACKEND="svg")
        code = "import matplotlib.pyplot as plt\nplt.plot([1]);"
        self.assertEqual(client.run(code).of("display_data"), [])
        self.assertEqual(client.run("plt.get_backend(), plt.get_fignums(), plt.isinteractive()").result,
                         "('svg', [1], False)")
        client = self.client()
        self.assertEqual(client.run("import matplotlib\nmatplotlib.use('agg')\n" + code).of("display_data"), [])

    def test_that_there_is_no_screen_is_no_choice(self) -> None:
        client = self.client(MPLBACKEND="Agg")
        self.assertEqual(len(client.run("import matplotlib.pyplot as plt\nplt.plot([1]);").of("display_data")), 1)
        client.run("import subprocess, sys\nchild = 'import matplotlib.pyplot as p; p.plot([1])'")
        self.assertEqual(client.run("subprocess.run([sys.executable, '-c', child]).returncode").result, "0")


class Tables(harness.InOneSandbox):
    def text(self, code: str) -> str:
        cell = self.client.run(code)
        self.assertIsNone(cell.error, cell.error)
        return cell.result

    def widest(self, code: str) -> int:
        return max(map(len, self.text(code).splitlines()))

    def test_images_have_their_picture(self) -> None:
        self.client.run("from PIL import Image")
        for mode in ("RGB", "RGBA", "L", "1", "P", "I"):
            cell = self.client.run(f"Image.new('{mode}', (7, 5))")
            self.assertEqual(size(cell.of("execute_result")[0]["data"]["image/png"]), (7, 5), mode)
        data = self.client.run("Image.new('F', (7, 5))").of("execute_result")[0]["data"]
        self.assertNotIn("image/png", data)
        self.assertTrue(data["text/plain"].startswith("<PIL.Image.Image image mode=F size=7x5"), data)

    def test_tables_and_arrays_are_as_wide_as_the_panel(self) -> None:
        self.client.run("import numpy as np, pandas as pd\nframe = pd.DataFrame(np.ones((3, 30)))")
        self.client.run("series = np.ones(90)")
        for columns in (80, 50, 120):
            self.client.ask("configure", columns=columns)
            for code in ("frame", "series"):
                self.assertTrue(columns * 0.8 <= self.widest(code) <= columns, (code, columns, self.text(code)))
        self.assertIn("...", self.text("frame"))
        self.assertIn("[3 rows x 30 columns]", self.text("frame"))
        cell = self.client.run("frame")
        self.assertIn("<table", cell.of("execute_result")[0]["data"]["text/html"])
        self.client.ask("configure", columns=80)

    def test_a_width_that_the_user_wants_stays(self) -> None:
        self.client.run("import numpy as np, pandas as pd")
        self.client.run("np.set_printoptions(linewidth=44); pd.set_option('display.width', 60)")
        self.client.ask("configure", columns=100)
        code = "np.get_printoptions()['linewidth'], pd.get_option('display.width')"
        self.assertEqual(self.text(code), "(44, 60)")
        self.client.run("np.set_printoptions(linewidth=80); pd.set_option('display.width', 80)")
        self.client.ask("configure", columns=80)
        self.client.run("")
        self.client.ask("configure", columns=90)
        self.assertEqual(self.text(code), "(90, 90)")
        self.client.ask("configure", columns=80)

    def test_a_large_frame_costs_little(self) -> None:
        code = "import numpy as np, pandas as pd\nlarge = pd.DataFrame(np.zeros((1_000_000, 40)))\nlarge"
        data = self.client.run(code).of("execute_result")[0]["data"]
        self.assertLess(len(data["text/html"]), 200_000)
        self.assertIn("[1000000 rows x 40 columns]", data["text/plain"])


if __name__ == "__main__":
    unittest.main()
