package editor

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// pointer is what the mouse is doing.
type pointer struct {
	dragging bool
	at       position // of the latest click
	when     time.Time
}

// doubleClick is how soon a second click at a place selects the word there.
const doubleClick = 400 * time.Millisecond

// Dragging tells whether a selection is being drawn: until the button is up again the mouse is the editor's, wherever it goes.
func (m Model) Dragging() bool { return m.pointer.dragging }

// mouse takes the pointer's messages, in cells from the top left of the view; they may lie outside it while dragging.
func (m Model) mouse(msg tea.MouseMsg) Model {
	f, at := m.field(), msg.Mouse()
	here := m.under(at.X, at.Y)
	switch msg.(type) {
	case tea.MouseClickMsg:
		if at.Button != tea.MouseLeft {
			return m
		}
		m.finding, m.vi.keys = nil, nil
		f = f.unvisual()
		now := time.Now()
		again := here == m.pointer.at && now.Sub(m.pointer.when) < doubleClick
		m.pointer = pointer{dragging: true, at: here, when: now}
		if again {
			m.pointer.when = time.Time{}
			if f = f.selectWord(here); f.vi.mode > viReplace && f.caret.selecting() {
				f.caret.at = left(f) // vi selects the character that the cursor is on
			}
			return m.with(f)
		}
		return m.with(f.move(here, at.Mod.Contains(tea.ModShift)))
	case tea.MouseMotionMsg:
		if m.pointer.dragging && here != f.caret.at {
			return m.with(f.move(here, true))
		}
	case tea.MouseReleaseMsg:
		m.pointer.dragging = false
	case tea.MouseWheelMsg:
		x, _ := m.cursorAt()
		switch at.Button {
		case tea.MouseWheelUp:
			return m.with(f.move(m.under(x, -wheelRows), false))
		case tea.MouseWheelDown:
			return m.with(f.move(m.under(x, m.textHeight()-1+wheelRows), false))
		}
	}
	return m
}

// wheelRows is how far one step of the wheel goes. The cursor comes along: it never leaves the view.
const wheelRows = 3

// under is the position at a cell of the view, or the nearest to it; above and below the view the text goes on.
func (m Model) under(x, y int) position {
	f := m.field()
	row, moved := m.layout.down(f.doc, f.top, y)
	if moved != y {
		if y < 0 {
			return position{}
		}
		return f.doc.end()
	}
	return m.layout.at(f.doc, row, max(0, x-m.gutter()))
}

func (f field) selectWord(p position) field {
	f = f.move(p, false)
	for f.wordEndsHere() {
		f.caret.at = left(f)
	}
	f.caret.anchor = f.caret.at
	f.caret.at = p
	for f.wordStartsHere() {
		f.caret.at = right(f)
	}
	return f
}
