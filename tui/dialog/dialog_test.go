package dialog

import (
	"slices"
	"strings"
	"testing"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sandrepl/sandrepl/themes"
	"github.com/sandrepl/sandrepl/tui/golden"
)

var (
	esc   = tea.KeyPressMsg{Code: tea.KeyEscape}
	enter = tea.KeyPressMsg{Code: tea.KeyEnter}
	right = tea.KeyPressMsg{Code: tea.KeyRight}
	left  = tea.KeyPressMsg{Code: tea.KeyLeft}
	down  = tea.KeyPressMsg{Code: tea.KeyDown}
	up    = tea.KeyPressMsg{Code: tea.KeyUp}
)

func bind(keys, desc string) key.Binding {
	return key.NewBinding(key.WithKeys(keys), key.WithHelp(keys, desc))
}

var groups = []Group{
	{"Cells", []key.Binding{bind("enter", "run the cell"), bind("alt+enter", "new line"), key.NewBinding(key.WithKeys("x"))}},
	{"Transcript", []key.Binding{bind("pgup", "page up"), bind("ctrl+c", "interrupt")}},
}

func help() Help { return NewHelp(themes.Dark(), groups) }

func question() Confirm {
	return NewConfirm(themes.Dark(), "restart", "Restart the kernel?", "Its variables are lost. The transcript stays.",
		Button{ID: "no", Label: "Keep it"}, Button{ID: "yes", Label: "Restart", Danger: true})
}

func failure() Failure {
	return NewFailure(themes.Dark(), "The sandbox cannot be reached.",
		"Post \"https://sandbox.example.workers.dev/sandbox/exec\": dial tcp: connection refused. "+strings.Repeat("It was tried again. ", 20),
		"Check the Worker's URL, then run sandrepl again with the same id.")
}

func TestViews(t *testing.T) {
	for name, view := range map[string]func(w, h int) string{
		"help": help().View, "question": question().View, "failure": failure().View,
	} {
		golden.Check(t, name, ansi.Strip(view(80, 24)))
		golden.Check(t, name+"-small", ansi.Strip(view(32, 9)))
		golden.Check(t, name+"-wide", ansi.Strip(view(200, 50)))
	}
	for name, theme := range map[string]themes.Theme{"dark": themes.Dark(), "light": themes.Light()} {
		h, c, f := help(), question(), failure()
		h.theme, c.theme, f.theme = theme, theme, theme
		golden.Check(t, "colours-"+name, h.View(80, 24)+"\n"+c.View(80, 24)+"\n"+f.View(80, 24))
	}
}

func TestBoxesStayInTheirSpace(t *testing.T) {
	for name, view := range map[string]func(w, h int) string{
		"help": help().View, "question": question().View, "failure": failure().View,
	} {
		for w := range 90 {
			for _, h := range []int{0, 1, 2, 3, 4, 6, 9, 15, 29} {
				box := view(w, h)
				if box == "" {
					continue
				}
				lines := strings.Split(box, "\n")
				if len(lines) > h {
					t.Fatalf("%s: %d lines in %d×%d", name, len(lines), w, h)
				}
				for _, l := range lines {
					if n := ansi.StringWidth(l); n > w || n != ansi.StringWidth(lines[0]) {
						t.Fatalf("%s: a line %d wide in %d×%d: %q", name, n, w, h, l)
					}
				}
			}
		}
	}
}

func TestConfirm(t *testing.T) {
	for name, c := range map[string]struct {
		keys []tea.Msg
		want tea.Msg
	}{
		"enter":      {[]tea.Msg{enter}, ChoiceMsg{"restart", "no"}},
		"the second": {[]tea.Msg{right, enter}, ChoiceMsg{"restart", "yes"}},
		"around":     {[]tea.Msg{right, right, enter}, ChoiceMsg{"restart", "no"}},
		"back":       {[]tea.Msg{left, enter}, ChoiceMsg{"restart", "yes"}},
		"escape":     {[]tea.Msg{right, esc}, CloseMsg{}},
	} {
		t.Run(name, func(t *testing.T) {
			q := question()
			var cmd tea.Cmd
			for _, k := range c.keys {
				q, cmd = q.Update(k)
			}
			if cmd == nil {
				t.Fatal("no message")
			}
			if got := cmd(); got != c.want {
				t.Errorf("%#v, want %#v", got, c.want)
			}
		})
	}
}

