package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
)

// look is how the screen is divided: the locals beside the cells or, where there is no width for that, above them; then a rule,
// the editor, and the status line.
type look struct {
	theme         themes.Theme
	width, height int
	editorRows    int
	hidePanel     bool // by the user
	inPanel       bool // the keys go there
	panel         int  // columns of the panel, as set; 0: by the width
	panelRows     int  // its rows where it lies above, as set; 0: by the height
	editorSet     int  // rows of the editor, as set; 0: as many as its text needs
	depth         themes.Depth
	light         bool // the terminal's background is
	painted       bool // the terminal wears the theme's own ground
	unfocused     bool // the terminal is
	grip          grip // what the mouse holds
}

const (
	minWidthBeside  = 76 // of the screen: below it the panel lies above the cells
	minHeightAbove  = 14 // below it there is no room for that either
	minPanelColumns = 16
	minPanelRows    = 3  // title, a row, rule
	minCellColumns  = 60 // what a panel leaves the cells that was made larger
	usualColumns    = 30 // what a panel has at least that was not made smaller
	minCellRows     = 3
)

// stacked tells whether the panel's place is above the cells.
func (l look) stacked() bool { return l.width < minWidthBeside }

// panelShown tells whether the panel is on the screen.
func (l look) panelShown() bool { return l.panelWidth() > 0 || l.panelHeight() > 0 }

// panelWidth is the width of a panel beside the cells, its border included; 0 when there is none.
func (l look) panelWidth() int {
	if l.hidePanel || l.stacked() {
		return 0
	}
	if l.panel > 0 {
		return min(max(l.panel, minPanelColumns), max(l.width-minCellColumns, usualColumns))
	}
	return min(max(l.width*3/10, usualColumns), 60)
}

// panelHeight is the height of a panel above the cells, its border included; 0 when there is none.
func (l look) panelHeight() int {
	if l.hidePanel || !l.stacked() || l.height < minHeightAbove {
		return 0
	}
	if l.panelRows > 0 {
		return min(max(l.panelRows, minPanelRows), l.bodyHeight()-minCellRows-3)
	}
	return min(max(l.bodyHeight()*3/10, 4), 12)
}

func (l look) leftWidth() int { return l.width - l.panelWidth() }

// statusRows and ruleRows are given up first where a screen is tiny.
func (l look) statusRows() int {
	if l.height < 2 {
		return 0
	}
	return 1
}

func (l look) ruleRows() int {
	if l.bodyHeight() < 2 {
		return 0
	}
	return 1
}

// bodyHeight is what the status line leaves.
func (l look) bodyHeight() int { return max(l.height-l.statusRows(), 0) }

// transcriptHeight leaves a rule above the editor.
func (l look) transcriptHeight() int {
	return max(l.bodyHeight()-l.panelHeight()-l.ruleRows()-l.editorRows, 0)
}

// ruleAt and editorAt are the rows of the screen where these begin.
func (l look) ruleAt() int   { return l.panelHeight() + l.transcriptHeight() }
func (l look) editorAt() int { return l.ruleAt() + l.ruleRows() }

// layout gives every component its place; it follows each change of size or of the editor's rows.
func (m Model) layout() Model {
	l := &m.look
	if l.width <= 0 || l.height <= 0 {
		return m
	}
	room := l.bodyHeight() - l.panelHeight()
	least, most := 1, max(room/2, 1)
	if l.editorSet > 0 {
		most = max(min(l.editorSet, room-minCellRows-1), 1)
		least = most
	}
	m.editor = m.editor.SetSize(l.leftWidth(), most)
	l.editorRows = min(max(m.editor.Rows(), least), most)
	m.transcript = m.transcript.SetSize(l.leftWidth(), l.transcriptHeight())
	switch {
	case l.panelWidth() > 0:
		m.locals = m.locals.SetSize(l.panelWidth()-2, l.bodyHeight())
	case l.panelHeight() > 0:
		m.locals = m.locals.SetSize(l.width, l.panelHeight()-1)
	case l.inPanel:
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
	defer m.pacer.drawn()
	v := tea.NewView("")
	v.AltScreen = true
	v.MouseMode = tea.MouseModeCellMotion
	if m.look.width <= 0 || m.look.height <= 0 {
		return m.adorned(v)
	}
	body := m.left()
	switch {
	case m.look.panelWidth() > 0:
		body = m.besides(body)
	case m.look.panelHeight() > 0:
		body = append(m.above(), body...)
	}
	if m.look.statusRows() > 0 {
		body = append(body, m.statusLine())
	}
	if m.overlay == nil {
		body = m.toasted(body)
	}
	screen := strings.Join(body, "\n")
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
	cursor.Y += m.look.editorAt()
	return cursor
}

// left is the transcript, a rule, and the editor.
func (m Model) left() []string {
	lines := make([]string, 0, m.look.bodyHeight()+1)
	if m.look.transcriptHeight() > 0 {
		lines = append(lines, m.greeted(strings.Split(m.transcript.View(), "\n"))...)
	}
	if m.look.ruleRows() > 0 {
		lines = append(lines, m.rule())
	}
	lines = append(lines, strings.Split(m.editor.View(), "\n")...)
	rows := m.look.bodyHeight() - m.look.panelHeight()
	for len(lines) < rows {
		lines = append(lines, "")
	}
	return lines[:rows]
}

// border is how a panel's border is drawn: brighter while the mouse holds it, or the keys go there.
func (m Model) border(held grip, text string) string {
	role := themes.Faint
	if m.look.grip == held || held == gripPanel && m.look.inPanel {
		role = themes.Accent
	}
	return m.look.theme.Paint(role, text)
}

// above is the panel where it lies above the cells, and the rule under it.
func (m Model) above() []string {
	return append(strings.Split(m.locals.View(), "\n"), m.border(gripPanel, strings.Repeat("─", m.look.width)))
}

// besides puts the panel to the right of the lines.
func (m Model) besides(lines []string) []string {
	width := m.look.leftWidth()
	panel := strings.Split(m.locals.View(), "\n")
	border := m.border(gripPanel, "│") + " "
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
	x, y := m.overAt(box)
	return lay(screen, box, x, y, m.look.width)
}

// overAt is where a dialog's box has its top left corner.
func (m Model) overAt(box string) (x, y int) {
	return max((m.look.width-lipgloss.Width(box))/2, 0), max((m.look.height-lipgloss.Height(box))/2, 0)
}
