package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sandrepl/sandrepl/tui/dialog"
)

// An overlay is the dialog that lies over the screen and takes the keys.
type overlay interface {
	update(tea.Msg) (overlay, tea.Cmd)
	view(width, height int) string
}

// A dialogue is any of the dialogs, each of which updates to its own type.
type dialogue[T any] interface {
	Update(tea.Msg) (T, tea.Cmd)
	View(width, height int) string
}

type over[T dialogue[T]] struct{ dialog T }

func (o over[T]) update(msg tea.Msg) (overlay, tea.Cmd) {
	next, cmd := o.dialog.Update(msg)
	return over[T]{next}, cmd
}

func (o over[T]) view(width, height int) string { return o.dialog.View(width, height) }

func (m Model) toOverlay(msg tea.Msg) (tea.Model, tea.Cmd) {
	if m.overlay == nil {
		return m, nil // closed meanwhile
	}
	m.overlay, _ = m.overlay.update(tea.WindowSizeMsg{Width: m.look.width, Height: m.look.height})
	var report tea.Cmd
	m.overlay, report = m.overlay.update(msg)
	if report == nil {
		return m, nil
	}
	return m.Update(report()) // at once, as the editor's: what is typed after it goes where it belongs
}

func (m Model) askHelp() Model {
	m.overlay = over[dialog.Help]{dialog.NewHelp(m.look.theme, m.groups())}
	return m
}

// The question before a restart, and its answers.
const (
	askRestart = "restart"
	answerNo   = "no"
	answerYes  = "yes"
)

// restart asks before it ends a kernel; where there is none, it tries to bring one up.
func (m Model) restart() (tea.Model, tea.Cmd) {
	switch {
	case m.status.dead:
		m.overlay = nil
		m.status = m.status.reopening()
		m, tick := m.layout().ticking()
		if m.session == nil {
			return m, tea.Batch(tick, m.open)
		}
		return m, tea.Batch(tick, m.restartKernel())
	case m.session == nil:
		m.status.note = "the sandbox is starting"
		return m, nil
	}
	m.overlay = over[dialog.Confirm]{dialog.NewConfirm(m.look.theme, askRestart, "Restart the kernel?",
		"The running cell ends, and all variables are lost. The sandbox's files stay.",
		dialog.Button{ID: answerNo, Label: "Keep it"}, dialog.Button{ID: answerYes, Label: "Restart", Danger: true})}
	return m, nil
}

func (m Model) choose(c dialog.ChoiceMsg) (tea.Model, tea.Cmd) {
	m.overlay = nil
	if c.Dialog == askFormat && c.Button == formatScreen {
		return m, m.savePicture()
	}
	if c.Dialog == askFormat {
		return m.save(c.Button)
	}
	if c.Dialog != askRestart || c.Button != answerYes {
		return m, nil
	}
	m.status.stopping = restarting
	return m, m.restartKernel()
}

func (m Model) restartKernel() tea.Cmd {
	session, life := m.session, m.queue.life
	return func() tea.Msg {
		if err := session.Restart(life); err != nil {
			return noticeMsg{err}
		}
		return nil
	}
}
