package editor

import (
	"maps"
	"slices"
	"testing"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"

	"github.com/sandrepl/sandrepl/themes"
)

// viMessages are arbitrary ones, most of them keys that vi knows.
func viMessages(t testing.TB) *rapid.Generator[tea.Msg] {
	names := []string{"1", "2", "3", "0", `"`, "a", "_", "+", "i", "(", "[", "{", "'", "g", "/", "esc", "esc", "enter", "ctrl+r", "x", " ", "e", "漢"}
	for _, table := range []map[string]row{viGrammar.motions, viGrammar.objects, viGrammar.operators, viGrammar.actions, viGrammar.selected} {
		names = append(names, slices.Sorted(maps.Keys(table))...)
	}
	var keys [][]tea.Msg
	for _, name := range names {
		if name == "esc" || name == "enter" || name == "ctrl+r" {
			keys = append(keys, []tea.Msg{press(t, name)})
			continue
		}
		var typed []tea.Msg
		for _, r := range name {
			typed = append(typed, tea.KeyPressMsg{Code: r, Text: string(r)})
		}
		keys = append(keys, typed)
	}
	one := rapid.Custom(func(t *rapid.T) tea.Msg {
		k := rapid.SampledFrom(keys).Draw(t, "vi")
		return k[rapid.IntRange(0, len(k)-1).Draw(t, "which")]
	})
	return rapid.OneOf(one, one, one, messages(t))
}

const viStart = "def f(a):\n    return \"(\" + a  # 漢字 e\u0301\n\n\tx = [1, {2: '👩‍👩‍👧'}]\n  \nlast (one)"

func TestAnyKeysOfViKeepTheEditorWhole(t *testing.T) {
	msgs := viMessages(t)
	rapid.Check(t, func(t *rapid.T) {
		m := New(themes.Dark()).SetPrompt("In [1] ", "...").SetSize(rapid.IntRange(8, 30).Draw(t, "width"), rapid.IntRange(1, 6).Draw(t, "height")).
			SetVi(true).SetValue(viStart)
		if rapid.Bool().Draw(t, "reading") {
			m = m.SetReadline("name? ", rapid.Bool().Draw(t, "password"))
		}
		for _, msg := range rapid.SliceOfN(msgs, 20, 120).Draw(t, "messages") {
			before, text, view := m, m.Value(), m.View()
			m, _ = m.Update(msg)
			checkWhole(t, m)
			checkSize(t, m)
			if before.Value() != text || before.View() != view {
				t.Fatalf("%v changed a copy", msg)
			}
			f := m.field()
			if line := f.doc.lines[f.caret.at.line]; m.finding == nil && m.mode() == viNormal && (f.caret.selecting() || line != "" && f.caret.at.byte == len(line)) {
				t.Fatalf("after %v the cursor %+v is on no character of %q", msg, f.caret, line)
			}
			if m.mode() != viInsert && !m.vi.on {
				t.Fatalf("mode %s", m.Mode())
			}
			if rapid.IntRange(0, 99).Draw(t, "replace") == 0 && m.Inserting() && !m.Reading() {
				m = m.Replace(f.caret.at.byte-2, f.caret.at.byte, "print")
				checkWhole(t, m)
			}
		}
	})
}

func TestUndoInViReturnsToTheStart(t *testing.T) {
	msgs := viMessages(t)
	rapid.Check(t, func(t *rapid.T) {
		m := New(themes.Light()).SetVi(true)
		m.code = newField(viStart)
		for _, msg := range rapid.SliceOfN(msgs, 20, 120).Draw(t, "messages") {
			if next, _ := m.Update(msg); next.code.past != nil || next.Value() == viStart { // a cell that was run is gone
				m = next
			}
		}
		m, _ = m.Update(press(t, "esc"))
		m, _ = m.Update(press(t, "esc"))
		for m.code.future != nil {
			m, _ = m.Update(tea.KeyPressMsg{Code: 'r', Mod: tea.ModCtrl})
		}
		end := m.Value()
		for m.code.past != nil {
			before := m.code.past
			if m, _ = m.Update(tea.KeyPressMsg{Code: 'u', Text: "u"}); m.code.past == before {
				t.Fatalf("u does nothing in %s", m.Mode())
			}
		}
		if m.Value() != viStart {
			t.Fatalf("undone to %q", m.Value())
		}
		for m.code.future != nil {
			m, _ = m.Update(tea.KeyPressMsg{Code: 'r', Mod: tea.ModCtrl})
		}
		if m.Value() != end {
			t.Fatalf("redone to %q, want %q", m.Value(), end)
		}
	})
}

// TestARepeatedChangeIsTheSameChange holds . against typing the same again, at the same place.
func TestARepeatedChangeIsTheSameChange(t *testing.T) {
	changes := []string{"dw", "d2w", "cwxy<esc>", "xx", "~", "rz", "dd", "ccab<esc>", "Aab<esc>", "Iab<esc>", "2ix<esc>", "oab<esc>", "Oab<esc>", "J", ">>", "D", "gUiw", "diw",
		"Rxy<esc>", "p", "P", "yyp", "vld", "Vd", "v2lrx", "sab<bs>c<esc>", "3x", "vjJ", "guu", "X"}
	rapid.Check(t, func(t *rapid.T) {
		change := rapid.SampledFrom(changes).Draw(t, "change")
		m := viAt(rapid.SampledFrom([]string{"one│ two (three)\n  four a b\nfive six a\n\nseven", "x = f(a│, b)\ny = g(a)\nz"}).Draw(t, "text"))
		m = viKeys(t, m, change)
		m = viKeys(t, m, rapid.SampledFrom([]string{"", "w", "j", "0", "b", "$"}).Draw(t, "way"))
		again := change
		if change == "yyp" || change == "xx" {
			again = change[len(change)-1:]
		}
		one, two := viKeys(t, m, "."), viKeys(t, m, again)
		if change[0] != 'v' && (one.Value() != two.Value() || one.code.caret != two.code.caret) {
			t.Fatalf(". makes %q of %q, and %s makes %q", viShow(one), viShow(m), again, viShow(two))
		}
	})
}
