package tui

import (
	"fmt"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
	"github.com/sandrepl/sandrepl/tui/dialog"
)

// Screen is how the application looks. Its zero value is a screen with nothing set.
type Screen struct {
	Themes        []themes.Theme // to choose from; nil for those of the program
	Theme         string         // one's name; "" or auto goes by the background
	Background    string         // auto, dark or light
	ReducedMotion bool
	Notifications string // bell, osc9, osc777; nothing else notifies
	EditingMode   string // emacs or vi
	Images        string // kitty, iterm2, sixel or blocks; else by the terminal
	State         State
	Remember      func(State) error // nil keeps nothing
}

// State is what is remembered of a screen from one run to the next.
type State struct {
	LocalsWidth  int // columns; 0: by the screen
	LocalsRows   int // where they lie above the cells; 0: by the screen
	LocalsHidden bool
	EditorRows   int    // 0: by its text
	Theme        string // as chosen here
	Welcomed     bool
}

// A keeper saves the latest state, whichever of the commands that are to save comes last.
type keeper struct {
	mu    sync.Mutex
	state State
}

func (m Model) remember() tea.Cmd {
	save, keeper := m.opts.Screen.Remember, m.keeper
	if save == nil {
		return nil
	}
	keeper.mu.Lock()
	keeper.state = m.opts.Screen.State
	keeper.mu.Unlock()
	return func() tea.Msg {
		keeper.mu.Lock()
		defer keeper.mu.Unlock()
		if err := save(keeper.state); err != nil {
			return noticeMsg{err}
		}
		return nil
	}
}

// themed puts on the theme that is set, on a terminal whose background is dark or light.
func (m Model) themed(dark bool) Model {
	m.look.light = !dark
	return m.wearing(m.opts.Screen.Theme)
}

// wearing puts a theme on. auto, as any that there is not, is the one for the terminal's background.
func (m Model) wearing(name string) Model {
	theme, ok := themes.Named(m.themes(), name)
	m.look.painted = ok
	if !ok {
		light := m.opts.Screen.Background == "light" || m.opts.Screen.Background != "dark" && m.look.light
		theme, _ = themes.Named(m.themes(), themes.For(!light).Name) // a user's own may stand in its place
	}
	return m.dressed(theme)
}

// lightGround tells whether COLORFGBG, which some terminals set to the numbers of their text's and their ground's colours, such
// as 0;15, names a light ground.
func lightGround(colours string) bool {
	ground := colours[strings.LastIndex(colours, ";")+1:]
	return ground == "7" || ground == "15"
}

func (m Model) themes() []themes.Theme {
	if m.opts.Screen.Themes != nil {
		return m.opts.Screen.Themes
	}
	all, _, _ := themes.All("")
	return all
}

func (m Model) dressed(theme themes.Theme) Model {
	theme = theme.At(m.look.depth)
	if m.opts.NoColor {
		theme = theme.Plain()
	}
	m.look.theme = theme
	m.complete, m.toasts = m.complete.SetTheme(theme), m.toasts.SetTheme(theme)
	m.editor, m.transcript, m.locals = m.editor.SetTheme(theme), m.transcript.SetTheme(theme), m.locals.SetTheme(theme)
	if finder, ok := m.overlay.(over[dialog.Finder]); ok {
		m.overlay = over[dialog.Finder]{finder.dialog.SetTheme(theme)}
	}
	return m
}

// coloured follows what the terminal is found to show.
func (m Model) coloured(p colorprofile.Profile) Model {
	switch p {
	case colorprofile.TrueColor:
		m.look.depth = themes.TrueColour
	case colorprofile.ANSI256:
		m.look.depth = themes.Colours256
	case colorprofile.ANSI:
		m.look.depth = themes.Colours16
	default:
		m.look.depth = themes.NoColour
	}
	return m.dressed(m.look.theme)
}

func (m Model) askTheme() (tea.Model, tea.Cmd) {
	items := []dialog.Item{{ID: themes.Auto, Title: themes.Auto, Note: "by the terminal's background", Preview: sample}}
	for _, t := range m.themes() {
		ground := "light"
		if t.Dark {
			ground = "dark"
		}
		items = append(items, dialog.Item{ID: t.Name, Title: t.Name, Note: ground, Preview: sample})
	}
	worn := themes.Auto
	if m.look.painted {
		worn = m.look.theme.Name
	}
	m.choosing = true
	m.overlay = over[dialog.Finder]{dialog.NewFinder(m.look.theme, findTheme, "Themes", items, worn)}
	return m, nil
}

const sample = `@cached
def area(w: float, h=2.5):  # all of it
    return f"{w * h:.2f} m²" if w else None
class Room(Exception): kinds = [True, len("x\n")]`

