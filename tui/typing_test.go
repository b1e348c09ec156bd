package tui

import (
	"testing"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"

	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/themes"
	"github.com/sandrepl/sandrepl/tui/complete"
	"github.com/sandrepl/sandrepl/tui/editor"
)

// TestCompletionChangesNothingButWhatIsAccepted holds, for any keys and answers, that the code is what the editor alone would
// have made of the keys that the popup does not take, but for what was accepted.
func TestCompletionChangesNothingButWhatIsAccepted(t *testing.T) {
	var keys []tea.KeyPressMsg
	for _, r := range "aamt.(['\"/ ,=%1漢" {
		keys = append(keys, tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	for _, code := range []rune{tea.KeyTab, tea.KeyEnter, tea.KeyEscape, tea.KeyUp, tea.KeyDown, tea.KeyBackspace, tea.KeyLeft, tea.KeyRight, tea.KeyHome} {
		keys = append(keys, tea.KeyPressMsg{Code: code})
	}
	keys = append(keys, tea.KeyPressMsg{Code: tea.KeySpace, Mod: tea.ModCtrl}, tea.KeyPressMsg{Code: 'z', Mod: tea.ModCtrl}, tea.KeyPressMsg{Code: tea.KeyLeft, Mod: tea.ModShift})
	rapid.Check(t, func(t *rapid.T) {
		m := New(Options{}).names([]session.Variable{{Name: "matrix", Kind: "data"}, {Name: "math", Kind: "module"}, {Name: "at", Kind: "function"}})
		next, _ := m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
		m = next.(Model)
		alone := editor.New(themes.Dark())
		for range rapid.IntRange(1, 60).Draw(t, "keys") {
			msg := rapid.SampledFrom(keys).Draw(t, "key")
			switch taken := m.completing(msg); {
			case taken && m.complete.Accepts(msg):
				_, edit := m.complete.Accept()
				alone = alone.Replace(edit.From, edit.To, edit.Text)
			case !taken:
				var cmd tea.Cmd
				if alone, cmd = alone.Update(msg); cmd != nil {
					if _, recall := cmd().(editor.RecallMsg); !recall {
						return // submitted
					}
					continue // history is the root's
				}
			}
			next, _ := m.Update(msg)
			m = next.(Model)
			if rapid.Bool().Draw(t, "answered") {
				q := m.typing().At()
				q.ID = rapid.IntRange(0, 200).Draw(t, "id")
				next, _ := m.Update(complete.AnswerMsg{Question: q, Matches: []complete.Match{{Text: "atom"}, {Text: "tam", Kind: "key"}}, Start: q.Cursor, End: q.Cursor})
				if was := m.editor.Value(); next.(Model).editor.Value() != was { // the only match of a tab
					alone = next.(Model).editor
				}
				m = next.(Model)
			}
			_ = m.View()
			if m.editor.Value() != alone.Value() {
				t.Fatalf("%s: %q, and without a popup %q", msg, m.editor.Value(), alone.Value())
			}
		}
	})
}

func TestAPasteOpensNoPopup(t *testing.T) {
	m := New(Options{}).names([]session.Variable{{Name: "matrix", Kind: "data"}})
	next, _ := m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	next, cmd := next.Update(tea.PasteMsg{Content: "mat"})
	if m := next.(Model); cmd != nil || m.complete.Open() {
		t.Error("a paste asked for completions")
	}
	next, _ = next.Update(tea.KeyPressMsg{Code: 'r', Text: "r"})
	if m := next.(Model); !m.complete.Open() {
		t.Error("a letter behind it opened none")
	}
	next, _ = next.Update(tea.KeyPressMsg{Code: tea.KeyLeft})
	if m := next.(Model); m.complete.Open() {
		t.Error("the popup is open where the cursor no longer is")
	}
}
