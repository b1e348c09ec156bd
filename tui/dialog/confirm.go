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
}

// NewConfirm asks with the given buttons, at least one. The id comes back in the ChoiceMsg.
func NewConfirm(t themes.Theme, id, title, body string, buttons ...Button) Confirm {
	return Confirm{KeyMap: DefaultKeyMap(), theme: t, id: id, title: title, body: body, buttons: buttons}
}

// Update moves between the buttons, chooses, and closes.
func (c Confirm) Update(msg tea.Msg) (Confirm, tea.Cmd) {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return c, nil
	}
	switch k := c.KeyMap; {
	case key.Matches(press, k.Close):
		return c, closeDialog
	case key.Matches(press, k.Next):
		c.chosen = (c.chosen + 1) % len(c.buttons)
	case key.Matches(press, k.Previous):
		c.chosen = (c.chosen + len(c.buttons) - 1) % len(c.buttons)
	case key.Matches(press, k.Choose):
		choice := ChoiceMsg{Dialog: c.id, Button: c.buttons[c.chosen].ID}
		return c, func() tea.Msg { return choice }
	}
	return c, nil
}

// View draws the box, at most width × height. The buttons stay in view, whatever the body's length.
func (c Confirm) View(width, height int) string {
	buttons := c.buttonRows(textWidth(width))
	room := max(height-frameRows-len(buttons)-1, 0)
	lines := paragraph(c.body, textWidth(width))
	lines = append(lines[:min(len(lines), room)], "")
	role := themes.Accent
	if c.buttons[c.chosen].Danger {
		role = themes.Warning
	}
	return frame(c.theme, role, c.title, append(lines, buttons...), width, height)
}

// buttonRows lays the buttons out side by side or, where there is no room for that, one under the other.
func (c Confirm) buttonRows(width int) []string {
	rows := make([]string, len(c.buttons))
	used := 0
	for i, b := range c.buttons {
		label := "  " + b.Label + "  "
		if i == c.chosen {
			label = "▸ " + b.Label + "  "
		}
		role := themes.Foreground
		if b.Danger {
			role = themes.Error
		}
		style := c.theme.Style(role)
		if i == c.chosen {
			style = style.Inherit(c.theme.Style(themes.Selection)).Bold(true)
		}
		rows[i] = style.Render(label)
		used += ansi.StringWidth(label) + 1
	}
	if used <= width {
		return []string{strings.Join(rows, " ")}
	}
	return rows
}
