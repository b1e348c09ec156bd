// Package dialog holds the panels that lie over the rest: help, a question, a failure. Each is a small value that
// draws its box into the space it is given; where the box goes, and what is under it, is the caller's business.
//
// A dialog reports what the user did as a message, ChoiceMsg or CloseMsg, and does nothing itself. Its texts must
// be sanitised.
package dialog

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
)

// CloseMsg says that the user has dismissed the dialog.
type CloseMsg struct{}

// PassMsg is what was typed while the dialog lay there, and is not for it.
type PassMsg struct{ Msg tea.Msg }

// ChoiceMsg says which button of a question was chosen.
type ChoiceMsg struct {
	Dialog string // the question's id
	Button string // the button's id
}

func closeDialog() tea.Msg { return CloseMsg{} }

// KeyMap is what dialogs do by key.
type KeyMap struct {
	Close, Choose, Next, Previous        key.Binding
	Up, Down, PageUp, PageDown, Top, End key.Binding
	Erase, EraseWord, EraseAll           key.Binding
}

// DefaultKeyMap is what dialogs do everywhere.
func DefaultKeyMap() KeyMap {
	bind := func(help, what string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, what))
	}
	return KeyMap{
		Close:     bind("esc", "close", "esc", "f1", "ctrl+c"),
		Choose:    bind("enter", "choose", "enter", "space"),
		Next:      bind("→", "next", "right", "tab"),
		Previous:  bind("←", "previous", "left", "shift+tab"),
		Up:        bind("↑", "line up", "up", "ctrl+p"),
		Down:      bind("↓", "line down", "down", "ctrl+n"),
		PageUp:    bind("pgup", "page up", "pgup"),
		PageDown:  bind("pgdn", "page down", "pgdown"),
		Top:       bind("home", "top", "home"),
		End:       bind("end", "end", "end"),
		Erase:     bind("backspace", "erase", "backspace", "ctrl+h"),
		EraseWord: bind("ctrl+w", "erase a word", "ctrl+w", "alt+backspace"),
		EraseAll:  bind("ctrl+u", "erase all", "ctrl+u"),
	}
}

// size is the space that a dialog has.
type size struct{ width, height int }

// closes tells whether a click misses the box, or is on its title, which says that it closes.
func closes(click tea.MouseClickMsg, box string) bool {
	return click.X < 0 || click.Y <= 0 || click.X >= lipgloss.Width(box) || click.Y >= lipgloss.Height(box)
}

const (
	frameCols = 4 // border and padding, both sides
	frameRows = 2
	maxText   = 72 // columns: a measure that reads well
)

// frame draws lines in a box with a title, cut to at most width × height.
func frame(t themes.Theme, role themes.Role, title string, lines []string, width, height int) string {
	if width <= frameCols || height <= frameRows {
		return ""
	}
	lines = lines[:min(len(lines), height-frameRows)]
	inner := ansi.StringWidth(title) + 1
	for _, l := range lines {
		inner = max(inner, ansi.StringWidth(l))
	}
	inner = min(inner, width-frameCols)
	title = ansi.Truncate(title, max(inner-1, 0), "…")
	var b strings.Builder
	b.WriteString(t.Paint(role, "╭─ ") + t.Style(role).Bold(true).Render(title) +
		t.Paint(role, " "+strings.Repeat("─", max(inner-ansi.StringWidth(title)-1, 0))+"╮"))
	for _, l := range lines {
		l = ansi.Truncate(l, inner, "…")
		b.WriteString("\n" + t.Paint(role, "│") + " " + l + strings.Repeat(" ", inner-ansi.StringWidth(l)) + " " + t.Paint(role, "│"))
	}
	b.WriteString("\n" + t.Paint(role, "╰"+strings.Repeat("─", inner+2)+"╯"))
	return b.String()
}

// paragraph wraps a text of one or more lines.
func paragraph(text string, width int) []string {
	if text == "" {
		return nil
	}
	return themes.Words(text, width)
}

// textWidth is the measure for text in a box that may be width wide.
func textWidth(width int) int { return max(min(width-frameCols, maxText), 1) }

// painted gives each line of a text a role.
func painted(t themes.Theme, role themes.Role, lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = t.Paint(role, l)
	}
	return out
}
