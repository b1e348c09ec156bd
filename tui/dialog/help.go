package dialog

import (
	"strconv"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
)

// Group is the keys of one part of the program.
type Group struct {
	Title string
	Keys  []key.Binding
}

// Help shows what each key does.
type Help struct {
	KeyMap KeyMap
	theme  themes.Theme
	groups []Group
	top    int
}

// NewHelp shows the enabled keys of the groups that have a help text.
func NewHelp(t themes.Theme, groups []Group) Help {
	return Help{KeyMap: DefaultKeyMap(), theme: t, groups: groups}
}

const helpPage = 10

// Update scrolls, and closes.
func (h Help) Update(msg tea.Msg) (Help, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			h.top = max(h.top-3, 0)
		case tea.MouseWheelDown:
			h.top = min(h.top+3, h.last())
		}
	case tea.KeyPressMsg:
		switch k := h.KeyMap; {
		case key.Matches(msg, k.Close):
			return h, closeDialog
		case key.Matches(msg, k.Up):
			h.top = max(h.top-1, 0)
		case key.Matches(msg, k.Down):
			h.top = min(h.top+1, h.last())
		case key.Matches(msg, k.PageUp):
			h.top = max(h.top-helpPage, 0)
		case key.Matches(msg, k.PageDown):
			h.top = min(h.top+helpPage, h.last())
		case key.Matches(msg, k.Top):
			h.top = 0
		}
	}
	return h, nil
}

func (h Help) last() int { return max(len(h.lines())-1, 0) }

// lines lays the groups out one under the other, keys in a column of one width.
func (h Help) lines() []string {
	keys := 0
	h.each(func(b key.Binding) { keys = max(keys, ansi.StringWidth(b.Help().Key)) })
	var lines []string
	for _, g := range h.groups {
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, h.theme.Style(themes.Foreground).Bold(true).Render(g.Title))
		for _, b := range g.Keys {
			if !shown(b) {
				continue
			}
			name := b.Help().Key
			lines = append(lines, h.theme.Paint(themes.Accent, name)+strings.Repeat(" ", keys-ansi.StringWidth(name)+2)+b.Help().Desc)
		}
	}
	return lines
}

func (h Help) each(f func(key.Binding)) {
	for _, g := range h.groups {
		for _, b := range g.Keys {
			if shown(b) {
				f(b)
			}
		}
	}
}

func shown(b key.Binding) bool { return b.Enabled() && b.Help().Key != "" }

// View draws the box, at most width × height: in columns where that makes everything fit, otherwise it scrolls.
func (h Help) View(width, height int) string {
	lines, room := h.lines(), height-frameRows
	if room <= 0 {
		return ""
	}
	title := "Help · " + h.KeyMap.Close.Help().Key + " closes"
	if len(lines) > room {
		var fits bool
		if lines, fits = inColumns(lines, width-frameCols, room); !fits {
			title += " · ↑↓ " + strconv.Itoa(h.top+1) + "/" + strconv.Itoa(len(lines))
			lines = append(lines[h.top:], make([]string, room)...)[:room]
		}
	}
	return frame(h.theme, themes.Accent, title, lines, width, height)
}

const columnGap = 4

// inColumns lays lines out side by side, read down each column first, if that brings them into the given room.
func inColumns(lines []string, width, room int) (rows []string, fits bool) {
	widest := 0
	for _, l := range lines {
		widest = max(widest, ansi.StringWidth(l))
	}
	columns := (len(lines) + room - 1) / room
	if columns*(widest+columnGap)-columnGap > width {
		return lines, false
	}
	height := (len(lines) + columns - 1) / columns
	rows = make([]string, height)
	for i, l := range lines {
		if i >= height {
			rows[i%height] += strings.Repeat(" ", i/height*(widest+columnGap)-ansi.StringWidth(rows[i%height]))
		}
		rows[i%height] += l
	}
	return rows, true
}
