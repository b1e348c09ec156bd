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
func (m Model) Selecting() bool { return m.field().caret.selecting() || m.mode().visual() }

// Replace puts text in the place of some bytes of the cursor's line, as one step of undo, and the cursor after it.
func (m Model) Replace(from, to int, text string) Model {
	at := m.code.caret.at.byte
	from = max(from, 0)
	return m.acting(replacing(at-from, max(to, from)-at, clean(text)))
}

// replacing puts text in the place of some bytes before the cursor and after it, as far as its line has them.
func replacing(before, after int, text string) func(m Model) Model {
	return func(m Model) Model {
		f := m.code
		p := f.caret.at
		end := len(f.doc.lines[p.line])
		from := min(max(p.byte-before, 0), end)
		to := min(max(p.byte+after, from), end)
		m.code = f.replace(whole, f.snap(position{p.line, from}), f.snap(position{p.line, to}), text)
		m.kills = m.kills.resting()
		return m.settle()
	}
}
