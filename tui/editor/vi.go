package editor

import (
	"slices"
	"strings"
	"unicode"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// viMode is what keys mean while vi's are on. Its zero value is what the editor is without them: keys are typed in.
type viMode uint8

const (
	viInsert viMode = iota
	viReplace
	viNormal
	viVisual
	viLines // as visual, by whole lines
)

func (v viMode) visual() bool { return v == viVisual || v == viLines }

// vi is what vi's keys remember beside the text.
type vi struct {
	on        bool
	keys      []string // of the command that is being typed
	registers registers
	charFind  charFind
	change    change
}

// viField is what they remember of one text.
type viField struct {
	mode      viMode
	insertion insertion
	marks     marks
	selected  viMode // what the latest visual mode was
}

// SetVi switches vi's keys on, and back to Emacs'. They begin in insert mode, as each new cell does.
func (m Model) SetVi(on bool) Model {
	if m.vi.on == on {
		return m
	}
	m.vi = vi{on: on}
	m.code.vi = viField{}
	m.code.caret = collapsed(m.code.caret.at)
	if m.reading != nil {
		r := *m.reading
		r.field.vi, r.field.caret = viField{}, collapsed(r.field.caret.at)
		m.reading = &r
	}
	return m.settle()
}

// Vi tells whether vi's keys are on.
func (m Model) Vi() bool { return m.vi.on }

// Mode is vi's mode and what is typed of a command so far, to be shown; "" without vi.
func (m Model) Mode() string {
	if !m.vi.on {
		return ""
	}
	name := [...]string{viInsert: "INSERT", viReplace: "REPLACE", viNormal: "NORMAL", viVisual: "VISUAL", viLines: "V-LINE"}[m.mode()]
	return strings.TrimSpace(name + " " + strings.Join(m.vi.keys, ""))
}

// Inserting tells whether what is typed goes into the text: always, but in vi's other modes.
func (m Model) Inserting() bool { return m.mode() == viInsert }

// cursorShape tells the mode by the cursor.
func (m Model) cursorShape() tea.CursorShape {
	switch {
	case m.finding != nil || m.mode() == viInsert:
		return tea.CursorBar
	case m.mode() == viReplace:
		return tea.CursorUnderline
	}
	return tea.CursorBlock
}

// Takes tells whether a key that has another meaning elsewhere is vi's in this mode.
func (m Model) Takes(msg tea.KeyPressMsg) bool {
	if !m.vi.on || m.finding != nil || !m.focused {
		return false
	}
	if r := []rune(typedWithAlt(msg)); len(r) == 1 && (unicode.IsLetter(r[0]) || unicode.IsDigit(r[0])) {
		return true
	}
	_, _, known := viGrammar.parse(slices.Concat(m.vi.keys, []string{msg.String()}), m.mode().visual())
	return known && msg.Text == "" && m.mode() > viReplace
}

// typedWithAlt is the character of a key pressed with alt. A terminal sends it as it sends esc and the character, so that who
// types fast may mean these.
func typedWithAlt(msg tea.KeyPressMsg) string {
	r := msg.Code
	switch {
	case !msg.Mod.Contains(tea.ModAlt) || msg.Mod&^(tea.ModAlt|tea.ModShift) != 0 || !unicode.IsPrint(r) || r > unicode.MaxLatin1:
		return ""
	case msg.Mod.Contains(tea.ModShift) && msg.ShiftedCode != 0:
		r = msg.ShiftedCode
	case msg.Mod.Contains(tea.ModShift):
		r = unicode.ToUpper(r)
	}
	return string(r)
}

// Clear empties the code, as giving it up does: vi begins anew, inserting. Undo brings back what was there.
func (m Model) Clear() Model {
	m.code.vi.mode = viInsert
	return m.SetValue("")
}

func (m Model) mode() viMode { return m.field().vi.mode }

// doVi is what a stroke does with vi's keys on: those that are no command of vi's mean what they mean without it.
func (m Model) doVi(s stroke) (Model, tea.Cmd) {
	k := &m.KeyMap
	switch mode := m.mode(); {
	case s.alt != "":
		m, _ = m.leaveMode()
		return m.doVi(stroke{name: s.alt, text: s.alt})
	case key.Matches(s, k.Unselect):
		if next, left := m.leaveMode(); left {
			return next, nil
		}
		return m.plain(s)
	case mode == viReplace && s.text != "" && !key.Matches(s, k.Run):
		return m.acting(overtyping(m.fit(s.text))), nil
	case mode == viReplace && key.Matches(s, k.Backspace):
		return m.uncover(), nil
	case mode <= viReplace || m.reading != nil && len(m.vi.keys) == 0 && key.Matches(s, k.Run, k.RunAlways, k.Newline):
		return m.plain(s)
	case m.reading == nil && key.Matches(s, k.Find):
		return m.execute(viCommand{key: "/"})
	}
	name := s.name
	if s.text != "" {
		name = s.text
	}
	keys := slices.Concat(m.vi.keys, []string{name})
	m.vi.keys = nil
	c, done, known := viGrammar.parse(keys, m.mode().visual())
	switch {
	case known && done:
		return m.execute(c)
	case known:
		m.vi.keys = keys
		return m, nil
	case s.text != "":
		return m, nil
	case m.reading == nil && key.Matches(s, k.Run):
		return m.enterVi()
	}
	next, cmd := m.plain(s)
	if f := m.field(); f.vi.mode.visual() && (next.field().past != f.past || cmd != nil) {
		// The key is about the selection, which is without its last character when vi is not.
		next, cmd = m.put(f.exclusive()).plain(s)
		if f = next.field(); f.vi.mode > viReplace { // not when it ran
			at, _ := f.caret.ordered()
			f.vi.mode = viNormal
			next = next.with(f.move(at, false))
		}
	}
	return next, cmd
}

// leaveMode goes back to normal mode, or forgets what is typed of a command there.
func (m Model) leaveMode() (next Model, left bool) {
	switch mode := m.mode(); {
	case mode <= viReplace:
		return m.leaveInsert(), true
	case len(m.vi.keys) > 0:
		m.vi.keys = nil
		return m, true
	case mode.visual():
		return m.with(m.field().unvisual()), true
	}
	return m, false
}

// enterVi runs the cell when it is complete, wherever the cursor is; otherwise it goes on at its end.
func (m Model) enterVi() (Model, tea.Cmd) {
	code := m.code.doc.text()
	if Complete(code) || Complete(code+"\n") {
		return m.submit()
	}
	f := m.code.unvisual()
	m.code = f.move(f.doc.end(), false)
	return m.execute(viCommand{key: "o"})
}

// execute carries a command out, as one step of undo.
func (m Model) execute(c viCommand) (Model, tea.Cmd) {
	row, visual := viGrammar.row(c, m.mode().visual()), m.mode().visual()
	f := m.field()
	base := f.past
	f.sealed = true
	m = m.put(f)
	next, cmd := row.run(m, c)
	if !row.changes {
		return next, cmd
	}
	if visual && c.shape == nil {
		c.shape = f.shape()
	}
	return next.changed(base, c), cmd
}

// changed makes one step of what a command changed, and remembers it for doing it again. What is inserted still belongs to it.
func (m Model) changed(base *step, c viCommand) Model {
	f := m.field()
	switch {
	case f.vi.mode <= viReplace:
		f.vi.insertion.base, f.vi.insertion.command = base, c
	case f.past != base:
		f = f.joined(base)
		m.vi.change = change{command: c}
	}
	return m.put(f)
}

// resting keeps the cursor on a character when nothing is typed in. What is selected by other keys or the mouse is vi's selection.
func (f field) resting() field {
	switch {
	case f.vi.mode == viNormal && f.caret.selecting():
		f.vi.mode = viVisual
	case f.vi.mode == viNormal:
		f.caret = collapsed(f.onCharacter(f.caret.at))
	}
	return f
}

// onCharacter is p or, at the end of a line, the last character before it.
func (f field) onCharacter(p position) position {
	if line := f.doc.lines[p.line]; p.byte >= len(line) && p.byte > 0 {
		p.byte = prevCluster(line, len(line))
	}
	return p
}
