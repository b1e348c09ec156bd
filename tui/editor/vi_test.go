package editor

import (
	"os"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/sandrepl/sandrepl/themes"
)

//go:generate sh -c "vim -u NONE -i NONE -N -n -T dumb --not-a-term -S testdata/vi.vim </dev/null >/dev/null"

var viModeNames = map[string]viMode{"insert": viInsert, "replace": viReplace, "normal": viNormal, "visual": viVisual, "lines": viLines}

// TestViDoesAsVimDoes plays the rows of testdata/vi.txt: what they say was made by vim, see testdata/vi.vim.
func TestViDoesAsVimDoes(t *testing.T) {
	name := "testdata/vi.txt"
	if other := os.Getenv("VI_TABLE"); other != "" {
		name = other
	}
	table, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for n, line := range strings.Split(string(table), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		columns := strings.Split(line, "\t")
		if len(columns) != 4 {
			t.Fatalf("line %d has %d columns", n+1, len(columns))
		}
		rows++
		start, keys, want, mode := unquote(t, columns[0]), columns[1], unquote(t, columns[2]), columns[3]
		m := viKeys(t, viAt(start), keys)
		got := viShow(m)
		if got != want || m.mode() != viModeNames[mode] {
			t.Errorf("line %d: %q %s\n got %q, %s\nwant %q, %s", n+1, start, keys, got, m.Mode(), want, mode)
		}
	}
	if rows < 200 {
		t.Errorf("only %d rows", rows)
	}
}

// viShow is the text with the cursor and, in visual mode, the other end of what is selected.
func viShow(m Model) string {
	f := m.field()
	if !f.vi.mode.visual() {
		f.caret.anchor = f.caret.at
	}
	return show(f)
}

// viAt is an editor in vi's normal mode with a text and the cursor in it.
func viAt(text string) Model {
	before, after, _ := strings.Cut(text, "│")
	m := New(themes.Dark()).SetSize(60, 10)
	m.code = newField(before + after)
	m = m.SetVi(true)
	m.code.vi.mode = viNormal
	m.code = m.code.move(position{}.advance(before), false)
	return m.settle()
}

// viKeys presses keys as vim writes them: <esc>, <cr>, <c-r>, and letters.
func viKeys(t helper, m Model, keys string) Model {
	t.Helper()
	for keys != "" {
		var msg tea.KeyPressMsg
		end := strings.IndexByte(keys, '>')
		switch special := map[string]tea.KeyPressMsg{
			"<esc>": {Code: tea.KeyEscape}, "<cr>": {Code: tea.KeyEnter}, "<bs>": {Code: tea.KeyBackspace}, "<del>": {Code: tea.KeyDelete},
			"<left>": {Code: tea.KeyLeft}, "<right>": {Code: tea.KeyRight}, "<up>": {Code: tea.KeyUp}, "<down>": {Code: tea.KeyDown},
			"<c-r>": {Code: 'r', Mod: tea.ModCtrl}, "<c-w>": {Code: 'w', Mod: tea.ModCtrl}, "<space>": {Code: tea.KeySpace, Text: " "}, "<lt>": {Code: '<', Text: "<"},
		}; {
		case keys[0] == '<' && end > 0 && special[keys[:end+1]].Code != 0:
			msg, keys = special[keys[:end+1]], keys[end+1:]
		default:
			n := nextCluster(keys, 0)
			r := []rune(keys[:n])
			msg, keys = tea.KeyPressMsg{Code: r[0], Text: keys[:n]}, keys[n:]
		}
		if msg.String() == "enter" && m.finding == nil && m.mode() <= viReplace {
			msg = press(t, "alt+enter") // vim's enter always breaks the line
		}
		m, _ = m.Update(msg)
	}
	return m
}

// helper is what a test and rapid's are to those who help them.
type helper interface {
	Helper()
	Fatalf(format string, args ...any)
}

func TestViShowsWhatIsSelectedAndItsMode(t *testing.T) {
	text := "one two\nthree"
	for keys, plain := range map[string]string{"ve": "shift+right shift+right shift+right", "V": "shift+down", "Vj": "ctrl+shift+end", "vj0": "shift+down shift+right"} {
		m := viKeys(t, viAt("│"+text), keys)
		other, _ := play(t, New(themes.Dark()).SetSize(60, 10).SetValue(text), "ctrl+home "+plain)
		if m.View() != other.View() {
			t.Errorf("%s shows %q, and %s %q", keys, m.View(), plain, other.View())
		}
	}
	for keys, want := range map[string]struct {
		mode  string
		shape tea.CursorShape
	}{
		"":         {"NORMAL", tea.CursorBlock},
		`"a2d3`:    {`NORMAL "a2d3`, tea.CursorBlock},
		"i":        {"INSERT", tea.CursorBar},
		"R":        {"REPLACE", tea.CursorUnderline},
		"v2":       {"VISUAL 2", tea.CursorBlock},
		"V":        {"V-LINE", tea.CursorBlock},
		"/o":       {"NORMAL", tea.CursorBar},
		"cwx":      {"INSERT", tea.CursorBar},
		"cwx<esc>": {"NORMAL", tea.CursorBlock},
	} {
		m := viKeys(t, viAt("│"+text), keys)
		if m.Mode() != want.mode || m.Cursor().Shape != want.shape {
			t.Errorf("%s: mode %q and cursor %v, want %v", keys, m.Mode(), m.Cursor().Shape, want)
		}
	}
	if m := viAt("│" + text).SetVi(false); m.Mode() != "" || m.Cursor().Shape != New(themes.Dark()).Cursor().Shape {
		t.Error("something of vi stays when it is off")
	}
}

func TestTheMouseInVi(t *testing.T) {
	click := func(m Model, msgs ...tea.Msg) Model {
		for _, msg := range msgs {
			m, _ = m.Update(msg)
		}
		return m
	}
	at := func(x int) tea.Mouse { return tea.Mouse{X: x, Button: tea.MouseLeft} }
	m := viAt("one two thre│e")
	dragged := click(m, tea.MouseClickMsg(at(4)), tea.MouseMotionMsg(at(6)), tea.MouseReleaseMsg(at(6)))
	if got := viShow(viKeys(t, dragged, "d")); got != "one │ three" {
		t.Errorf("a drag and d make %q", got)
	}
	twice := click(m, tea.MouseClickMsg(at(5)), tea.MouseReleaseMsg(at(5)), tea.MouseClickMsg(at(5)), tea.MouseReleaseMsg(at(5)))
	if got := viShow(twice); got != "one ┆tw│o three" {
		t.Errorf("a double click makes %q", got)
	}
	if got := click(dragged, tea.MouseClickMsg(at(40))); got.Mode() != "NORMAL" || viShow(got) != "one two thre│e" {
		t.Errorf("a click behind the line makes %q in %s", viShow(got), got.Mode())
	}
}

func TestACompletionIsRepeated(t *testing.T) {
	m := viKeys(t, viAt("│a\nb"), "Opri")
	m = m.Replace(0, 3, "print")
	m = viKeys(t, m, "(x)<esc>j.")
	if got := m.Value(); got != "print(x)\nprint(x)\na\nb" {
		t.Errorf("%q", got)
	}
	if m = viKeys(t, m, "uu"); m.Value() != "a\nb" {
		t.Errorf("undone to %q", m.Value())
	}
}
