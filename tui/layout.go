package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
)

// look is how the screen is divided.
type look struct {
	theme         themes.Theme
	width, height int
	editorRows    int
	hidePanel     bool // by the user
	inPanel       bool // the keys go there
	panel         int  // columns of the panel, as set; 0: by the width
	depth         themes.Depth
	painted       bool // the terminal wears the theme's own ground
	unfocused     bool // the terminal is
}

// Below this width the panel gives its room to the cells.
const minWidthForPanel = 76

// panelWidth is the panel's width, its border included; 0 when it is hidden.
func (l look) panelWidth() int {
	if l.hidePanel || l.width < minWidthForPanel {
		return 0
	}
	if l.panel > 0 {
		return min(max(l.panel, 16), l.width-40)
	}
	return min(max(l.width*3/10, 30), 60)
}

func (l look) leftWidth() int { return l.width - l.panelWidth() }

// bodyHeight is what the status line leaves.
func (l look) bodyHeight() int { return max(l.height-1, 0) }

// transcriptHeight leaves a rule above the editor.
func (l look) transcriptHeight() int { return max(l.bodyHeight()-1-l.editorRows, 0) }

// layout gives every component its place; it follows each change of size or of the editor's rows.
func (m Model) layout() Model {
	l := &m.look
	if l.width <= 0 || l.height <= 0 {
		return m
	}
	most := max(l.bodyHeight()/2, 1)
	m.editor = m.editor.SetSize(l.leftWidth(), most)
	l.editorRows = min(max(m.editor.Rows(), 1), most)
	m.transcript = m.transcript.SetSize(l.leftWidth(), l.transcriptHeight())
	if l.panelWidth() > 0 {
		m.locals = m.locals.SetSize(l.panelWidth()-2, l.bodyHeight())
	} else if l.inPanel {
		m = m.focus(false)
	}
	return m.placeCompletion().tellPanel()
}

// tellPanel tells the kernel what its values are shown on: tables and line breaks follow it.
func (m Model) tellPanel() Model {
	columns, lines := max(m.transcript.Columns(), 1), max(m.look.transcriptHeight(), 1)
	m = m.pictureHeight(lines)
	width, height := m.gallery.Pixels(columns, m.picturesHigh)
	panel := [4]int{columns, lines, width, height}
	if m.session == nil || panel[0] == m.panel[0] && panel[2] == m.panel[2] && m.panel[1] > 0 {
		return m
	}
	m.panel = panel
	_ = m.session.Resize(columns, lines, width, height) // a session that ended shows nothing more
	return m
}

// View draws the screen.
func (m Model) View() tea.View {
	v := tea.NewView("")
	v.AltScreen = true
	v.MouseMode = tea.MouseModeCellMotion
	if m.look.width <= 0 || m.look.height <= 0 {
		return m.adorned(v)
	}
	body := m.left()
	if m.look.panelWidth() > 0 {
		body = m.besides(body)
	}
	screen := strings.Join(body, "\n") + "\n" + m.status.view(m.look.theme, m.look.width)
	if m.overlay != nil {
		screen = m.over(screen, m.overlay.view(m.look.width, m.look.height))
	} else {
		v.Cursor = m.cursor()
		screen = m.overCompletion(screen)
	}
	v.Content = screen
	return m.adorned(v)
}

func (m Model) cursor() *tea.Cursor {
	cursor := m.editor.Cursor()
	if cursor == nil || m.look.inPanel {
		return nil
	}
	cursor.Y += m.look.transcriptHeight() + 1
	return cursor
}

// left is the transcript, a rule, and the editor.
func (m Model) left() []string {
	lines := make([]string, 0, m.look.bodyHeight())
	if m.look.transcriptHeight() > 0 {
		lines = append(lines, strings.Split(m.transcript.View(), "\n")...)
	}
	lines = append(lines, m.rule())
	lines = append(lines, strings.Split(m.editor.View(), "\n")...)
	return lines[:min(len(lines), m.look.bodyHeight())]
}

// besides puts the panel to the right of the lines.
func (m Model) besides(lines []string) []string {
	width := m.look.leftWidth()
	panel := strings.Split(m.locals.View(), "\n")
	role := themes.Faint
	if m.look.inPanel {
		role = themes.Accent
	}
	border := m.look.theme.Paint(role, "│") + " "
	for i := range lines {
		pad := max(width-ansi.StringWidth(lines[i]), 0)
		side := ""
		if i < len(panel) {
			side = panel[i]
		}
		lines[i] += strings.Repeat(" ", pad) + border + side
	}
	return lines
}

// over lays a dialog over the middle of the screen.
func (m Model) over(screen, box string) string {
	x := max((m.look.width-lipgloss.Width(box))/2, 0)
	y := max((m.look.height-lipgloss.Height(box))/2, 0)
	return lay(screen, box, x, y, m.look.width)
}
