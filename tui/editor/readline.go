package editor

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
)

// reading is the one line that answers input(); the code waits meanwhile.
type reading struct {
	field    field
	prompt   string
	password bool
}

// SetReadline takes one line for input(), or for getpass() with password: Enter sends ReplyMsg. The prompt comes from the
// sandbox: only the text of its last line is shown.
func (m Model) SetReadline(prompt string, password bool) Model {
	prompt = ansi.Strip(clean(prompt))
	prompt = themes.Visible(prompt[strings.LastIndexByte(prompt, '\n')+1:])
	m.reading = &reading{field: newField(""), prompt: prompt, password: password}
	m.kills, m.finding, m.chord, m.vi.keys = m.kills.resting(), nil, "", nil
	return m.relayout()
}

// EndReadline goes back to the code without an answer, as when the cell was interrupted.
func (m Model) EndReadline() Model {
	m.reading, m.kills, m.vi.keys = nil, m.kills.resting(), nil
	return m.relayout()
}

// Reading tells whether a line for input() is being taken.
func (m Model) Reading() bool { return m.reading != nil }

func (m Model) masked() bool { return m.reading != nil && m.reading.password }

// pressReading takes the keys that mean something else in a single line; done tells whether this was one.
func (m Model) pressReading(msg stroke) (next Model, cmd tea.Cmd, done bool) {
	k := &m.KeyMap
	switch {
	case key.Matches(msg, k.Run, k.RunAlways, k.Newline):
		return m.EndReadline(), send(ReplyMsg{Value: m.reading.field.doc.text()}), true
	case key.Matches(msg, k.EndOfInput) && m.Empty():
		return m.EndReadline(), send(ReplyMsg{EOF: true}), true
	case key.Matches(msg, k.Indent):
		return m.with(m.reading.field.insert(whole, "\t")), nil, true
	case key.Matches(msg, k.Dedent):
		return m, nil, true
	}
	return m, nil, false
}
