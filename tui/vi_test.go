package tui_test

import (
	"strings"
	"testing"

	"github.com/sandrepl/sandrepl/tui"
)

// viPlace is one whose editor has vi's keys.
func viPlace(t *testing.T) place {
	p := newPlace(t)
	p.screen = tui.Screen{EditingMode: "vi"}
	return p
}

func TestACellIsTypedInVi(t *testing.T) {
	s := start(t, viPlace(t), 120, 36)
	s.shows("idle", "INSERT")
	s.press("total = 0" + altEnter + "for i in (1, 2):" + enter + "total += i" + escape)
	s.shows("NORMAL")
	s.press("ci")
	s.shows("NORMAL ci")
	s.press("wi * 10" + escape + "k0f2r4")
	s.until("the changed cell", func(text string) bool { return strings.Contains(text, "for i in (1, 4):") })
	s.press("jV")
	s.shows("V-LINE")
	s.press(escape + "ccprint(i)" + escape)
	s.until("a changed line", func(text string) bool { return strings.Contains(text, "│     print(i)") })
	s.press("R")
	s.shows("REPLACE")
	s.press(escape)
	s.shows("NORMAL")
	s.press(enter)
	s.shows("idle", "INSERT", "✓")
	s.press("total" + escape + "yypu")
	s.shows("NORMAL")
	s.press(enter)
	s.shows("= 0")
	if sent := s.sent(); !strings.Contains(sent, "\x1b[6 q") && !strings.Contains(sent, "\x1b[5 q") {
		t.Error("the cursor is no bar while inserting")
	}
}

func TestKeysOfTheApplicationInVi(t *testing.T) {
	s := start(t, viPlace(t), 120, 36)
	s.shows("idle", "INSERT")
	s.press("first = 1" + enter)
	s.shows("idle", "first")
	s.press("second" + escape)
	s.shows("NORMAL")
	s.press("0k") // an earlier cell
	s.until("the earlier cell", func(text string) bool {
		return strings.Contains(text, "❯ first = 1") && strings.Contains(text, "2 ❯")
	})
	s.press("ddu" + ctrlR) // vi's redo, no history
	s.until("an empty line", func(text string) bool { return !strings.Contains(text, "2 ❯ first") })
	s.press("i" + ctrlR)
	s.shows("Cells of every sandbox")
	s.press(escape)
	s.until("no history", func(text string) bool { return !strings.Contains(text, "Cells of every sandbox") })
	s.press("pri")
	s.shows("ƒ print")
	s.press(escape) // leaves both
	s.until("normal mode, without the list", func(text string) bool { return strings.Contains(text, "NORMAL") && !strings.Contains(text, "ƒ print") })
	s.press(ctrlC)
	s.shows("INSERT")
	s.press("int" + escape + "K")
	s.shows("esc closes", "int")
	s.press(escape)
	s.until("no docs", func(text string) bool { return !strings.Contains(text, "esc closes") })
	s.press(":")
	s.shows("Commands")
	s.press("emacs" + enter)
	s.until("Emacs' keys", func(text string) bool {
		return !strings.Contains(text, "NORMAL") && !strings.Contains(text, "Commands")
	})
	s.press("\x15x = 'typed'" + enter)
	s.shows("typed", "idle")
	s.press(ctrlP)
	s.shows("Commands")
	s.press("vi's keys" + enter)
	s.shows("INSERT")
	s.press(escape)
	s.shows("NORMAL")
	s.press(f1)
	s.shows("Help")
}

func TestInputIsAnsweredInVi(t *testing.T) {
	s := start(t, viPlace(t), 120, 36)
	s.shows("idle", "INSERT")
	s.press("name = input('who? ')" + enter)
	s.shows("who?", "waiting for your input")
	s.press("ada B" + escape)
	s.shows("NORMAL")
	s.press("0~" + enter)
	s.shows("idle", "Ada B")
	s.until("insert mode again", func(text string) bool { return strings.Contains(text, "INSERT") })
	s.paste("x = [\n    1,\n]")
	s.press(escape + "gg")
	s.paste("# one\n")
	s.until("the paste", func(text string) bool {
		return strings.Contains(text, "❯ # one") && strings.Contains(text, "│ x = [")
	})
}
