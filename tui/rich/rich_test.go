package rich

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
)

func TestMath(t *testing.T) {
	for in, want := range map[string]string{
		`x^2`: "x²", `\alpha + \beta_1`: "α + β₁", `\frac{1}{2}`: "½", `\frac{a+b}{c}`: "(a+b)/c", `\sqrt{x}`: "√x", `\sqrt{x+1}`: "√(x+1)",
		`\sum_{i=1}^{n} i`: "∑ᵢ₌₁ⁿ i", `\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}`: "(1 2; 3 4)", `\left(x\right)`: "(x)", `e^{i\pi}`: "e^(iπ)",
		`a \leq b`: "a ≤ b", `\text{if } x`: "if x", `\mathbb{R}^n`: "ℝⁿ", `\sin x`: "sin x",
		`e^{- x^{2}}`: "e^(-x²)", `f = - g`: "f = -g", `a - b`: "a - b", `\frac{d^{2}}{d x^{2}} f{\left(x \right)}`: "d²/dx² f(x)", `{n \choose k}`: "C(n, k)", `{a \over b+1}`: "a/(b+1)",
		`\sum_{\substack{i=1\\j=2}} x`: "∑_(i = 1, j = 2) x", `\ket{\psi}`: "|ψ⟩", `\ce{2H2O}`: "2H₂O", `\textcolor{red}{x}`: "x", `\underbrace{a+b}_{n}`: "(a+b)ₙ", `\underline{CD}`: "C̲D̲",
		`a \xrightarrow{f} b`: "a →ᶠ b", `\begin{tabular}{l} \toprule a \\ \bottomrule \end{tabular}`: "a",
	} {
		if got := Math(in); got != want {
			t.Errorf("Math(%q) = %q, want %q", in, got, want)
		}
	}
}

// checkRows fails unless rows are text and SGR within the width.
func checkRows(t *testing.T, rows []string, width int) {
	t.Helper()
	if len(rows) == 0 {
		t.Fatal("no rows")
	}
	for _, row := range rows {
		if w := ansi.StringWidth(row); w > width {
			t.Fatalf("a row of %d columns in %d: %q", w, width, row)
		}
		if !utf8.ValidString(row) {
			t.Fatalf("not UTF-8: %q", row)
		}
		for i, r := range row {
			if r == 0x1b {
				end := strings.IndexFunc(row[i+2:], func(r rune) bool { return r >= 0x40 })
				if row[i+1] != '[' || end < 0 || row[i+2+end] != 'm' {
					t.Fatalf("a sequence that is no SGR: %q", row)
				}
			} else if r < 0x20 || r >= 0x7f && r < 0xa0 {
				t.Fatalf("%U came through: %q", r, row)
			}
		}
	}
}

func FuzzForms(f *testing.F) {
	for _, s := range []string{
		"# A\n\n- b **c** $x_1$\n\n|a|b|\n|-|-:|\n|1|2|\n\n```python\nx = 1\n```\n> q\n\n&#27;[2J &#x1b;]52;c;eA==&#7;", "<table><tr><th rowspan=9 colspan=3>a<td>1</table><p>&#27;]0;x&#7;<a href='https://a'>b</a><ul><li>c<pre>d</pre>",
		`$\frac{\sqrt{x}}{2}$ \begin{bmatrix}1&2\\3\end{bmatrix} \left( \right. \text{a}`, `{"a": [1, "\u001b[2J"]}`, "\x1b]52;c;eA==\x07\u202e", "日本語 👩\u200d🚀 é",
		"^{^{^{", "<svg width=\"3\" height=\"4\"><title>t</title>",
	} {
		f.Add(s, 20)
	}
	f.Fuzz(func(t *testing.T, s string, width int) {
		width = (width%120+120)%120 + 4
		for _, form := range []func(themes.Theme, string, int) []string{markdownLines, latexLines, jsonLines, svgLines,
			func(t themes.Theme, s string, w int) []string { return htmlLines(t, parseHTML(s), w) }} {
			checkRows(t, fitted(themes.Dark(), form(themes.Dark(), s, width), width), width)
		}
	})
}

