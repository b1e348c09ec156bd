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
