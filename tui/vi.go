package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sandrepl/sandrepl/tui/dialog"
	"github.com/sandrepl/sandrepl/tui/editor"
)

// switchVi gives the editor vi's keys, or Emacs' again; what is set decides how the next start has it.
func (m Model) switchVi() Model {
	m.editor = m.editor.SetVi(!m.editor.Vi())
	m.status.note = "Emacs' keys"
	if m.editor.Vi() {
		m.status.note = "vi's keys; editing_mode = \"vi\" in config.toml keeps them"
	}
	return m.layout()
}

// viTakes tells whether a key of the root's is vi's while text is edited in a mode of vi's.
func (m Model) viTakes(msg tea.KeyPressMsg) bool {
	return !m.transcript.Active() && m.editor.Takes(msg)
}

// viMode is what the status line tells of vi's keys, while the editor has the keys.
func (m Model) viMode() string {
	if m.look.inPanel || m.transcript.Active() {
		return ""
	}
	return m.editor.Mode()
}

func (m Model) viGroups() []dialog.Group {
	if !m.editor.Vi() {
		return nil
	}
	return []dialog.Group{{Title: "vi, after esc", Keys: editor.ViHelp()}}
}
