// Package editor is the multi-line Python editor at the prompt, and the one-line field that answers input(). It highlights
// as one types, knows when a cell is complete, and reports what the user wants as messages. It is not a window: it has
// no scrollbar, runs nothing, keeps no history of cells, and asks nobody for completions.
package editor

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
)

// Every command that Update returns yields one of these messages at once, without blocking. A parent that calls it inline
// keeps the order of keys typed faster than messages travel.
type (
	// SubmitMsg asks to run a cell. The editor is empty again by then; SetValue brings the code back.
	SubmitMsg struct{ Code string }
	// RecallMsg asks for an older cell (up on the first row) or a newer one (down on the last).
	RecallMsg struct{ Older bool }
	// ReplyMsg answers input(); the editor is back to the code by then.
	ReplyMsg struct {
		Value string
		EOF   bool
	}
	// CopyMsg asks to put text on the clipboard.
	CopyMsg struct{ Text string }
	// DocsMsg asks what is known of the word at the cursor.
	DocsMsg struct{}
	// CommandMsg asks for the commands of the application.
	CommandMsg struct{}
	// ExternalMsg asks for the user's own editor; SetValue brings back what it made of the code.
	ExternalMsg struct{ Code string }
)

// Model is the editor, a value: Update and the setters return the next one.
type Model struct {
	KeyMap KeyMap

	theme   themes.Theme
	layout  layout
	size    struct{ width, height int }
	focused bool

	code    field
	reading *reading // the answer to input(), when that is asked for
	prompt  prompt
	finding *finding // the search, while one is typed
	found   search   // the latest one
	kills   kills
	pointer pointer
	vi      vi
	chord   string // the keys of a binding that has more than one, while they are pressed

	suggestions []string
	tokens      *tokenCache
	problems    *problemCache
}

// prompt is what stands left of the text: of its first row, and of each further line.
type prompt struct{ first, further string }

// New makes an empty, focused editor of 80 columns and up to 10 rows.
func New(theme themes.Theme) Model {
	m := Model{KeyMap: DefaultKeyMap(), theme: theme, focused: true, code: newField(""), tokens: newTokenCache(), problems: &problemCache{}}
	m.layout.wraps = newWrapCache()
	return m.SetSize(80, 10)
}

// SetSize gives the columns that every row has, and the most rows that View draws.
func (m Model) SetSize(width, height int) Model {
	m.size.width, m.size.height = max(1, width), max(1, height)
	return m.relayout()
}

// SetPrompt sets what stands left of the first line ("In [3] ") and of the further ones.
func (m Model) SetPrompt(first, further string) Model {
	m.prompt = prompt{themes.Visible(first), themes.Visible(further)}
	return m.relayout()
}

// SetTheme changes the looks.
func (m Model) SetTheme(theme themes.Theme) Model {
	m.theme = theme
	return m
}

// Focus and Blur: without focus the editor has no cursor and takes no keys.
func (m Model) Focus() Model { m.focused = true; return m }

// Blur is the opposite of Focus.
func (m Model) Blur() Model { m.focused = false; return m }

// Focused tells whether keys are taken.
func (m Model) Focused() bool { return m.focused }

// Value is the code being edited, also while input() is answered.
func (m Model) Value() string { return m.code.doc.text() }

// SetValue replaces the code, as a recalled cell does. Undo brings back what was there.
func (m Model) SetValue(code string) Model {
	f := m.code
	f = f.replace(whole, position{}, f.doc.end(), clean(code))
	m.code = f.unvisual()
	m.kills, m.finding, m.chord, m.vi.keys = m.kills.resting(), nil, "", nil
	return m.settle()
}

// Write puts text at the end of the code as it is, as somebody does who types: undo takes it back word by word.
func (m Model) Write(text string) Model {
	end := m.code.doc.end()
	m.code = m.code.replace(typing, end, end, clean(text))
	return m.settle()
}

// Reset empties the editor and forgets what could be undone.
func (m Model) Reset() Model {
	m.code, m.kills, m.finding, m.chord, m.vi.keys = newField(""), m.kills.resting(), nil, "", nil
	return m.settle()
}

// Empty tells whether the text being edited, code or answer, has nothing in it.
func (m Model) Empty() bool { return m.field().doc.empty() }

// Rows is how many rows the text wants at this width, however many View may draw.
func (m Model) Rows() int {
	n := 0
	for _, line := range m.field().doc.lines {
		n += m.layout.rows(line)
	}
	if m.finding != nil {
		n++
	}
	return n
}

