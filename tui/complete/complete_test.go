package complete

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/sandrepl/sandrepl/themes"
	"github.com/sandrepl/sandrepl/tui/golden"
)

func TestMain(m *testing.M) {
	// The highlighter's regular expressions keep a clock that ends by itself a second after its last use.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/dlclark/regexp2/v2.runClock"))
}

// text is code with │ at the cursor.
func text(code string) Text {
	before, after, _ := strings.Cut(code, "│")
	t := Text{Lines: strings.Split(before+after, "\n")}
	t.Line = strings.Count(before, "\n")
	t.Byte = len(before) - strings.LastIndex(before, "\n") - 1
	var state themes.LineState
	for _, line := range t.Lines {
		t.States = append(t.States, state)
		state, _ = state.Scan(line, nil)
	}
	return t
}

func opened(t *testing.T, code, typed string) Model {
	t.Helper()
	m := New(themes.Dark()).SetSize(100, 30).SetCursor(20, 26, 26).SetNames([]Match{{Text: "matrix", Kind: "instance"}, {Text: "_mask", Kind: "instance"}, {Text: "math", Kind: "module"}})
	m, _ = m.Follow(text(code), typed)
	return m
}

// answer is what the kernel says to the question that is due.
func answer(m Model, matches ...Match) (Model, AnswerMsg) {
	m, _ = m.ask(dueMsg{ofWord, m.waits[ofWord]})
	q := m.word.question(m.now)
	q.ID = m.last
	return m, AnswerMsg{Question: q, Matches: matches, Start: q.Cursor, End: q.Cursor}
}

func texts(m Model) string {
	var all []string
	if m.Open() {
		for _, r := range m.word.ranked {
			all = append(all, r.Text)
		}
	}
	return strings.Join(all, " ")
}

func TestWhatOpensThePopup(t *testing.T) {
	for code, opens := range map[string]bool{
		"m│": true, "x = m│": true, "os.│": true, "f().│": true, "d[│": true, "d['│": true, "open('a/│": true, "import │": true, "from os import │": true,
		"%│": true, "!ls /│": true, "1│": false, "3.│": false, "# m│": false, "'m│": false, "def f│": false, "x │": false, "x = (│": false, "m│ore": false,
		"'''\nm│": false, "a..│": false, "as m│": false,
	} {
		now := text(code)
		before := now.before()
		if _, got := now.opens(before[len(before)-1:]); got != opens {
			t.Errorf("%s opens: %v", code, got)
		}
	}
}

func TestKnownNamesShowAtOnceAndAnswersJoin(t *testing.T) {
	m := opened(t, "ma│", "a")
	if got := texts(m); got != "math matrix" {
		t.Fatalf("at once: %q", got)
	}
	m, a := answer(m, Match{Text: "map", Kind: "class"}, Match{Text: "matrix", Kind: "instance"}, Match{Text: "format", Kind: "function"})
	if a.Code != "" || a.Cursor != 0 {
		t.Errorf("asked %q at %d: the word is not asked for", a.Code, a.Cursor)
	}
	m, _ = m.Update(a)
	if got := texts(m); got != "map matrix math _mask format" {
		t.Errorf("joined: %q", got)
	}
	if selected, _ := m.Selected(); selected.Text != "math" {
		t.Errorf("the selection jumped to %q", selected.Text)
	}
	m, _ = m.Follow(text("mat│"), "t")
	if got := texts(m); got != "matrix math format" {
		t.Errorf("filtered: %q", got)
	}
	if m.waits[ofWord] != 0 {
		t.Error("what is known was asked for again")
	}
}