// moved shows a theme as long as the chooser stands on it.
func (m Model) moved(msg dialog.MoveMsg) (tea.Model, tea.Cmd) {
	if msg.Finder == findTheme && m.choosing {
		return m.wearing(msg.Item.ID), nil
	}
	return m, nil
}

func (m Model) chooseTheme(name string) (tea.Model, tea.Cmd) {
	m.choosing = false
	m.opts.Screen.Theme, m.opts.Screen.State.Theme = name, name
	m = m.wearing(name)
	m.status.note = "theme " + name
	return m, m.remember()
}

// togglePanel shows the panel or hides it.
func (m Model) togglePanel() (tea.Model, tea.Cmd) {
	m.look.hidePanel = !m.look.hidePanel
	m.opts.Screen.State.LocalsHidden = m.look.hidePanel
	return m.focus(false).layout(), m.remember()
}

// welcomed takes the first hint away, for good.
func (m Model) welcomed() (Model, tea.Cmd) {
	if m.opts.Screen.State.Welcomed {
		return m, nil
	}
	m.opts.Screen.State.Welcomed = true
	return m, m.remember()
}

// welcome says how to begin, as much of it as width has room for; until the first cell, and where it is remembered.
func (m Model) welcome(width int) string {
	if m.opts.Screen.State.Welcomed || m.opts.Screen.Remember == nil {
		return ""
	}
	run, complete := m.editor.KeyMap.Run.Help().Key+" runs", m.complete.KeyMap.Tab.Help().Key+" completes"
	for _, hint := range []string{"New here? " + run + " a cell, " + complete, run + ", " + complete} {
		if ansi.StringWidth(hint) <= width {
			return m.look.theme.Paint(themes.Info, hint)
		}
	}
	return ""
}

// adorned is what of the view is not on the screen: title, progress, the terminal's own colours.
func (m Model) adorned(v tea.View) tea.View {
	v.ReportFocus = true
	v.WindowTitle = "sandrepl " + m.status.sandbox
	if m.status.busy() {
		v.WindowTitle = "● " + v.WindowTitle
	}
	switch {
	case m.status.dead:
		v.ProgressBar = tea.NewProgressBar(tea.ProgressBarError, 100)
	case m.status.busy() && !m.opts.Screen.ReducedMotion:
		v.ProgressBar = tea.NewProgressBar(tea.ProgressBarIndeterminate, 0)
	}
	if theme := m.look.theme; m.look.painted && !theme.NoColor() && m.look.depth == themes.TrueColour {
		v.BackgroundColor, v.ForegroundColor = theme.Color(themes.Background), theme.Color(themes.Foreground)
	}
	if m.opts.ASCII {
		v.Content, v.WindowTitle = ascii.Replace(v.Content), ascii.Replace(v.WindowTitle)
	}
	return v
}

// ascii draws with other characters of the same width.
var ascii = strings.NewReplacer(
	"─", "-", "│", "|", "╭", "+", "╮", "+", "╰", "+", "╯", "+", "├", "+", "┤", "+", "┬", "+", "┴", "+", "┼", "+", "═", "=", "║", "|",
	"❯", ">", "▸", ">", "▾", "v", "●", "*", "○", "o", "◌", "o", "✗", "x", "✓", "+", "…", "~", "·", ".", "•", "*", "≈", "~", "⏎", "/",
	"↑", "^", "↓", "v", "←", "<", "→", ">", "█", "#", "▌", "|", "▎", "|", "▏", "|", "░", ".", "▒", ":", "▓", "#", "×", "x", "—", "-", "–", "-",
	"┃", "|", "━", "=", "┆", ":", "⚑", "P", "☐", "o", "☑", "x", "\ufffd", "?", "\u2421", "?", "\u241b", "?", "\u2424", "?", "²", "2",
)

// longCell is what a cell must take for its end to be told to who looks elsewhere.
const longCell = 10 * time.Second

// notify tells of the end of a cell while the terminal has no focus.
func (m Model) notify(took time.Duration, failed bool) tea.Cmd {
	if !m.look.unfocused || took < longCell {
		return nil
	}
	what := "A cell ended"
	if failed {
		what = "A cell failed"
	}
	text := strings.ReplaceAll(fmt.Sprintf("%s after %s in %s", what, took.Truncate(time.Second), m.status.sandbox), ";", ",")
	switch m.opts.Screen.Notifications {
	case "bell":
		return tea.Raw("\a")
	case "osc9":
		return tea.Raw("\x1b]9;" + text + "\a")
	case "osc777":
		return tea.Raw("\x1b]777;notify;sandrepl;" + text + "\a")
	}
	return nil
}
