package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/sandrepl/sandrepl/tui/complete"
	"github.com/sandrepl/sandrepl/tui/transcript"
)

// toTranscript takes what the transcript reports at once, as toEditor does; only work that goes on is a command.
func (m Model) toTranscript(msg tea.Msg) (tea.Model, tea.Cmd) {
	var report tea.Cmd
	m.transcript, report = m.transcript.Update(msg)
	m = m.attend()
	if report == nil {
		return m, nil
	}
	return m.reported(report)
}

// paste gives pasted text to what takes text now: where nothing does, to the editor, as for a key that is typed there.
func (m Model) paste(msg tea.PasteMsg) (tea.Model, tea.Cmd) {
	if _, reads := m.overlay.(over[complete.Docs]); reads {
		m.overlay = nil
	}
	switch {
	case m.overlay != nil:
		return m.toOverlay(msg)
	case m.transcript.Typing():
		return m.toTranscript(msg)
	case m.transcript.Active():
		m = m.leaveCells()
	}
	return m.focus(false).toEditor(msg)
}

// attend gives the cursor to the editor, or takes it while the keys are the transcript's.
func (m Model) attend() Model {
	switch active := m.transcript.Active(); {
	case active && m.editor.Focused():
		m.editor = m.editor.Blur()
	case !active && !m.look.inPanel && !m.editor.Focused():
		m.editor = m.editor.Focus()
	}
	return m
}

func (m Model) reported(report tea.Cmd) (tea.Model, tea.Cmd) {
	switch msg := report().(type) {
	case transcript.WorkMsg:
		return m, func() tea.Msg { return msg }
	case transcript.LeaveMsg:
		m = m.leaveCells()
		if msg.Key != nil {
			return m.toEditor(*msg.Key)
		}
		return m, nil
	case transcript.RunMsg:
		return m.leaveCells().submit(msg.Code)
	case transcript.EditMsg:
		m = m.leaveCells()
		m.editor = m.editor.SetValue(msg.Code)
		if msg.Line > 0 {
			m.editor = m.editor.GoTo(msg.Line)
		}
		return m.layout(), nil
	case transcript.CopyMsg:
		m.status.note = fmt.Sprintf("copied %s", msg.What)
		return m, tea.SetClipboard(msg.Text)
	case transcript.TellMsg:
		m.status.note = safeLine(msg.Text)
	}
	return m, nil
}

// browse gives the keys to the cells, or with search to a search through them.
func (m Model) browse(search bool) (tea.Model, tea.Cmd) {
	m = m.focus(false)
	if search {
		m.transcript = m.transcript.Search()
	} else {
		m.transcript = m.transcript.Browse()
	}
	if !m.transcript.Active() {
		m.status.note = "there are no cells yet"
	}
	return m.attend(), nil
}

func (m Model) leaveCells() Model {
	m.transcript = m.transcript.Leave()
	return m.attend()
}

// fix puts the cell at fault for the latest failure into the editor.
func (m Model) fix() (tea.Model, tea.Cmd) { return m.reported(m.transcript.FixLast()) }