func TestStaleAnswersAreDropped(t *testing.T) {
	m := opened(t, "np.│", ".")
	m, a := answer(m, Match{Text: "array"})
	other, _ := m.Follow(text("np.(│"), "(")
	other, _ = other.Update(a)
	if other.Open() {
		t.Error("an answer for another place opened the popup")
	}
	dismissed, _ := m.Dismiss().Update(a)
	if dismissed.Open() {
		t.Error("an answer opened what was closed")
	}
	m, _ = m.Follow(text("np.ar│"), "r")
	m, _ = m.Update(a)
	if got := texts(m); got != "array" {
		t.Errorf("filtered by what was typed since: %q", got)
	}
	for _, hostile := range [][2]int{{-3, 3}, {0, 99}, {99, 3}, {2, -1}} {
		b := a
		b.ID, b.Start, b.End = m.last+1, hostile[0], hostile[1]
		if n, _ := m.Update(b); n.Open() {
			t.Errorf("%v was taken for a range", hostile)
		}
	}
}

func TestAnAnswerForAWordThatWasErasedOpensNothing(t *testing.T) {
	m := opened(t, "pri", "i")
	m, late := answer(m, Match{Text: "print", Kind: "function"})
	m = m.Keep(text(""))
	m, _ = m.Update(late)
	if m.Open() {
		t.Errorf("open with %q", texts(m))
	}
}

func TestFits(t *testing.T) {
	for _, c := range []struct {
		text, typed string
		want        int
	}{
		{"read_csv", "re", exact}, {"Read", "re", folded}, {"read_csv", "rc", abbrev}, {"getName", "gn", abbrev}, {"format", "ma", within}, {"read_csv", "xy", unfitted},
		{"read_csv", "v", unfitted}, {"日本語", "日本", exact}, {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "aaac", unfitted},
	} {
		if got := fits(Match{Text: c.text}, c.typed); got != c.want {
			t.Errorf("%q typed for %q: %d, want %d", c.typed, c.text, got, c.want)
		}
	}
}