func TestClosing(t *testing.T) {
	_, byHelp := help().Update(esc)
	_, byFailure := failure().Update(esc)
	_, byEnter := failure().Update(enter)
	for i, cmd := range []tea.Cmd{byHelp, byFailure, byEnter} {
		if cmd == nil || cmd() != (CloseMsg{}) {
			t.Errorf("%d does not close", i)
		}
	}
}

func TestHelpInColumns(t *testing.T) {
	box := ansi.Strip(help().View(80, 7))
	golden.Check(t, "help-columns", box)
	for _, want := range []string{"run the cell", "interrupt"} {
		if !strings.Contains(box, want) {
			t.Errorf("%q is not in view", want)
		}
	}
}

func TestHelpScrollsAndFinds(t *testing.T) {
	h, _ := help().Update(tea.WindowSizeMsg{Width: 40, Height: 7})
	wide := lipgloss.Width(h.View(40, 7))
	view := func() string { return ansi.Strip(h.View(40, 7)) }
	typed := func(keys ...tea.KeyPressMsg) {
		for _, k := range keys {
			h, _ = h.Update(k)
			if w := lipgloss.Width(view()); w != wide {
				t.Errorf("after %s it is %d wide, not %d", k, w, wide)
			}
		}
	}
	for range 20 {
		typed(down)
	}
	if !strings.Contains(view(), "interrupt") || !strings.Contains(view(), "page up") {
		t.Errorf("the end is out of reach, or alone:\n%s", view())
	}
	was := view()
	if typed(up); view() == was {
		t.Error("the first key up does nothing")
	}
	if typed(tea.KeyPressMsg{Code: tea.KeyHome}); !strings.Contains(view(), "run the cell") {
		t.Errorf("home:\n%s", view())
	}
	if typed(tea.KeyPressMsg{Code: tea.KeyEnd}); !strings.Contains(view(), "interrupt") {
		t.Errorf("end:\n%s", view())
	}
	if typed(tea.KeyPressMsg{Code: 'p', Text: "PAGE up"}); !strings.Contains(view(), "pgup") || strings.Contains(view(), "interrupt") {
		t.Errorf("what was typed is not found alone:\n%s", view())
	}
	if typed(tea.KeyPressMsg{Code: 'q', Text: "q"}); !strings.Contains(view(), "no key for that") {
		t.Errorf("nothing is found:\n%s", view())
	}
	if typed(tea.KeyPressMsg{Code: tea.KeyBackspace}, tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl}); !strings.Contains(view(), "run the cell") {
		t.Errorf("all is erased:\n%s", view())
	}
}

func TestNothingTypedIsLostInAFailure(t *testing.T) {
	f := failure()
	for _, msg := range []tea.Msg{tea.KeyPressMsg{Code: 'q', Text: "q"}, tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}, tea.PasteMsg{Content: "x = 1"}} {
		if _, cmd := f.Update(msg); cmd == nil || cmp.Diff(PassMsg{msg}, cmd()) != "" {
			t.Errorf("%v is not passed on", msg)
		}
	}
}

// at is the place of a text in a box.
func at(box, text string) tea.MouseClickMsg {
	for y, line := range strings.Split(ansi.Strip(box), "\n") {
		if before, _, found := strings.Cut(line, text); found {
			return tea.MouseClickMsg{X: ansi.StringWidth(before), Y: y, Button: tea.MouseLeft}
		}
	}
	return tea.MouseClickMsg{X: -1, Y: -1, Button: tea.MouseLeft}
}

