package tui

import (
	tea "charm.land/bubbletea/v2"
)

// grip is what the mouse holds until its button is up: the border of the panel, or the rule above the editor.
type grip uint8

const (
	gripNone grip = iota
	gripPanel
	gripEditor
)

// mouse gives the pointer to whom it belongs: what it holds first, then what lies over the rest, then what is under it.
func (m Model) mouse(msg tea.MouseMsg) (tea.Model, tea.Cmd) {
	at := msg.Mouse()
	_, wheel := msg.(tea.MouseWheelMsg)
	click, clicks := msg.(tea.MouseClickMsg)
	switch {
	case m.look.grip != gripNone:
		return m.drag(msg)
	case m.overlay != nil:
		return m.pointInOverlay(msg)
	case m.editor.Dragging():
		return m.pointInEditor(msg)
	case m.transcript.Dragging():
		return m.toTranscript(shifted(msg, 0, -m.look.panelHeight()))
	case clicks && m.toastAt(at.X, at.Y):
		return m.dismiss(at.Y)
	case m.complete.At(at.X, at.Y):
		return m.pointAtCompletion(msg)
	case clicks && at.Button == tea.MouseLeft && m.gripAt(at.X, at.Y) != gripNone:
		m.look.grip = m.gripAt(at.X, at.Y)
		return m, nil
	case at.Y >= m.look.bodyHeight():
		if clicks {
			return m.pressStatus(click)
		}
		return m, nil
	case m.overPanel(at.X, at.Y):
		if clicks && at.Y > 0 && !m.look.inPanel { // not by the title, which sorts
			m = m.leaveCells().focus(true)
		}
		return m.toLocals(shifted(msg, -m.panelAt(), 0))
	case at.Y >= m.look.editorAt() && (!wheel || m.editor.Rows() > m.look.editorRows): // what is all in view needs no wheel
		return m.pointInEditor(msg)
	case clicks && m.look.inPanel:
		m = m.focus(false)
	}
	return m.toTranscript(shifted(msg, 0, -m.look.panelHeight()))
}

// shifted is the same message, in the columns and rows of a part of the screen.
func shifted(msg tea.MouseMsg, x, y int) tea.MouseMsg {
	at := msg.Mouse()
	at.X, at.Y = at.X+x, at.Y+y
	switch msg.(type) {
	case tea.MouseClickMsg:
		return tea.MouseClickMsg(at)
	case tea.MouseReleaseMsg:
		return tea.MouseReleaseMsg(at)
	case tea.MouseWheelMsg:
		return tea.MouseWheelMsg(at)
	}
	return tea.MouseMotionMsg(at)
}

// panelAt is the column where the panel's text begins.
func (m Model) panelAt() int {
	if m.look.panelWidth() > 0 {
		return m.look.leftWidth() + 2
	}
	return 0
}

func (m Model) overPanel(x, y int) bool {
	return m.look.panelWidth() > 0 && x >= m.look.leftWidth() || y < m.look.panelHeight()
}

// gripAt is the border at a place of the screen.
func (m Model) gripAt(x, y int) grip {
	l := m.look
	switch {
	case l.panelWidth() > 0 && x == l.leftWidth() && y < l.bodyHeight(), l.panelHeight() > 0 && y == l.panelHeight()-1:
		return gripPanel
	case l.ruleRows() > 0 && y == l.ruleAt() && x < l.leftWidth():
		return gripEditor
	}
	return gripNone
}

// drag moves what the mouse holds; where it lets go is remembered.
func (m Model) drag(msg tea.MouseMsg) (tea.Model, tea.Cmd) {
	at := msg.Mouse()
	if _, over := msg.(tea.MouseReleaseMsg); over {
		m.look.grip = gripNone
		return m.sized()
	}
	switch {
	case m.look.grip == gripEditor:
		m.look.editorSet = m.look.bodyHeight() - m.look.ruleRows() - at.Y
	case m.look.stacked():
		m.look.panelRows = max(at.Y+1, 1)
	default:
		m.look.panel = max(m.look.width-at.X, 1)
	}
	return m.bounded().layout(), nil
}

// bounded keeps sizes that were set within what the screen has. An editor of one row is as high as its text.
func (m Model) bounded() Model {
	l := &m.look
	if l.panel > 0 && l.panelWidth() > 0 {
		l.panel = l.panelWidth()
	}
	if l.panelRows > 0 && l.panelHeight() > 0 {
		l.panelRows = l.panelHeight()
	}
	if l.editorSet = min(l.editorSet, l.bodyHeight()-l.panelHeight()-minCellRows-1); l.editorSet < 2 {
		l.editorSet = 0
	}
	return m
}

// sized lays out the sizes that were set, and remembers them.
func (m Model) sized() (tea.Model, tea.Cmd) {
	m = m.bounded().layout()
	state := &m.opts.Screen.State
	state.LocalsWidth, state.LocalsRows, state.EditorRows = m.look.panel, m.look.panelRows, m.look.editorSet
	return m, m.remember()
}

// How much a key makes the panel larger, or smaller.
const (
	panelColumns = 4
	panelRows    = 2
)

// resized makes the panel larger or, with -1, smaller.
func (m Model) resized(by int) (tea.Model, tea.Cmd) {
	switch {
	case m.look.panelWidth() > 0:
		m.look.panel = max(m.look.panelWidth()+by*panelColumns, 1)
	case m.look.panelHeight() > 0:
		m.look.panelRows = max(m.look.panelHeight()+by*panelRows, 1)
	}
	return m.sized()
}

// heightened makes the editor higher or, with -1, lower.
func (m Model) heightened(by int) (tea.Model, tea.Cmd) {
	m.look.editorSet = m.look.editorRows + by
	return m.sized()
}

// pointInEditor gives the editor the mouse in its own rows and columns; a click brings the keys there.
func (m Model) pointInEditor(msg tea.MouseMsg) (tea.Model, tea.Cmd) {
	if _, click := msg.(tea.MouseClickMsg); click {
		m = m.leaveCells().focus(false)
	}
	return m.toEditor(shifted(msg, 0, -m.look.editorAt()))
}

// pointInOverlay gives a dialog the mouse in its own rows and columns. A click beside it closes it, if anything may.
func (m Model) pointInOverlay(msg tea.MouseMsg) (tea.Model, tea.Cmd) {
	x, y := m.overAt(m.overlay.view(m.look.width, m.look.height))
	return m.toOverlay(shifted(msg, -x, -y))
}
