package editor

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/sandrepl/sandrepl/themes"
)

// TestKeyScripts plays the files of testdata/keys. A case is a name after "==", then keys (names as in the key map, "typed text",
// paste "text", input "prompt", password "prompt", vi for its keys), then "--" and what must come of it: the text with │ at the cursor and
// ┆ at the other end of a selection, and before it a line "> …" for each message.
func TestKeyScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/keys/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no key scripts: %v", err)
	}
	for _, file := range files {
		script, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range strings.Split("\n"+string(script), "\n== ")[1:] {
			name, body, _ := strings.Cut(c, "\n")
			keys, want, ok := strings.Cut(body, "\n--\n")
			if !ok {
				t.Fatalf("%s: case %q has no \"--\"", file, name)
			}
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt")+"/"+name, func(t *testing.T) {
				m, got := play(t, New(themes.Dark()).SetSize(40, 6), keys)
				if diff := cmp.Diff(strings.TrimSuffix(want, "\n"), got+show(m.field())); diff != "" {
					t.Errorf("keys %s\n(-want +got)\n%s", keys, diff)
				}
			})
		}
	}
}

// play feeds keys to an editor and returns the messages that it sent, a line each.
func play(t *testing.T, m Model, keys string) (Model, string) {
	t.Helper()
	var messages strings.Builder
	send := func(msg tea.Msg) {
		var cmd tea.Cmd
		if m, cmd = m.Update(msg); cmd != nil {
			fmt.Fprintf(&messages, "> %s\n", strings.TrimPrefix(fmt.Sprintf("%#v", cmd()), "editor."))
		}
	}
	for keys = strings.TrimSpace(keys); keys != ""; keys = strings.TrimSpace(keys) {
		var word string
		word, keys = next(t, keys)
		switch word {
		case "paste":
			word, keys = next(t, keys)
			send(tea.PasteMsg{Content: unquote(t, word)})
		case "set":
			word, keys = next(t, keys)
			m = m.SetValue(unquote(t, word))
		case "vi":
			m = m.SetVi(true)
		case "input", "password":
			var prompt string
			prompt, keys = next(t, keys)
			m = m.SetReadline(unquote(t, prompt), word == "password")
		default:
			if word[0] == '"' {
				for _, r := range unquote(t, word) {
					send(tea.KeyPressMsg{Code: r, Text: string(r)})
				}
			} else {
				send(press(t, word))
			}
		}
	}
	return m, messages.String()
}

// next takes a word or a quoted string off a script.
func next(t *testing.T, keys string) (word, rest string) {
	t.Helper()
	keys = strings.TrimSpace(keys)
	if strings.HasPrefix(keys, `"`) {
		q, err := strconv.QuotedPrefix(keys)
		if err != nil {
			t.Fatalf("bad string at %s", keys)
		}
		return q, keys[len(q):]
	}
	end := strings.IndexAny(keys, " \n")
	if end < 0 {
		end = len(keys)
	}
	return keys[:end], keys[end:]
}

func unquote(t *testing.T, s string) string {
	t.Helper()
	text, err := strconv.Unquote(s)
	if err != nil {
		t.Fatalf("bad string %s", s)
	}
	return text
}

var keyCodes = map[string]rune{
	"enter": tea.KeyEnter, "tab": tea.KeyTab, "backspace": tea.KeyBackspace, "delete": tea.KeyDelete, "esc": tea.KeyEscape,
	"left": tea.KeyLeft, "right": tea.KeyRight, "up": tea.KeyUp, "down": tea.KeyDown, "home": tea.KeyHome, "end": tea.KeyEnd,
}

// press makes the message of a key by its name, and checks that the name is the one that bindings see.
func press(t helper, name string) tea.KeyPressMsg {
	t.Helper()
	var msg tea.KeyPressMsg
	parts := strings.Split(name, "+")
	for _, mod := range parts[:len(parts)-1] {
		msg.Mod |= map[string]tea.KeyMod{"ctrl": tea.ModCtrl, "alt": tea.ModAlt, "shift": tea.ModShift}[mod]
	}
	last := parts[len(parts)-1]
	msg.Code = keyCodes[last]
	if msg.Code == 0 {
		msg.Code = []rune(last)[0]
	}
	if msg.String() != name {
		t.Fatalf("key %q is called %q", name, msg.String())
	}
	return msg
}

// show is the text with the cursor and the selection's other end in it.
func show(f field) string {
	d := f.doc
	marks := []struct {
		at   position
		sign string
	}{{f.caret.at, "│"}}
	if f.caret.selecting() {
		marks = append(marks, struct {
			at   position
			sign string
		}{f.caret.anchor, "┆"})
		if f.caret.at.before(f.caret.anchor) {
			marks[0], marks[1] = marks[1], marks[0]
		}
	}
	for _, m := range marks { // the later one first, so that the other stays where it is
		d, _ = d.replace(m.at, m.at, m.sign)
	}
	return d.text()
}
