package tui_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/tui"
)

// lines are the screen's, without the blanks at their ends.
func lines(text string) []string {
	all := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, l := range all {
		all[i] = strings.TrimRight(l, " ")
	}
	return all
}

// row is the first line that has the text, or -1.
func row(text, with string) int {
	for i, l := range lines(text) {
		if strings.Contains(l, with) {
			return i
		}
	}
	return -1
}

// mouse is what a terminal sends: a press, a move with the button down, or a release, at a column and a row from 0.
func press(x, y int) string   { return fmt.Sprintf("\x1b[<0;%d;%dM", x+1, y+1) }
func move(x, y int) string    { return fmt.Sprintf("\x1b[<32;%d;%dM", x+1, y+1) }
func release(x, y int) string { return fmt.Sprintf("\x1b[<0;%d;%dm", x+1, y+1) }
func click(x, y int) string   { return press(x, y) + release(x, y) }

// find is the place of a text on the screen.
func (s *screen) find(text string) (x, y int) {
	s.t.Helper()
	s.shows(text)
	for y, line := range strings.Split(s.text(), "\n") {
		if before, _, found := strings.Cut(line, text); found {
			return len([]rune(before)), y
		}
	}
	s.t.Fatalf("%q is nowhere", text)
	return 0, 0
}

func TestNarrowScreensStack(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.press("visible = 1" + enter)
	s.shows("visible", "int", "idle")
	for _, size := range [][2]int{{60, 15}, {200, 50}, {80, 24}, {20, 5}, {7, 3}, {3, 2}, {1, 1}, {40, 13}} {
		s.resize(size[0], size[1])
	}
	for _, size := range [][2]int{{40, 20}, {60, 30}, {72, 40}, {44, 14}} {
		s.resize(size[0], size[1])
		text := s.until("the panel above the cells", func(text string) bool {
			all := lines(text)
			return len(all) == size[1] && strings.HasPrefix(all[0], "Variables 1") && strings.Contains(all[len(all)-1], "idle")
		})
		panel, border, cell, prompt := row(text, " int "), row(text, strings.Repeat("─", size[0])), row(text, "│ visible = 1"), row(text, "❯")
		if panel < 0 || panel > border || border > cell || cell > prompt || prompt != size[1]-2 {
			t.Errorf("%v: panel %d, border %d, cell %d, prompt %d:\n%s", size, panel, border, cell, prompt, text)
		}
	}
	s.resize(40, 13)
	s.until("no panel where there is no room", func(text string) bool { return len(lines(text)) == 13 && !strings.Contains(text, "Variables") })
	s.resize(80, 24)
	s.until("the panel beside the cells", func(text string) bool { return strings.Contains(lines(text)[0], "│ Variables 1") })
	s.press("visible + 1" + enter)
	s.shows("= 2")
}

func TestBordersAreDragged(t *testing.T) {
	var kept tui.State
	p := newPlace(t)
	p.screen = tui.Screen{Remember: func(s tui.State) error { kept = s; return nil }}
	s := start(t, p, 120, 36)
	s.press("visible = 1" + enter)
	s.shows("int", "idle")
	x, _ := s.find("│ Variables")
	s.press(press(x, 10) + move(x-5, 11) + move(x-20, 12) + release(x-20, 12))
	s.until("a wider panel", func(text string) bool {
		return strings.Contains(text, "│ Variables") && at(text, "│ Variables") == x-20
	})
	s.press(press(x-20, 10) + move(5, 10) + release(5, 10))
	s.until("what the cells keep", func(text string) bool { return at(text, "│ Variables") == 60 })

	s.press(press(10, 33) + move(10, 25) + release(10, 25))
	s.until("a higher editor", func(text string) bool { return row(text, "❯") == 26 })
	s.press("\x1b,") // alt+, lowers it
	s.until("a lower editor", func(text string) bool { return row(text, "❯") == 27 })
	s.press("1 + 1" + enter)
	s.shows("= 2", "idle")
	s.press(press(10, 26) + move(10, 35) + release(10, 35))
	s.until("an editor as high as its text", func(text string) bool { return row(text, "   3 ❯") == 34 })

	s.resize(60, 30)
	s.until("the panel above", func(text string) bool { return strings.HasPrefix(text, "Variables") })
	s.press(press(30, 7) + move(30, 14) + release(30, 14))
	s.until("a higher panel", func(text string) bool { return row(text, "───") == 14 })
	s.press("\x1b-")
	s.until("a lower panel", func(text string) bool { return row(text, "───") == 12 })
	s.press(ctrlD)
	s.left()
	if want := (tui.State{LocalsWidth: 60, LocalsRows: 13, Welcomed: true}); kept != want {
		t.Errorf("%+v is remembered, want %+v", kept, want)
	}
	p.screen.State = kept
	again := start(t, p, 60, 30)
	again.until("the panel as it was left", func(text string) bool { return row(text, "───") == 12 && strings.Contains(text, "idle") })
}