func TestClicks(t *testing.T) {
	for _, width := range []int{80, 26} { // buttons side by side, and one under the other
		size := tea.WindowSizeMsg{Width: width, Height: 24}
		for label, want := range map[string]string{"Keep it": "no", "Restart ": "yes"} {
			q, _ := question().Update(size)
			if _, cmd := q.Update(at(strings.Replace(q.View(width, 24), "Restart the kernel", "xxxxxxx xxx xxxxxx", 1), label)); cmd == nil || cmd() != (ChoiceMsg{"restart", want}) {
				t.Errorf("at %d columns a click on %q does not choose it", width, label)
			}
		}
	}
	size := tea.WindowSizeMsg{Width: 80, Height: 24}
	f, _ := finder(themes.Dark()).Update(size)
	if _, cmd := f.Update(at(f.View(80, 24), "choose a theme")); cmd == nil || cmd() != (PickMsg{"command", commands[1], false}) {
		t.Error("a click on an item does not pick it")
	}
	f, _ = f.Update(at(f.View(80, 24), "leave"))
	f, cmd := f.Update(at(f.View(80, 24), "漢字"))
	if want := (MoveMsg{"command", commands[2]}); f.at != 0 && (cmd == nil || cmd() != want) {
		t.Error("a click on an item with a preview does not show it")
	}
	if _, cmd = f.Update(at(f.View(80, 24), "漢字")); cmd == nil || cmd() != (PickMsg{"command", commands[2], false}) {
		t.Error("a click on the item that is shown does not pick it")
	}
	s, _ := search().Update(size)
	if s, _ = s.Update(at(s.View(80, 24), "this sandbox")); s.filters[0].On {
		t.Error("a click on a filter does not turn it off")
	}
	h, _ := help().Update(size)
	fail, _ := failure().Update(size)
	for name, update := range map[string]func(tea.Msg) tea.Cmd{
		"finder":  func(m tea.Msg) tea.Cmd { _, cmd := f.Update(m); return cmd },
		"help":    func(m tea.Msg) tea.Cmd { _, cmd := h.Update(m); return cmd },
		"failure": func(m tea.Msg) tea.Cmd { _, cmd := fail.Update(m); return cmd },
	} {
		if cmd := update(tea.MouseClickMsg{X: -3, Y: 2, Button: tea.MouseLeft}); cmd == nil || cmd() != (CloseMsg{}) {
			t.Errorf("%s: a click beside the box does not close it", name)
		}
		if cmd := update(tea.MouseClickMsg{X: 0, Y: 1, Button: tea.MouseLeft}); cmd != nil {
			t.Errorf("%s: a click on the frame does something", name)
		}
	}
}

var commands = []Item{
	{ID: "a", Title: "Session: leave", Note: "ctrl+d"}, {ID: "b", Title: "Session: choose a theme", Note: "f6"},
	{ID: "c", Title: "Editor: 漢字 left", Note: "←", Preview: "def f(x):\n\treturn x\n" + strings.Repeat("pass\n", 20)},
}

func finder(theme themes.Theme) Finder { return NewFinder(theme, "command", "Commands", commands, "c") }

func search() Finder {
	f, _ := NewSearch(themes.Light(), "cell", "Cells", "", Filter{ID: "here", Key: bind("alt+s", "this sandbox"), On: true})
	f, _ = f.Update(ItemsMsg{1, commands})
	return f
}

func TestFinderViews(t *testing.T) {
	for name, view := range map[string]func(w, h int) string{
		"finder": finder(themes.Dark()).View, "finder-light": finder(themes.Light()).View, "search": search().View,
	} {
		golden.Check(t, name, view(80, 24))
		golden.Check(t, name+"-wide", ansi.Strip(view(200, 50)))
		golden.Check(t, name+"-small", ansi.Strip(view(32, 9)))
		for w := 0; w < 120; w += 7 {
			for h := range 40 {
				drawn := view(w, h)
				for l := range strings.SplitSeq(drawn, "\n") {
					if n := ansi.StringWidth(l); n > w || strings.Count(drawn, "\n") >= max(h, 1) {
						t.Fatalf("%s: %d wide in %d×%d: %q", name, n, w, h, l)
					}
				}
			}
		}
	}
}

