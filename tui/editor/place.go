package editor

import "github.com/sandrepl/sandrepl/themes"

// Text is the code being edited, as whoever helps to write it needs it: its lines, what each inherits from the lines above, and
// the line and the byte in it where the cursor is. The slices are the editor's own and never change.
func (m Model) Text() (lines []string, states []themes.LineState, line, byte int) {
	at := m.code.caret.at
	return m.code.doc.lines, m.code.doc.states, at.line, at.byte
}

// Before is the code before the cursor.
func (m Model) Before() string { return m.code.doc.between(position{}, m.code.caret.at) }

// Selecting tells whether text is selected.
func (m Model) Selecting() bool { return m.field().caret.selecting() }

// Replace puts text in the place of some bytes of the cursor's line, as one step of undo, and the cursor after it.
func (m Model) Replace(from, to int, text string) Model {
	f := m.code
	line := f.caret.at.line
	from = min(max(from, 0), len(f.doc.lines[line]))
	to = min(max(to, from), len(f.doc.lines[line]))
	m.code = f.replace(whole, f.snap(position{line, from}), f.snap(position{line, to}), clean(text))
	m.kills = m.kills.resting()
	return m.settle()
}
