package tui_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sandrepl/sandrepl/tui"
)

const f7, f10, altF10, altF7 = "\x1b[18~", "\x1b[21~", "\x1b[21;3~", "\x1b[18;3~"

func script(steps ...tui.Step) tui.Play {
	return tui.Play{Script: tui.Script{Name: "demo.ipynb", Steps: steps}}
}

func TestAScriptIsSteppedThrough(t *testing.T) {
	p := newPlace(t)
	p.play = script(tui.Step{Text: "# Our *data*\n\n- one\n- two", Prose: true}, tui.Step{Text: "def area(w, h):\n    return w * h"},
		tui.Step{Title: "The sum", Text: "area(6, 7)"}, tui.Step{Text: "1 / 0"}, tui.Step{Text: "'last ' + 'cell'"})
	s := start(t, p, 120, 36)
	s.shows("idle", "demo.ipynb, cells: 5.", "demo.ipynb 0/5")
	s.press(f10)
	s.shows("Our data", "• one", "demo.ipynb 1/5")
	s.press(f10)
	s.shows("❯ def area(w, h):", "2/5")
	s.press(f10)
	s.shows("1 │ def area(w, h):", "function")
	s.press(f10)
	s.shows("❯ area(6, 7)", "3/5")
	s.press(" + 1" + enter) // edited
	s.shows("= 43")
	s.press(f5)
	s.shows("ZeroDivisionError", "4/5")
	s.press(f7)
	s.shows("❯ 1 / 0", "4/5")
	s.press(f7)
	s.shows("❯ area(6, 7)", "3/5")
	s.press(f7)
	s.shows("❯ def area", "2/5")
	s.press(f7) // the note is no cell to run
	s.shows("there is no cell before", "2/5")
	s.press(altF10 + altF10)
	s.shows("❯ 1 / 0", "4/5")
	s.press(altF7)
	s.shows("Cells of demo.ipynb", "3  The sum", "1  # Our *data* ⏎")
	s.press("last" + enter)
	s.shows("❯ 'last '", "5/5")
	s.press(enter)
	s.shows("= 'last cell'")
	s.press(f10)
	s.shows("demo.ipynb has no more cells", "5/5")
	s.press(ctrlP + "close the script" + enter)
	s.until("the script closed", func(text string) bool { return !strings.Contains(text, "5/5") })
}

func TestTheRestOfAScriptRuns(t *testing.T) {
	p := newPlace(t)
	p.play = script(tui.Step{Text: "a = 1"}, tui.Step{Text: "half way", Prose: true}, tui.Step{Text: "name = input('who? ')"}, tui.Step{Text: "1 / 0"}, tui.Step{Text: "a + 41"})
	s := start(t, p, 120, 36)
	s.shows("idle")
	s.press(ctrlP + "run the rest" + enter)
	s.shows("half way", "who?", "waiting for your input")
	s.press(f10)
	s.shows("the cell waits for your input first")
	s.press("Ada" + enter)
	s.shows("ZeroDivisionError", "demo.ipynb stops at cell 4, which failed", "4/5")
	s.press(ctrlP + "run the rest" + enter)
	s.shows("= 42", "all cells have run", "5/5")
}

func TestAScriptIsTypedOut(t *testing.T) {
	p := newPlace(t)
	p.play = script(tui.Step{Text: "def f():\n    return 'spoken'"}, tui.Step{Text: "f() * 2"}, tui.Step{Text: "g = " + strings.Repeat("1 + ", 500) + "1"})
	p.play.Speed = 100
	s := start(t, p, 120, 36)
	s.shows("idle")
	s.press(f10)
	s.shows("❯ de")
	s.shows("return 'spoken'")
	s.press(f10 + f5)
	s.shows("= 'spokenspoken'")
	s.press(f5)
	s.shows("❯ g = 1 +")
	s.press("x") // any key
	s.shows("501", "int")
}

func TestReducedMotionTypesAtOnce(t *testing.T) {
	p := newPlace(t)
	p.play = script(tui.Step{Text: "x = " + strings.Repeat("1 + ", 30) + "1"})
	p.play.Speed, p.screen.ReducedMotion = 1, true
	s := start(t, p, 160, 36)
	s.shows("idle")
	s.press(f10)
	s.shows("+ 1 + 1")
}

func TestWhatHidesInAScriptIsLookedAtFirst(t *testing.T) {
	p := newPlace(t)
	p.play = script(tui.Step{Text: "print('\x1b]0;owned\x07\x1b[2J')\nran = 1"}, tui.Step{Text: "\x1b]0;owned\x07&#27;[2J", Prose: true}, tui.Step{Text: "fine = 2"})
	p.play.Script.Name = "\x1b]0;owned\x07.py"
	s := start(t, p, 120, 36)
	s.shows("idle")
	s.press(f5)
	s.shows("␛]0;owned", "control characters", "1/3")
	s.press(ctrlC + f5 + f5)
	s.shows("fine", "3/3")
	if text := s.text(); strings.Contains(text, "ran ") {
		t.Errorf("it ran:\n%s", text)
	}
	if strings.Contains(s.sent(), "\x1b]0;owned") {
		t.Error("the terminal obeys what is in a file")
	}
}

func TestAScriptIsOpenedFromWithin(t *testing.T) {
	p := newPlace(t)
	p.play.List = func(context.Context) []string { return []string{"talk.py", "folder/bad.ipynb"} }
	p.play.Open = func(path string) (tui.Script, error) {
		if path != "talk.py" {
			return tui.Script{}, errors.New(path + " is no notebook: save it anew")
		}
		return tui.Script{Name: path, Steps: []tui.Step{{Text: "6 * 7"}}}, nil
	}
	s := start(t, p, 120, 36)
	s.shows("idle")
	s.press(f10)
	s.shows("Step through", "folder/bad.ipynb")
	s.press("bad" + enter)
	s.shows("folder/bad.ipynb is no notebook: save it anew")
	s.press(ctrlP + "open a notebook" + enter)
	s.shows("talk.py")
	s.press(enter)
	s.shows("talk.py, cells: 1.", "talk.py 0/1")
	s.press(f5)
	s.shows("= 42", "talk.py 1/1")
}

func TestCellsAreSavedAsOneChooses(t *testing.T) {
	p := newPlace(t)
	formats := make(chan string, 3)
	p.save = func(_ context.Context, id, format string) (string, error) {
		formats <- format
		if format == "md" {
			return "", errors.New("the disk is full")
		}
		return "All cells (1) are saved: /a/" + id + "." + format, nil
	}
	s := start(t, p, 120, 36)
	s.shows("idle")
	for _, c := range []struct{ keys, want, shows string }{
		{enter, "ipynb", p.sandboxID + ".ipynb"}, {"\t" + enter, "py", p.sandboxID + ".py"}, {"\t\t" + enter, "md", "the disk is full"},
	} {
		s.press(f9)
		s.shows("Save all cells", "Notebook", "Python", "Markdown")
		s.press(c.keys)
		s.shows(c.shows)
		if got := <-formats; got != c.want {
			t.Errorf("saved as %s, not %s", got, c.want)
		}
	}
	t.Chdir(t.TempDir())
	s.press(f9 + "\t\t\t" + enter)
	s.shows("The screen is saved as a picture:")
	if found, err := filepath.Glob("sandrepl-*.svg"); err != nil || len(found) != 1 {
		t.Errorf("%v, %v", found, err)
	}
}