func TestFinder(t *testing.T) {
	f := finder(themes.Dark())
	f, cmd := f.Update(tea.KeyPressMsg{Code: 't', Text: "thm"})
	if want := (MoveMsg{"command", commands[1]}); cmd == nil || cmd() != want {
		t.Errorf("it does not tell where it stands")
	}
	if f, cmd = f.Update(enter); cmd == nil || cmd() != (PickMsg{"command", commands[1], false}) {
		t.Errorf("it does not pick what is like the text")
	}
	f, _ = f.Update(tea.KeyPressMsg{Code: 'x', Text: "xyz"})
	if f, cmd = f.Update(enter); cmd != nil {
		t.Errorf("it picks from nothing")
	}
	f, _ = f.Update(tea.KeyPressMsg{Code: 'w', Mod: tea.ModCtrl})
	if f, _ = f.Update(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl}); len(f.shown) != len(commands) {
		t.Errorf("%d items without a text", len(f.shown))
	}

	s, cmd := NewSearch(themes.Dark(), "cell", "Cells", "x")
	if q := cmd().(QueryMsg); q.Number != 1 || q.Text != "x" {
		t.Errorf("%+v", q)
	}
	s, _ = s.Update(tea.KeyPressMsg{Code: 'a', Text: "a"})
	s, cmd = s.Update(enter)
	if s, _ = s.Update(ItemsMsg{1, commands}); cmd != nil || len(s.shown) != 0 {
		t.Errorf("an answer to an older query is taken: %v", s.shown)
	}
	if _, cmd = s.Update(ItemsMsg{2, commands[1:]}); cmd == nil || cmd() != (PickMsg{"cell", commands[1], false}) {
		t.Error("what was chosen before the answer is not picked")
	}
	s, _ = s.Update(tea.KeyPressMsg{Code: 'b', Text: "b"})
	s, _ = s.Update(tea.KeyPressMsg{Code: tea.KeyEnter, Mod: tea.ModAlt})
	if _, cmd = s.Update(ItemsMsg{3, commands[1:]}); cmd == nil || cmd() != (PickMsg{"cell", commands[1], true}) {
		t.Error("what was chosen to run is not to be run")
	}
}

// TestFinderTakesAnyKeys holds that a finder fits where it may be drawn, whatever is typed and answered, and picks only what it shows.
func TestFinderTakesAnyKeys(t *testing.T) {
	var keys []tea.KeyPressMsg
	for _, r := range "se:漢 \u0301" {
		keys = append(keys, tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	for _, code := range []rune{tea.KeyUp, tea.KeyDown, tea.KeyPgUp, tea.KeyPgDown, tea.KeyEnter, tea.KeyTab, tea.KeyBackspace, tea.KeyEscape} {
		keys = append(keys, tea.KeyPressMsg{Code: code})
	}
	keys = append(keys, tea.KeyPressMsg{Code: 's', Mod: tea.ModAlt}, tea.KeyPressMsg{Code: 'w', Mod: tea.ModCtrl}, tea.KeyPressMsg{Code: tea.KeyEnter, Mod: tea.ModAlt})
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom([]func() Finder{search, func() Finder { return finder(themes.Dark()) }}).Draw(t, "finder")()
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			var msg tea.Msg = rapid.SampledFrom(keys).Draw(t, "key")
			switch rapid.IntRange(0, 5).Draw(t, "kind") {
			case 0:
				msg = ItemsMsg{f.number - rapid.IntRange(0, 1).Draw(t, "late"), commands[rapid.IntRange(0, 3).Draw(t, "from"):]}
			case 1:
				msg = tea.PasteMsg{Content: "a\nb\x1b[31m"}
			}
			var cmd tea.Cmd
			if f, cmd = f.Update(msg); cmd != nil {
				if pick, ok := cmd().(PickMsg); ok && !slices.Contains(f.shown, pick.Item) {
					t.Fatalf("%v is picked, which is not shown", pick)
				}
			}
			w, h := rapid.IntRange(0, 120).Draw(t, "width"), rapid.IntRange(0, 40).Draw(t, "height")
			for l := range strings.SplitSeq(f.View(w, h), "\n") {
				if n := ansi.StringWidth(l); n > w {
					t.Fatalf("%d columns in %d: %q", n, w, l)
				}
			}
		}
	})
}
