package tui

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/themes"
	"github.com/sandrepl/sandrepl/tui/toast"
)

// telling makes a toast of what the last message led to.
func (m Model) telling() (Model, tea.Cmd) {
	var cmd tea.Cmd
	m.toasts, cmd = m.toasts.Tell(m.status.note)
	m.status.note = ""
	return m, cmd
}

func (m Model) untold(msg toast.GoneMsg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	m.toasts, cmd = m.toasts.Update(msg)
	return m, cmd
}

// toastRoom is the width and the height that toasts may take: over the cells, never over the editor, nor over the bar above it.
func (m Model) toastRoom() (width, height int) {
	return m.look.leftWidth() - 1, m.look.panelHeight() + m.look.transcriptHeight() - 1
}

// toasted lays the toasts over the top right of the cells.
func (m Model) toasted(lines []string) []string {
	width, height := m.toastRoom()
	for i, l := range m.toasts.View(width, height) {
		lines[i] = overlaid(lines[i], l, width-ansi.StringWidth(l))
	}
	return lines
}

// overlaid puts text over a line, from a column on.
func overlaid(line, text string, x int) string {
	left, end := ansi.Truncate(line, x, ""), x+ansi.StringWidth(text)
	rest := ansi.TruncateLeft(line, end, "")
	if ansi.StringWidth(rest) > ansi.StringWidth(line)-end { // half of a wide character is left of it
		rest = " " + ansi.TruncateLeft(line, end+1, "")
	}
	return left + "\x1b[m" + unlinked + strings.Repeat(" ", max(x-ansi.StringWidth(left), 0)) + text + rest
}

// unlinked ends a link that was cut off.
const unlinked = "\x1b]8;;\x1b\\"

func (m Model) toastAt(x, y int) bool {
	width, height := m.toastRoom()
	lines := m.toasts.View(width, height)
	return y < len(lines) && x < width && x >= width-ansi.StringWidth(lines[y])
}

// dismiss takes away the toast in a row of the screen.
func (m Model) dismiss(y int) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	width, height := m.toastRoom()
	m.toasts, cmd = m.toasts.Dismiss(y, width, height)
	return m, cmd
}

// lineTold tells of a line that was cut and is joined again: the status line has only how it is now.
func (m Model) lineTold(was, now session.Link) Model {
	switch {
	case errors.Is(now.Err, session.ErrSilent): // the status tells more
	case now.State == session.Offline && now.Reason != "" && was.Reason == "": // a first try was in vain: before, it may be gone
		m.status.note = "The line to the sandbox was cut. What runs there goes on."
	case now.State == session.Online && was.State == session.Offline && was.Reason != "":
		m.status.note = "The sandbox is reached again."
	}
	return m
}

// greeted says on a screen without cells what this is, where it runs, and how to go on.
func (m Model) greeted(lines []string) []string {
	if !m.transcript.Empty() || m.session == nil {
		return lines
	}
	width, keys := m.look.leftWidth()-2, m.keys
	text := themes.Words("Python "+m.status.python+" in the sandbox "+m.status.sandbox+", "+m.status.whereabouts(), width)
	from := len(text)
	for _, hint := range [][]string{
		{keys.Help.Help().Key + " keys", keys.Palette.Help().Key + " every command", keys.Quit.Help().Key + " leaves"},
		{"It lives on when you leave; back with: sandrepl " + m.status.sandbox},
	} {
		text = append(text, themes.Words(strings.Join(hint, "   "), width)...)
	}
	if len(text) > len(lines) {
		return lines
	}
	for i, l := range text {
		role := themes.Foreground
		if i >= from {
			role = themes.Muted
		}
		at := len(lines) - len(text) + i
		lines[at] = overlaid(lines[at], m.look.theme.Paint(role, l), 1)
	}
	return lines
}
