package editor

import (
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sandrepl/sandrepl/themes"
)

// TestProblems: in each text « and » are around what is underlined, and │ is the cursor.
func TestProblems(t *testing.T) {
	for _, marked := range []string{
		"f(a│",
		"│f«(»a",
		"x = «[»1, 2«)»\n│",
		"f(a)«)»│",
		"x = 'abc│",
		"x = «'abc»\ny│",
		"x = '''abc\ny│",
		"«if x»\n    y│",
		"if x│",
		"if x: y\nz│",
		"«else»\n    │",
		"for i in (1,\n│",
		"x = «(»1,\ndef f():\n    pass│",
		"x = (1,\n  for_│",
		"a\n  «b»\nc│",
		"def f():\n    a\n  «b»\nc│",
		"def f():\n«a»\n│",
		"lambda: (│",
		"!echo (\n%timeit f(\nx│",
		"%%sh\necho ')\n│",
		"# it's (\nx│",
		"async def f():\n    pass\nclass A: pass\n│",
		"try:\n    x\nexcept (A, B):\n    y\nfinally:\n    z│",
		"x = {\n    'a': [1],\n}\n│",
		"with a as b, \\\n    c as d:\n    pass│",
		"d = {'a':\n  1}\n│",
	} {
		text := strings.NewReplacer("«", "", "»", "").Replace(marked)
		before, after, _ := strings.Cut(text, "│")
		m := New(themes.Dark()).SetValue(before + after)
		m.code = m.code.move(position{}.advance(before), false)
		d := m.code.doc
		var ends []position
		for _, p := range m.visibleProblems(0, len(d.lines)) {
			ends = append(ends, p.from, p.to)
		}
		got := ""
		for n := range d.lines {
			for i := 0; i <= len(d.lines[n]); i++ {
				at := position{n, i}
				for j, end := range ends {
					if end == at {
						got += []string{"«", "»"}[j%2]
					}
				}
				if at == m.code.caret.at {
					got += "│"
				}
				if i < len(d.lines[n]) {
					got += d.lines[n][i : i+1]
				}
			}
			if n < len(d.lines)-1 {
				got += "\n"
			}
		}
		if got != marked {
			t.Logf("%q: want %q", got, marked)
			t.Fail()
		}
	}
}

// TestProblemsOfAChangedText holds that after any changes what is remembered is what is read of the text anew.
func TestProblemsOfAChangedText(t *testing.T) {
	piece := rapid.SampledFrom([]string{"(", ")", "[", "]", "'", "\"\"\"", "\n", "\n    ", "if x", ":", "def f", "try:", "except", "pass", "# ", "\\", "a", " = 1", "%%sh", "!ls"})
	rapid.Check(t, func(t *rapid.T) {
		d, c := newDocument(""), &problemCache{}
		for range rapid.IntRange(1, 30).Draw(t, "changes") {
			place := func(name string) position {
				line := rapid.IntRange(0, len(d.lines)-1).Draw(t, name+" line")
				return position{line, rapid.IntRange(0, len(d.lines[line])).Draw(t, name+" byte")}
			}
			from, to := place("from"), place("to")
			if to.before(from) || rapid.Bool().Draw(t, "insert") {
				to = from
			}
			d, _ = d.replace(from, to, strings.Join(rapid.SliceOfN(piece, 0, 4).Draw(t, "text"), ""))
			if got, want := c.of(d), (&problemCache{}).of(d); !slices.Equal(got, want) {
				t.Fatalf("%q: %v, read anew: %v", d.text(), got, want)
			}
		}
	})
}

// TestValidCodeHasNoProblems: whatever Python 3.8 to 3.14 takes has nothing underlined, wherever the cursor is, and Enter runs it after
// a blank line.
func TestValidCodeHasNoProblems(t *testing.T) {
	script, err := os.ReadFile("testdata/valid.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range strings.Split("\n"+string(script), "\n== ")[1:] {
		name, code, _ := strings.Cut(c, "\n")
		t.Run(name, func(t *testing.T) {
			m := New(themes.Dark()).SetValue(strings.TrimSuffix(code, "\n"))
			for n := range m.code.doc.lines {
				m.code = m.code.move(position{line: n}, false)
				for _, p := range m.visibleProblems(0, len(m.code.doc.lines)) {
					t.Errorf("underlined with the cursor in line %d: %q", n, m.code.doc.between(p.from, p.to))
				}
			}
			if lines := append(strings.Split(code, "\n"), "", ""); !analyse(lines).complete() {
				t.Errorf("Enter does not run it")
			}
		})
	}
}
