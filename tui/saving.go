package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sandrepl/sandrepl/tui/dialog"
	"github.com/sandrepl/sandrepl/tui/transcript"
)

// savedMsg says where the cells were written to.
type savedMsg string

const (
	askFormat    = "format"
	formatScreen = "svg" // not the cells, but the screen
)

// askSave asks as what all cells are saved.
func (m Model) askSave() Model {
	if m.session == nil || m.opts.Save == nil {
		m.status.note = "there is no session to save"
		return m
	}
	m.overlay = over[dialog.Confirm]{dialog.NewConfirm(m.look.theme, askFormat, "Save all cells, or the screen", "A new file in the folder that sandrepl was started in; none is overwritten.",
		dialog.Button{ID: "ipynb", Label: "Notebook"}, dialog.Button{ID: "py", Label: "Python"}, dialog.Button{ID: "md", Label: "Markdown"},
		dialog.Button{ID: formatScreen, Label: "Picture of the screen"})}
	return m
}

// save writes all cells to a file, beside what goes on.
func (m Model) save(format string) (tea.Model, tea.Cmd) {
	write, life, id := m.opts.Save, m.queue.life, m.session.Info().SandboxID
	return m, func() tea.Msg {
		said, err := write(life, id, format)
		if err != nil {
			return noticeMsg{err}
		}
		return savedMsg(said)
	}
}

// saved tells the path among the cells, where there is room for it.
func (m Model) saved(msg savedMsg) Model {
	m.status.note = ""
	m.transcript = m.transcript.Notice(transcript.Info, safeLine(string(msg)))
	return m
}
