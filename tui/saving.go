package tui

import tea "charm.land/bubbletea/v2"

// savedMsg says where the cells were written to.
type savedMsg string

// save writes all cells to a file, beside what goes on.
func (m Model) save() (tea.Model, tea.Cmd) {
	if m.session == nil || m.opts.Save == nil {
		m.status.note = "there is no session to save"
		return m, nil
	}
	write, life, id := m.opts.Save, m.queue.life, m.session.Info().SandboxID
	return m, func() tea.Msg {
		said, err := write(life, id)
		if err != nil {
			return noticeMsg{err}
		}
		return savedMsg(said)
	}
}
