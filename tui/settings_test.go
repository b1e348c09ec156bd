package tui_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sandrepl/sandrepl/tui"
)

func TestThePaletteRunsACommandByItsName(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.shows("idle")
	s.press(ctrlP)
	s.shows("Commands", "Session: show or hide the locals", "f2")
	s.shows("No variables yet")
	s.press("show or hide")
	s.until("one command", func(text string) bool {
		return !strings.Contains(text, "leave (the") && strings.Contains(text, "Session: show or hide")
	})
	s.press(enter)
	s.press("1 + 1" + enter) // typed on, at once
	if text := s.shows("= 2"); strings.Contains(text, "No variables yet") {
		t.Errorf("the panel is still there:\n%s", text)
	}
}

func TestCellsOfEverySandboxAreFound(t *testing.T) {
	p := newPlace(t)
	first := start(t, p, 120, 36)
	first.shows("idle")
	first.press("def needle(x):" + enter + "return x * 7" + enter + enter)
	first.shows("function", "idle")
	first.press("1 / 0" + enter)
	first.shows("ZeroDivisionError", "idle")
	first.press(ctrlD)
	first.left()

	other := newPlace(t)
	other.history = p.history
	s := start(t, other, 120, 36)
	s.shows("idle")
	s.press(ctrlR)
	s.shows("Cells of every sandbox", "1 / 0", "def needle(x): ⏎")
	s.press("ndl")
	s.until("what is like it, with its preview", func(text string) bool {
		return strings.Contains(text, "    return x * 7") && !strings.Contains(text, "1 / 0")
	})
	s.press("\x15" + altF)
	s.until("only what failed", func(text string) bool {
		return strings.Contains(text, "1 / 0") && strings.Contains(text, "[x] alt+f") && !strings.Contains(text, "needle")
	})
	s.press(altF + altS)
	s.shows("nothing found")
	s.press(altS + "needle" + enter)
	s.until("the cell in the editor", func(text string) bool {
		return strings.Contains(text, "return x * 7") && !strings.Contains(text, "every sandbox")
	})
	s.press(altEnter + enter)
	s.shows("needle", "function", "idle")
	s.press("needle(3" + ctrlR)
	s.shows("❯ needle(3", "nothing found")
	s.press("\x7f\x7f") // back to what is there
	s.shows("❯ needle", "▸ def needle(x)")
	s.press(altEnter)
	s.until("the cell, run again, and what is typed as it was", func(text string) bool {
		return strings.Count(text, "def needle(x):") == 2 && strings.Contains(text, "3 ❯ needle(3")
	})
}

func TestAThemeIsChosenByLooking(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.shows("idle")
	s.press(f6)
	s.shows("Themes", "nord", "gruvbox-light")
	const nord = "48;2;67;76;94" // its selection
	s.press("nord")
	s.until("nord's colours", func(string) bool { return strings.Contains(s.sent(), nord) })
	s.press(escape)
	s.until("no chooser", func(text string) bool { return !strings.Contains(text, "Themes") })
	s.press(f6 + "nord" + enter)
	s.shows("theme nord")
	s.press("\x1b]11;rgb:ffff/ffff/ffff\x1b\\") // the terminal says that it is light; a theme that was chosen stays
	s.press(f6 + "auto")
	s.shows("by the terminal's background")
	const light = "48;2;214;228;251" // its selection
	s.until("the light theme's colours", func(string) bool { return strings.Contains(s.sent(), light) })
	s.press(enter)
	s.shows("theme auto")
}

func TestTheScreenIsRemembered(t *testing.T) {
	var kept []tui.State
	p := newPlace(t)
	p.screen = tui.Screen{Remember: func(s tui.State) error { kept = append(kept, s); return nil }}
	s := start(t, p, 120, 36)
	s.shows("idle", "New here? enter runs a cell, tab completes", "f1 keys   ctrl+p every command   ctrl+d leaves", "Python 3.", "in the sandbox "+p.sandboxID+", on test")
	s.press("a = 1" + enter)
	s.until("no hint", func(text string) bool { return strings.Contains(text, "int") && !strings.Contains(text, "New here?") })
	s.press("\x1b-" + "\x1b-" + "\x1b=" + f6 + "nord" + enter)
	s.shows("theme nord")
	s.press(ctrlD)
	s.left()
	want := tui.State{Welcomed: true, LocalsWidth: 32, Theme: "nord"}
	if len(kept) == 0 || kept[len(kept)-1] != want {
		t.Errorf("kept last of %+v, want %+v", kept, want)
	}
}

func TestASCIIAndKeysAsTheyAreSet(t *testing.T) {
	p := newPlace(t)
	p.ascii, p.keys = true, map[string][]string{"session.help": {"f5"}}
	s := start(t, p, 120, 36)
	isASCII := func(text string) {
		if i := strings.IndexFunc(text, func(r rune) bool { return r > 0x7e }); i >= 0 {
			t.Errorf("not ASCII: %q in\n%s", text[i:min(i+8, len(text))], text)
		}
	}
	isASCII(s.shows("idle", "every command"))
	s.press(f5)
	isASCII(s.shows("interrupt the cell", "f5"))
	s.press(escape)
	s.until("no help", func(text string) bool { return !strings.Contains(text, "interrupt the cell") })
	s.press("for i in range(99): print('line', i)" + enter + enter)
	s.shows("line 98", "idle")
	s.press("def f(x):" + enter + "1/0" + enter + enter + "f(1)" + enter)
	s.shows("ZeroDivisionError", "idle")
	s.press(f9)
	isASCII(s.shows("no session to save"))
	s.press("\x0fp") // pins the cell
	isASCII(s.shows("esc back"))
	s.press(escape)
	s.until("the cells alone", func(text string) bool { return !strings.Contains(text, "esc back") })
	s.press(f6)
	isASCII(s.shows("Themes"))
}

func TestTheTitleAndItsProgress(t *testing.T) {
	p := newPlace(t)
	s := start(t, p, 120, 36)
	s.shows("idle")
	s.press("import time; time.sleep(0.3)" + enter)
	s.until("the title", func(string) bool {
		sent := s.sent()
		return strings.Contains(sent, "● sandrepl "+p.sandboxID) && strings.Contains(sent, "\x1b]9;4;3") && strings.Contains(sent, "\x1b]9;4;0")
	})
}

func TestConflictsOfKeysAreFound(t *testing.T) {
	unknown, conflicts := tui.CheckKeys(map[string][]string{"editor.rum": {"x"}, "editor.up": {"up", "ctrl+p"}, "locals.up": {"ctrl+w"}})
	if diff := cmp.Diff([]string{"editor.rum"}, unknown); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]tui.Conflict{{Key: "ctrl+p", Command: "editor.up", Other: "session.palette"}}, conflicts); diff != "" {
		t.Error(diff)
	}
	if unknown, conflicts := tui.CheckKeys(nil); unknown != nil || conflicts != nil {
		t.Errorf("the defaults: %v %v", unknown, conflicts)
	}
	for _, c := range tui.Commands() {
		if c.Does == "" || strings.ContainsAny(strings.Join(c.Keys, ""), "\U000F0000\U000F0001") {
			t.Errorf("%+v", c)
		}
	}
}

const ctrlP, ctrlR, altF, altS, f5, f6, f9 = "\x10", "\x12", "\x1bf", "\x1bs", "\x1b[15~", "\x1b[17~", "\x1b[20~"
