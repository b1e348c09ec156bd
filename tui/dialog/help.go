package dialog

import (
	"fmt"
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

// Help shows what each key does, or those keys that what is typed is about.
type Help struct {
	KeyMap KeyMap
	theme  themes.Theme
	groups []Group
	size   size
	text   string
	top    int
}

// NewHelp shows the enabled keys of the groups that have a help text.
func NewHelp(t themes.Theme, groups []Group) Help {
	return Help{KeyMap: DefaultKeyMap(), theme: t, groups: groups}
}

// Update scrolls, finds, and closes.
func (h Help) Update(msg tea.Msg) (Help, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		h.size = size{msg.Width, msg.Height}
		return h.scroll(0), nil
	case tea.MouseClickMsg:
		if closes(msg, h.View(h.size.width, h.size.height)) {
			return h, closeDialog
		}
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			return h.scroll(-3), nil
		case tea.MouseWheelDown:
			return h.scroll(3), nil
		}
	case tea.PasteMsg:
		return h.find(h.text + strings.Join(strings.Fields(msg.Content), " ")), nil
	case tea.KeyPressMsg:
		return h.press(msg)
	}
	return h, nil
}

func (h Help) press(msg tea.KeyPressMsg) (Help, tea.Cmd) {
	page := max(h.room(h.size.height)-1, 1)
	switch k := h.KeyMap; {
	case key.Matches(msg, k.Close):
		return h, closeDialog
	case key.Matches(msg, k.Up):
		return h.scroll(-1), nil
	case key.Matches(msg, k.Down):
		return h.scroll(1), nil
	case key.Matches(msg, k.PageUp):
		return h.scroll(-page), nil
	case key.Matches(msg, k.PageDown):
		return h.scroll(page), nil
	case key.Matches(msg, k.Top):
		return h.scroll(-h.top), nil
	case key.Matches(msg, k.End):
		return h.scroll(len(h.lines(h.text))), nil
	case key.Matches(msg, k.Erase):
		runes := []rune(h.text)
		return h.find(string(runes[:max(len(runes)-1, 0)])), nil
	case key.Matches(msg, k.EraseWord):
		text := strings.TrimRight(h.text, " ")
		return h.find(text[:strings.LastIndex(text, " ")+1]), nil
	case key.Matches(msg, k.EraseAll):
		return h.find(""), nil
	case msg.Text != "":
		return h.find(h.text + msg.Text), nil
	}
	return h, nil
}

func (h Help) find(text string) Help {
	h.text, h.top = text, 0
	return h
}

// scroll goes no further than the last line.
func (h Help) scroll(by int) Help {
	h.top = max(min(h.top+by, len(h.lines(h.text))-h.room(h.size.height)), 0)
	return h
}

// room is the lines that a box of a height shows, below the one for what is typed.
func (h Help) room(height int) int { return max(height-frameRows-1, 0) }

// lines lays the groups out one under the other, keys in a column of one width: those that have every word of the text.
func (h Help) lines(text string) []string {
	keys := 0
	h.each(func(b key.Binding) { keys = max(keys, ansi.StringWidth(b.Help().Key)) })
	words := strings.Fields(strings.ToLower(text))
	var lines []string
	for _, g := range h.groups {
		title := h.theme.Style(themes.Foreground).Bold(true).Render(g.Title)
		for _, b := range g.Keys {
			if !shown(b) || !about(g.Title+" "+b.Help().Key+" "+b.Help().Desc, words) {
				continue
			}
			if title != "" && len(lines) > 0 {
				lines = append(lines, "")
			}
			if title != "" {
				lines = append(lines, title)
				title = ""
			}
			name := b.Help().Key
			lines = append(lines, h.theme.Paint(themes.Accent, name)+strings.Repeat(" ", keys-ansi.StringWidth(name)+2)+b.Help().Desc)
		}
	}
	return lines
}

func about(text string, words []string) bool {
	text = strings.ToLower(text)
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
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

// View draws the box, at most width × height: in columns where that makes everything fit, otherwise it scrolls. It keeps its
// size whatever is typed, and wherever it stands.
func (h Help) View(width, height int) string {
	room := h.room(height)
	if room <= 0 {
		return ""
	}
	all := h.lines("")
	inner, rows := widest(all), min(len(all), room)
	lines := h.lines(h.text)
	if columns, fits := inColumns(all, width-frameCols, room); fits && len(all) > room {
		inner, rows = widest(columns), len(columns)
		if len(lines) > rows {
			lines, _ = inColumns(lines, width-frameCols, rows)
		}
	}
	title := "Help · " + h.KeyMap.Close.Help().Key + " closes"
	top := 0
	scrolled := func(lines int) string { return fmt.Sprintf(" · ↑↓ %d/%d", top+1, lines-rows+1) }
	if len(all) > rows {
		inner = max(inner, ansi.StringWidth(title+scrolled(len(all)))+3) // the counter's digits grow
	}
	if len(lines) > rows {
		top = min(h.top, len(lines)-rows)
		title += scrolled(len(lines))
	}
	if len(lines) == 0 {
		lines = []string{h.theme.Paint(themes.Muted, "no key for that")}
	}
	lines = append(lines[top:], make([]string, rows)...)[:rows]
	typed := h.theme.Paint(themes.Muted, "type to find a key")
	if h.text != "" {
		typed = themes.Visible(h.text) + h.theme.Style(themes.Foreground).Reverse(true).Render(" ")
	}
	first := h.theme.Paint(themes.Accent, "❯ ") + typed
	first += strings.Repeat(" ", max(min(inner, width-frameCols)-ansi.StringWidth(first), 0))
	return frame(h.theme, themes.Accent, title, append([]string{first}, lines...), width, height)
}

func widest(lines []string) int {
	width := 0
	for _, l := range lines {
		width = max(width, ansi.StringWidth(l))
	}
	return width
}

const columnGap = 4

// inColumns lays lines out side by side, read down each column first, if that brings them into the given room.
func inColumns(lines []string, width, room int) (rows []string, fits bool) {
	if len(lines) == 0 || room <= 0 {
		return lines, true
	}
	widest := widest(lines)
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
