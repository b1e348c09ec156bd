package editor

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"charm.land/bubbles/v2/help"
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/sandrepl/sandrepl/themes"
)

func TestMain(m *testing.M) {
	// The highlighter's regular expressions keep a clock that ends by itself a second after its last use.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/dlclark/regexp2/v2.runClock"))
}

var _ help.KeyMap = KeyMap{}

// bindings are all of a key map, by the names of its fields.
func bindings(k KeyMap) map[string]key.Binding {
	all := map[string]key.Binding{}
	v := reflect.ValueOf(k)
	for i := range v.NumField() {
		all[v.Type().Field(i).Name] = v.Field(i).Interface().(key.Binding)
	}
	return all
}

func TestEveryKeyMeansOneThingAndHasHelp(t *testing.T) {
	owner := map[string]string{}
	var helped []key.Help
	for _, group := range DefaultKeyMap().FullHelp() {
		for _, b := range group {
			helped = append(helped, b.Help())
		}
	}
	for name, b := range bindings(DefaultKeyMap()) {
		if name == "EndOfInput" {
			continue // ctrl+d erases too, when there is something to erase
		}
		if !slices.Contains(helped, b.Help()) {
			t.Errorf("%s is not in the full help", name)
		}
		for _, k := range b.Keys() {
			if owner[k] != "" {
				t.Errorf("%s is both %s and %s", k, owner[k], name)
			}
			owner[k] = name
		}
	}
}

// messages are arbitrary ones, of keys and pastes.
func messages(t testing.TB) *rapid.Generator[tea.Msg] {
	var keys []tea.Msg
	for _, b := range bindings(DefaultKeyMap()) {
		for _, k := range b.Keys() {
			for _, one := range strings.Fields(k) {
				keys = append(keys, press(t, one))
			}
		}
	}
	slices.SortFunc(keys, func(a, b tea.Msg) int {
		return strings.Compare(a.(tea.KeyPressMsg).String(), b.(tea.KeyPressMsg).String())
	})
	pieces := []string{"if x:", "else:", "(", ")", "]", "'''", `"`, "\\", "#", " ", "    ", "\t", "漢", "é", "e\u0301", "\u0301", "\u200d", "👩‍👩‍👧", "🇩🇪",
		"🇩", "क्षि", "\x1b[31m", "\r", "\n", "\x00", "\u202e", "\xff", "a long run of text that has to be wrapped somewhere", "@d", "return", ":"}
	text := rapid.OneOf(rapid.SampledFrom(pieces), rapid.StringN(0, 8, -1))
	return rapid.OneOf(
		rapid.SampledFrom(keys),
		rapid.Custom(func(t *rapid.T) tea.Msg {
			at := tea.Mouse{X: rapid.IntRange(-3, 40).Draw(t, "x"), Y: rapid.IntRange(-3, 9).Draw(t, "y"), Button: tea.MouseLeft}
			return rapid.SampledFrom([]tea.Msg{tea.MouseClickMsg(at), tea.MouseMotionMsg(at), tea.MouseReleaseMsg(at)}).Draw(t, "mouse")
		}),
		rapid.Map(rapid.Rune(), func(r rune) tea.Msg { return tea.KeyPressMsg{Code: r, Text: string(r)} }),
		rapid.Map(text, func(s string) tea.Msg { return tea.KeyPressMsg{Code: tea.KeyExtended, Text: s} }),
		rapid.Map(rapid.SliceOfN(text, 0, 6), func(s []string) tea.Msg { return tea.PasteMsg{Content: strings.Join(s, "")} }),
	)
}

func TestAnyKeysKeepTheEditorWhole(t *testing.T) {
	msgs := messages(t)
	rapid.Check(t, func(t *rapid.T) {
		m := New(themes.Dark()).SetPrompt("In [1] ", "...").SetSize(rapid.IntRange(1, 30).Draw(t, "width"), rapid.IntRange(1, 6).Draw(t, "height"))
		if rapid.Bool().Draw(t, "reading") {
			m = m.SetReadline("name? ", rapid.Bool().Draw(t, "password"))
		}
		for _, msg := range rapid.SliceOfN(msgs, 20, 100).Draw(t, "messages") {
			if resize := rapid.IntRange(0, 9).Draw(t, "resize"); resize == 0 {
				m = m.SetSize(rapid.IntRange(1, 30).Draw(t, "width"), rapid.IntRange(1, 6).Draw(t, "height"))
			}
			reading := m.Reading()
			m, _ = m.Update(msg)
			checkWhole(t, m)
			if reading && m.Reading() && len(m.field().doc.lines) != 1 {
				t.Fatalf("an answer of more than a line: %q", m.field().doc.text())
			}
			if m.size.width >= 8 { // narrower ones have no room for a gutter and a wide character
				checkSize(t, m)
			}
		}
	})
}

// checkWhole: the cursor is between two clusters, and the states of the lines are those that a fresh reading has.
func checkWhole(t *rapid.T, m Model) {
	f := m.field()
	for _, p := range []position{f.caret.at, f.caret.anchor} {
		if p.line < 0 || p.line >= len(f.doc.lines) || p.byte < 0 || p.byte > len(f.doc.lines[p.line]) {
			t.Fatalf("cursor %+v is outside %q", p, f.doc.text())
		}
		if q := f.snap(p); q != p {
			t.Fatalf("cursor %+v is inside a cluster of %q", p, f.doc.lines[p.line])
		}
	}
	if fresh := newDocument(f.doc.text()); !slices.Equal(fresh.states, f.doc.states) {
		t.Fatalf("stale states in %q", f.doc.text())
	}
}

func TestUndoReturnsToTheStartAndRedoToTheEnd(t *testing.T) {
	msgs := messages(t)
	rapid.Check(t, func(t *rapid.T) {
		start := "def f():\n    return 1"
		f := newField(start)
		m := New(themes.Light())
		m.code = f
		for _, msg := range rapid.SliceOfN(msgs, 20, 100).Draw(t, "messages") {
			if next, cmd := m.Update(msg); cmd == nil { // a cell that was run is gone
				m = next
			}
		}
		for m.code.future != nil {
			m.code = m.code.redo()
		}
		end := m.Value()
		for m.code.past != nil {
			m.code = m.code.undo()
		}
		if m.Value() != start {
			t.Fatalf("undone to %q, want %q", m.Value(), start)
		}
		for m.code.future != nil {
			m.code = m.code.redo()
		}
		if m.Value() != end {
			t.Fatalf("redone to %q, want %q", m.Value(), end)
		}
	})
}

func TestCopiesDoNotDisturbEachOther(t *testing.T) {
	m, _ := play(t, New(themes.Dark()), `"abc" alt+enter "def"`)
	one, _ := play(t, m, `ctrl+z "x" ctrl+w "y"`)
	two, _ := play(t, m, `up "z" tab`)
	if m.Value() != "abc\ndef" || one.Value() == two.Value() {
		t.Errorf("values %q, %q, %q", m.Value(), one.Value(), two.Value())
	}
	if again, _ := play(t, m, `ctrl+z`); again.Value() != "abc\n" {
		t.Errorf("undo of the first gives %q", again.Value())
	}
}

func TestPastedFileComesOutAsItWentIn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := "x = 1\n" + strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"if a:", "\n", "    ", "\t", "'''", "é", "b"})).Draw(t, "text"), "")
		m, _ := New(themes.Dark()).Update(tea.PasteMsg{Content: strings.ReplaceAll(text, "\n", "\r\n")})
		if m.Value() != text {
			t.Fatalf("pasted %q, got %q", text, m.Value())
		}
	})
}