// Update takes keys, the mouse (in cells of the view) and pasted text while focused, and always what the terminal says of itself.
func (m Model) Update(msg tea.Msg) (Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.ModeReportMsg:
		return m.measureLike(msg), nil
	case tea.PasteMsg:
		switch {
		case m.focused && m.finding != nil:
			line, _, _ := strings.Cut(clean(msg.Content), "\n")
			return m.seek(m.finding.text + line), nil
		case m.focused:
			return m.pasting(msg.Content), nil
		}
	case tea.KeyPressMsg:
		if m.focused {
			return m.press(msg)
		}
	case tea.MouseMsg:
		return m.mouse(msg), nil
	}
	return m, nil
}

// measureLike follows Bubble Tea's renderer, which counts columns by cluster once the terminal says that it does so too.
func (m Model) measureLike(msg tea.ModeReportMsg) Model {
	if msg.Mode == ansi.ModeUnicodeCore && !msg.Value.IsNotRecognized() && !msg.Value.IsPermanentlyReset() {
		m.layout.method = ansi.GraphemeWidth
	}
	return m.settle()
}

// stroke is a key, or several in a row that mean one thing, by the name that bindings know it by.
type stroke struct {
	name string
	text string
	alt  string // the character that was pressed with alt
}

func (s stroke) String() string { return s.name }

func (m Model) press(msg tea.KeyPressMsg) (Model, tea.Cmd) {
	s := stroke{name: msg.String(), text: msg.Text, alt: typedWithAlt(msg)}
	if m.chord != "" {
		s, m.chord = stroke{name: m.chord + " " + s.name}, ""
	}
	if m.reading == nil && m.KeyMap.begins(s.name) {
		m.chord = s.name
		return m, nil
	}
	if m.finding != nil {
		if next, done := m.pressFinding(s); done {
			return next, nil
		}
		m = m.endFinding()
	}
	if m.vi.on {
		return m.doVi(s)
	}
	return m.plain(s)
}

// plain is what a stroke does while nothing is waiting for it.
func (m Model) plain(s stroke) (Model, tea.Cmd) {
	k := &m.KeyMap
	if m.reading != nil {
		if next, cmd, done := m.pressReading(s); done {
			return next, cmd
		}
	} else {
		switch {
		case key.Matches(s, k.Run):
			return m.enter()
		case key.Matches(s, k.RunAlways):
			return m.submit()
		case key.Matches(s, k.External):
			return m, send(ExternalMsg{m.Value()})
		case key.Matches(s, k.Find):
			return m.find(search{}), nil
		}
		for _, a := range k.codeActions() {
			if key.Matches(s, *a.binding) {
				return m.acting(a.do), nil
			}
		}
	}
	switch {
	case key.Matches(s, k.Up):
		return m.upOrRecall()
	case key.Matches(s, k.Down):
		return m.downOrRecall()
	case key.Matches(s, k.Copy):
		return m.copy()
	case key.Matches(s, k.Cut):
		return m.cutSelection()
	}
	for _, a := range k.actions() {
		if key.Matches(s, *a.binding) {
			return m.acting(a.do), nil
		}
	}
	if s.text != "" {
		return m.acting(func(m Model) Model { return m.typed(s.text) }), nil
	}
	return m, nil
}

// enter runs a complete cell and continues an incomplete one, by IPython's rules: what counts is the text up to the cursor,
// or all of a single line; above the last line that has text it only makes a new line.
func (m Model) enter() (Model, tea.Cmd) {
	m = m.continuing()
	f := m.code
	lines, at := f.doc.lines, f.caret.at
	if len(lines) == 1 {
		if analyse(lines).complete() {
			return m.submit()
		}
		return m.with(f.newline()).took(editing(field.newline)), nil
	}
	above := f.linesBefore(at)
	a := analyse(above)
	if a.complete() && f.blankBelow(at.line) {
		return m.submit()
	}
	if f.caret.selecting() {
		return m.with(f.newline()).took(editing(field.newline)), nil
	}
	return m.with(f.breakLine(above, a)).took(editing(field.newline)), nil
}

// submit hands the code over; a cell of nothing but blanks stays.
func (m Model) submit() (Model, tea.Cmd) {
	if m.code.doc.blank() {
		return m, nil
	}
	code := strings.TrimRight(m.code.doc.text(), " \t\n")
	return m.Reset(), send(SubmitMsg{code})
}

func send(msg tea.Msg) tea.Cmd { return func() tea.Msg { return msg } }

// field is the text that keys go to.
func (m Model) field() field {
	if m.reading != nil {
		return m.reading.field
	}
	return m.code
}

// with puts the edited text back, with the cursor in view.
func (m Model) with(f field) Model {
	m.kills = m.kills.resting()
	return m.put(f).settle()
}

// put is with, for a text whose cursor is looked after later.
func (m Model) put(f field) Model {
	if m.reading != nil {
		r := *m.reading
		r.field = f
		m.reading = &r
	} else {
		m.code = f
	}
	return m
}