// TestHostileTextsAreDrawn finds what costs by so much more than its length that a longest text would never be drawn.
func TestHostileTextsAreDrawn(t *testing.T) {
	for _, part := range []string{"[", "$x$ ", `\begin{a}`, "a=", "*a _b ", "<b>x</b>", "<table><tr><td colspan=1000 rowspan=1000>", "`a ``", "> "} {
		done := make(chan struct{})
		go func() {
			defer close(done)
			text := strings.Repeat(part, maxSource/len(part))
			for _, form := range []func(themes.Theme, string, int) []string{markdownLines, latexLines, jsonLines,
				func(t themes.Theme, s string, w int) []string { return htmlLines(t, parseHTML(s), w) }} {
				fitted(themes.Dark(), form(themes.Dark(), text, 40), 40)
			}
		}()
		select {
		case <-done:
		case <-time.After(60 * time.Second):
			t.Fatalf("%q: the text was never drawn", part)
		}
	}
}

func encodedPNG(t *testing.T, width, height int) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for x := range width {
		for y := range height {
			img.Set(x, y, color.RGBA{uint8(x * 255 / width), uint8(y * 255 / height), 40, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

func TestPicturesFitAndKeepTheirAspect(t *testing.T) {
	for _, protocol := range []Protocol{Letters, Halves, Kitty} {
		for _, width := range []int{10, 40, 120} {
			g := NewGallery()
			g.SetTerminal(Terminal{Protocol: protocol})
			d := g.Draw(Bundle{Data: map[string]string{"image/png": encodedPNG(t, 640, 480), "text/plain": "<Figure>"}})
			before := len(d.Rows(themes.Dark(), width))
			message, _ := g.Next().(DrawnMsg)
			rows := d.Rows(themes.Dark(), width)
			if len(rows) != before || len(rows) > 24 {
				t.Errorf("%d rows, %d while it was drawn", len(rows), before)
			}
			checkRows(t, rows, width)
			if (protocol == Kitty) != strings.Contains(message.Raw, "\x1b_G") || (protocol == Kitty) != strings.Contains(g.Farewell(), "d=I") {
				t.Errorf("protocol %d sends %.60q", protocol, message.Raw)
			}
			g.Close()
		}
	}
}

func TestHostilePicturesAreNotUnpacked(t *testing.T) {
	bomb, _ := base64.StdEncoding.DecodeString(encodedPNG(t, 2, 2))
	for i := 16; i < 24; i++ {
		bomb[i] = 0x0f
	}
	for _, data := range []string{base64.StdEncoding.EncodeToString(bomb), "????", "", encodedPNG(t, 60, 60)[:80]} {
		g := NewGallery()
		d := g.Draw(Bundle{Data: map[string]string{"image/png": data}})
		rows := d.Rows(themes.Dark(), 60)
		if d.picture != nil {
			g.Next()
			rows = d.Rows(themes.Dark(), 60)
		}
		checkRows(t, rows, 60)
		if !strings.Contains(ansi.Strip(strings.Join(rows, " ")), "[") {
			t.Errorf("nothing is said of it: %q", rows)
		}
		g.Close()
	}
}

func TestDetect(t *testing.T) {
	for want, cases := range map[Protocol][]map[string]string{
		Kitty:   {{"TERM": "xterm-kitty"}, {"TERM": "xterm-ghostty"}, {"TERM_PROGRAM": "ghostty"}},
		Halves:  {{"TERM": "xterm-256color"}, {"TERM": "xterm-kitty", "TMUX": "x"}, {"LANG": "de_DE.UTF-8"}, {"TERM_PROGRAM": "iTerm.app", "TMUX": "x"}},
		ITerm:   {{"TERM_PROGRAM": "WezTerm", "KITTY_WINDOW_ID": "1"}, {"TERM_PROGRAM": "iTerm.app"}, {"LC_TERMINAL": "iTerm2"}},
		Letters: {{"LANG": "C"}, {"LC_ALL": "POSIX", "LANG": "de_DE.UTF-8"}, {"NO_COLOR": "1"}},
	} {
		for _, env := range cases {
			if got := Detect(Signs{Getenv: func(name string) string { return env[name] }, Colours: 256}, Terminal{}); got != want {
				t.Errorf("%v: %d, want %d", env, got, want)
			}
		}
	}
}

func TestWordsAroundAFormulaStayApart(t *testing.T) {
	if got := latexText(`with $a$ and $b_1$, or \$3`); got != "with a and b₁, or $3" {
		t.Errorf("%q", got)
	}
}