func TestCallsAndTheirArguments(t *testing.T) {
	s := parse(`f(a, b=',(', *, key=(1, 2), **rest) -> dict[str, int]`)
	for code, want := range map[string]string{
		"f(│": "a", "f(1, │": "b=',('", "f(1, [2, 3], (4, 5│": "", "f(1, g[2, │": "b=',('", "f(key=│": "key=(1, 2)", "f(1, other=│": "**rest",
		"f(\n  1,\n  │": "b=',('", "f('(,', │": "b=',('", "f(b == │": "a",
	} {
		c, inside := text(code).call()
		got := ""
		if i := s.current(c.argument, c.keyword); inside && i >= 0 {
			got = s.parameters[i]
		}
		if got != want || !inside {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
	for _, code := range []string{"f(1)│", "(│", "if (│", "def f(│", "# f(│", "'f(│", "x = [│"} {
		if _, inside := text(code).call(); inside {
			t.Errorf("%s is in no call", code)
		}
	}
}

func TestTheFormThatTakesTheArgumentIsShown(t *testing.T) {
	slice := Info{Signature: "range(stop)", Doc: "range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\nReturn range(x)."}
	text := Info{Signature: "str(object='')", Doc: "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str"}
	most := Info{Signature: "max(iterable, *, default=obj, key=func)", Doc: "max(iterable, *[, default=obj, key=func]) -> value\nmax(arg1, arg2, *args, *[, key=func]) -> value"}
	for _, c := range []struct {
		info Info
		at   call
		want string // with the current one in brackets
	}{
		{slice, call{}, "range([stop])"},
		{slice, call{argument: 1}, "range(start [stop] step=…)"},
		{slice, call{argument: 2}, "range(start stop [step=…])"},
		{slice, call{argument: 3}, "range(stop)"},
		{text, call{argument: 2}, "str(bytes_or_buffer encoding=… [errors=…])"},
		{text, call{keyword: "errors"}, "str(bytes_or_buffer encoding=… [errors=…])"},
		{most, call{argument: 4}, "max(arg1 arg2 [*args] * key=func)"},
		{most, call{keyword: "default"}, "max(iterable * [default=obj] key=func)"},
		{Info{Signature: "int([x])", Doc: "int([x]) -> integer\nint(x, base=10) -> integer"}, call{argument: 1}, "int(x [base=10])"},
		{Info{Signature: "f(a)", Doc: "Calls\nf(a, b)"}, call{argument: 1}, "f(a)"},
	} {
		c.at.forms = forms(c.info)
		s, current := c.at.form()
		if current >= 0 {
			s.parameters[current] = "[" + s.parameters[current] + "]"
		}
		if got := s.name + "(" + strings.Join(s.parameters, " ") + ")"; got != c.want {
			t.Errorf("%+v: %s, want %s", c.at, got, c.want)
		}
	}
}

func TestViews(t *testing.T) {
	many := make([]Match, 1000)
	for i := range many {
		many[i] = Match{Text: fmt.Sprintf("name_%03d_日本", i), Kind: "function"}
	}
	for name, size := range map[string][2]int{"narrow": {30, 12}, "small": {80, 24}, "wide": {200, 50}} {
		m := New(themes.Dark()).SetSize(size[0], size[1]).SetCursor(10, size[1]-3, size[1]-3)
		m, _ = m.Follow(text("np.│"), ".")
		m, a := answer(m, many...)
		m, _ = m.Update(a)
		for range 500 {
			m, _ = m.move(1, true)
		}
		m.word.docs = map[string]Info{"name_500_日本": {Found: true, Signature: "name_500(a, b=2)", Doc: "What it does, at some length.\nMore."}}
		view, x, y := m.View()
		golden.Check(t, name, fmt.Sprintf("at %d, %d\n%s", x, y, ansi.Strip(view)))
	}
	for name, theme := range map[string]themes.Theme{"dark": themes.Dark(), "light": themes.Light(), "plain": themes.Dark().Plain()} {
		m := opened(t, "ma│", "a").SetTheme(theme).SetASCII(name == "plain")
		view, _, _ := m.View()
		golden.Check(t, "colours-"+name, view)
	}
	docs := NewDocs(themes.Dark(), Info{Name: "f", Type: "function", Signature: "f(a)", Doc: "Does it.\n\nAt length, over more words than fit on a line of this width.", File: "/tmp/f.py", Line: 3, Source: "def f(a):\n    '''Does\n    it.'''\n    return a"})
	golden.Check(t, "docs", ansi.Strip(docs.View(40, 14)))
}

// TestAnyKeysAndAnswers holds that nothing panics, that the popup stays on the screen and off the line that is typed, and that an
// edit is of the cursor's line.
func TestAnyKeysAndAnswers(t *testing.T) {
	pieces := []string{"m", "a", ".", "(", ")", "[", "'", "/", " ", ",", "%", "!", "#", "漢", "é", "\n", "👩‍👩‍👧", "="}
	keys := []tea.KeyPressMsg{{Code: tea.KeyUp}, {Code: tea.KeyDown}, {Code: tea.KeyEscape}, {Code: tea.KeyPgDown}, {Code: tea.KeyPgUp}, {Code: tea.KeyEnter}, {Code: tea.KeyTab}}
	rapid.Check(t, func(t *rapid.T) {
		width, height := rapid.IntRange(0, 120).Draw(t, "width"), rapid.IntRange(0, 40).Draw(t, "height")
		m := New(themes.Dark()).SetSize(width, height).SetNames([]Match{{Text: "matrix"}, {Text: "漢字", Kind: "module"}})
		code := ""
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			x, y := rapid.IntRange(0, max(width-1, 0)).Draw(t, "x"), rapid.IntRange(0, max(height-1, 0)).Draw(t, "y")
			m = m.SetCursor(x, y, y)
			switch rapid.IntRange(0, 5).Draw(t, "what") {
			case 0, 1:
				typed := rapid.SampledFrom(pieces).Draw(t, "typed")
				code += typed
				m, _ = m.Follow(text(code+"│"), typed)
			case 2:
				code = strings.ToValidUTF8(code[:max(len(code)-1, 0)], "")
				m, _ = m.Follow(text(code+"│"), "")
			case 3:
				m, _ = m.Complete(text(code+"│"), rapid.Bool().Draw(t, "tab"))
			case 4:
				m, _ = m.Update(rapid.SampledFrom(keys).Draw(t, "key"))
			default:
				if m.word.active {
					var a AnswerMsg
					m, a = answer(m, Match{Text: "matrix", Kind: "key"}, Match{Text: "mañana"}, Match{Text: "漢"})
					a.Start, a.End = rapid.IntRange(-2, 40).Draw(t, "start"), rapid.IntRange(-2, 40).Draw(t, "end")
					a.More = rapid.Bool().Draw(t, "more")
					m, _ = m.Update(a)
				}
			}
			view, left, top := m.View()
			if view != "" {
				lines := strings.Split(view, "\n")
				for _, line := range lines {
					if w := ansi.StringWidth(line); left < 0 || left+w > width || w != ansi.StringWidth(lines[0]) {
						t.Fatalf("a row of %d at %d on a screen of %d: %q", w, left, width, line)
					}
				}
				if top < 0 || top+len(lines) > height || top <= y && y < top+len(lines) {
					t.Fatalf("%d rows at %d, the cursor at %d of %d", len(lines), top, y, height)
				}
			}
			m.Hint(width)
			if _, edit := m.Accept(); edit.From < 0 || edit.From > edit.To || edit.To > len(m.now.line()) {
				t.Fatalf("the edit %v is not of %q", edit, m.now.line())
			}
		}
	})
}

func TestWhereNobodyAnswersTheKnownNamesStay(t *testing.T) {
	m := opened(t, "mx│", "x")
	if m.Open() {
		t.Errorf("before an answer: %q", texts(m))
	}
	m = opened(t, "ma│", "a")
	m, a := answer(m)
	a.Failed = true
	m, _ = m.Update(a)
	if got := texts(m); got != "math matrix _mask" {
		t.Errorf("with the line cut: %q", got)
	}
}

func TestTheMousePicks(t *testing.T) {
	m := opened(t, "x = ma│", "a")
	_, x, y := m.View()
	if !m.At(x, y) || m.At(x, y-1) {
		t.Error("the popup is elsewhere")
	}
	m, ok := m.Point(tea.Mouse{X: x + 5, Y: y + 2})
	if !ok {
		t.Fatal("nothing there")
	}
	if _, edit := m.Accept(); edit != (Edit{4, 6, "matrix"}) {
		t.Errorf("picked %v", edit)
	}
}

// TestDocsTakeAnyKeys holds that docs fit where they may be drawn, and that every row can be reached.
func TestDocsTakeAnyKeys(t *testing.T) {
	text := rapid.StringOfN(rapid.SampledFrom([]rune("ab 漢é\u0301\n\t'\"(")), 0, 200, -1)
	keys := []rune{tea.KeyUp, tea.KeyDown, tea.KeyPgUp, tea.KeyPgDown, tea.KeyHome, tea.KeyEnd, 'g', 'x'}
	rapid.Check(t, func(t *rapid.T) {
		d := NewDocs(themes.Dark(), Info{Name: "module.名", Signature: "f(a)", Doc: text.Draw(t, "doc"), Source: text.Draw(t, "source"), File: "/f.py", Line: 3})
		for range rapid.IntRange(1, 20).Draw(t, "keys") {
			w, h := rapid.IntRange(0, 110).Draw(t, "width"), rapid.IntRange(0, 30).Draw(t, "height")
			view := d.View(w, h)
			for l := range strings.SplitSeq(view, "\n") {
				if n := ansi.StringWidth(l); n > w || strings.Count(view, "\n") >= max(h, 1) {
					t.Fatalf("%d columns in %d×%d: %q", n, w, h, l)
				}
			}
			d, _ = d.Update(tea.KeyPressMsg{Code: rapid.SampledFrom(keys).Draw(t, "key")})
			if d.top < 0 || d.top > len(d.drawn.rows) {
				t.Fatalf("the top is row %d of %d", d.top, len(d.drawn.rows))
			}
		}
	})
}
