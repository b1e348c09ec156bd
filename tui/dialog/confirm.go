package dialog

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
)

// Button is one answer to a question.
type Button struct {
	ID     string
	Label  string
	Danger bool // what it does cannot be undone
}

// Confirm asks a question. The first button is chosen unless the user moves, so it should be the harmless one.
type Confirm struct {
	KeyMap  KeyMap
	theme   themes.Theme
	id      string
	title   string
	body    string
	buttons []Button
	chosen  int
	size    size
}

// NewConfirm asks with the given buttons, at least one. The id comes back in the ChoiceMsg.
func NewConfirm(t themes.Theme, id, title, body string, buttons ...Button) Confirm {
	return Confirm{KeyMap: DefaultKeyMap(), theme: t, id: id, title: title, body: body, buttons: buttons}
}

// Update moves between the buttons, chooses, and closes.
func (c Confirm) Update(msg tea.Msg) (Confirm, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		c.size = size{msg.Width, msg.Height}
	case tea.MouseClickMsg:
		if i := c.buttonAt(msg.X, msg.Y); i >= 0 && msg.Button == tea.MouseLeft {
			c.chosen = i
			return c, c.choose()
		}
	case tea.KeyPressMsg:
		switch k := c.KeyMap; {
		case key.Matches(msg, k.Close):
			return c, closeDialog
		case key.Matches(msg, k.Next):
			c.chosen = (c.chosen + 1) % len(c.buttons)
		case key.Matches(msg, k.Previous):
			c.chosen = (c.chosen + len(c.buttons) - 1) % len(c.buttons)
		case key.Matches(msg, k.Choose):
			return c, c.choose()
		}
	}
	return c, nil
}

func (c Confirm) choose() tea.Cmd {
	choice := ChoiceMsg{Dialog: c.id, Button: c.buttons[c.chosen].ID}
	return func() tea.Msg { return choice }
}

// View draws the box, at most width × height. The buttons stay in view, whatever the body's length.
func (c Confirm) View(width, height int) string {
	role := themes.Accent
	if c.buttons[c.chosen].Danger {
		role = themes.Warning
	}
	return frame(c.theme, role, c.title, append(c.lines(width, height), c.buttonRows(width)...), width, height)
}

// lines is the body, as much of it as the buttons leave room for.
func (c Confirm) lines(width, height int) []string {
	room := max(height-frameRows-len(c.buttonRows(width))-1, 0)
	lines := paragraph(c.body, textWidth(width))
	return append(lines[:min(len(lines), room)], "")
}

// label is a button's text. Each is as wide chosen as not.
func (c Confirm) label(i int) string {
	if i == c.chosen {
		return "▸ " + c.buttons[i].Label + "  "
	}
	return "  " + c.buttons[i].Label + "  "
}

// inRow tells whether the buttons have room side by side.
func (c Confirm) inRow(width int) bool {
	used := 0
	for i := range c.buttons {
		used += ansi.StringWidth(c.label(i)) + 1
	}
	return used <= textWidth(width)
}

// buttonRows lays the buttons out side by side or, where there is no room for that, one under the other.
func (c Confirm) buttonRows(width int) []string {
	rows := make([]string, len(c.buttons))
	for i, b := range c.buttons {
		role := themes.Foreground
		if b.Danger {
			role = themes.Error
		}
		style := c.theme.Style(role)
		if i == c.chosen {
			style = style.Inherit(c.theme.Style(themes.Selection)).Bold(true)
		}
		rows[i] = style.Render(c.label(i))
	}
	if c.inRow(width) {
		return []string{strings.Join(rows, " ")}
	}
	return rows
}

// buttonAt is the button at a place of the box, or -1.
func (c Confirm) buttonAt(x, y int) int {
	x, y = x-frameCols/2, y-1-len(c.lines(c.size.width, c.size.height))
	for i := range c.buttons {
		width := ansi.StringWidth(c.label(i))
		if y == 0 && x >= 0 && x < width {
			return i
		}
		if c.inRow(c.size.width) {
			x -= width + 1
		} else {
			y--
		}
	}
	return -1
}