func at(text, what string) int {
	for _, l := range strings.Split(text, "\n") {
		if before, _, found := strings.Cut(l, what); found {
			return len([]rune(before))
		}
	}
	return -1
}

func TestTheMouseReachesEverything(t *testing.T) {
	p := newPlace(t)
	s := start(t, p, 80, 24)
	s.shows("idle")
	s.press("first, second = 1, [2]" + enter)
	s.shows("int", "list 1", "idle")
	s.press("1 + 1" + enter)
	s.shows("= 2", "idle")

	x, y := s.find("second list")
	s.press(click(x, y)) // chooses, again puts the name into the editor
	s.press(click(x, y) + "[0]" + enter)
	s.shows("second[0]", "idle")

	x, y = s.find("Variables")
	s.press(click(x, y))
	s.shows("by change")

	x, y = s.find("f1 help")
	s.press(click(x+1, y))
	s.shows("Help · esc closes")
	s.press(click(5, 0)) // its title; at 80 × 24 nothing is beside it
	s.until("no help", func(text string) bool { return !strings.Contains(text, "Help ·") })

	x, y = s.find(p.sandboxID)
	s.press(click(x, y))
	s.shows("copied the sandbox's id")
	s.until("the clipboard", func(string) bool { return strings.Contains(s.sent(), "\x1b]52;c;") })
	x, y = s.find("copied the sandbox")
	s.press(click(x, y))
	s.until("no toast", func(text string) bool { return !strings.Contains(text, "copied the sandbox") })

	s.press(ctrlP + "choose a th")
	s.until("one command", func(text string) bool { return strings.Contains(text, "Commands · 1 ·") })
	x, y = s.find("choose a theme")
	s.press(click(x, y))
	s.shows("Themes")
	s.press(escape)
	s.until("no chooser", func(text string) bool { return !strings.Contains(text, "Themes") })

	s.press(f4)
	x, y = s.find("Keep it")
	s.press(click(x, y))
	s.until("no question", func(text string) bool { return !strings.Contains(text, "Restart the kernel?") })

	s.press("for i in range(300): print('line', i)" + enter + enter)
	s.shows("line 299", "idle")
	s.press(press(49, 20) + move(49, 10) + move(49, 0))
	s.until("the beginning", func(text string) bool { return strings.Contains(text, "first, second") })
	s.press(release(60, 0))
	x, y = s.find("for i in range(300)")
	s.press(click(x, y) + click(x, y))
	s.shows("esc back")
	s.shows("more lines")
	x, y = s.find("space folds") // a key that the bar names
	s.press(click(x, y))
	s.until("the unfolded cell", func(text string) bool { return !strings.Contains(text, "more lines") })

	if _, y = s.find("● idle"); y != 23 {
		t.Errorf("the status line is in row %d", y)
	}
}

func TestTheWheelScrollsAnEditorWithMoreThanItShows(t *testing.T) {
	s := start(t, newPlace(t), 80, 24)
	s.shows("idle")
	text := ""
	for i := range 60 {
		text += fmt.Sprintf("line_%02d\n", i)
	}
	s.paste(text + "end")
	s.until("the end of what was pasted", func(text string) bool { return strings.Contains(text, "│ end") && !strings.Contains(text, "line_00") })
	for range 20 {
		s.press("\x1b[<64;10;20M")
	}
	s.until("its beginning", func(text string) bool {
		return strings.Contains(text, "❯ line_00") && !strings.Contains(text, "│ end")
	})
	for range 20 {
		s.press("\x1b[<65;10;20M")
	}
	s.shows("│ end")
}

func TestTheStatusLineTellsWhatIs(t *testing.T) {
	p := newPlace(t)
	s := start(t, p, 80, 24)
	s.shows("idle", "f1 help", p.sandboxID, "connect")
	s.press("import time; time.sleep(60)" + enter + "1" + enter + "2" + enter)
	s.shows("busy", "+2 queued", "f1 help")
	s.press(ctrlC)
	s.shows("KeyboardInterrupt", "idle")
	s.press("import os; os._exit(3)" + enter)
	s.shows("started anew", "● idle", "f1 help")
	s.press("40 + 2" + enter)
	s.shows("= 42", "● idle")
}

func TestNothingTypedIsLostWhenTheSandboxCannotBeReached(t *testing.T) {
	p := newPlace(t)
	goOn := make(chan struct{})
	p.open = func(context.Context) (*session.Session, error) { <-goOn; return nil, errors.New("the line is dead") }
	s := start(t, p, 80, 24)
	s.press("a = 1" + enter)
	s.shows("starting", "+1 queued")
	s.press("b =")
	s.shows("❯ b =")
	close(goOn)
	s.shows("Something went wrong", "esc closes")
	s.press(" 2 # quick" + escape)
	s.until("all of it in the editor", func(text string) bool {
		return strings.Contains(text, "❯ a = 1") && strings.Contains(text, "b = 2 # quick") && !strings.Contains(text, "went wrong") && strings.Contains(text, "no session")
	})
	s.press("\x1b[13;5u") // ctrl+enter
	s.shows("There is no session", "b = 2 # quick")
}
