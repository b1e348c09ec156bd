package tui

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/sandrepl/sandrepl/tui/editor"
)

// overEditor tells whether the mouse is in the editor's rows, or in a drag that began there. The wheel is the transcript's.
func (m Model) overEditor(msg tea.MouseMsg) bool {
	at, top := msg.Mouse(), m.look.transcriptHeight()+1
	_, wheel := msg.(tea.MouseWheelMsg)
	return !wheel && (m.editor.Dragging() || at.Y >= top && at.Y < m.look.bodyHeight() && at.X < m.look.leftWidth())
}

// pointInEditor gives the editor the mouse in its own rows and columns; a click brings the keys there.
func (m Model) pointInEditor(msg tea.MouseMsg) (tea.Model, tea.Cmd) {
	at := msg.Mouse()
	at.Y -= m.look.transcriptHeight() + 1
	switch msg.(type) {
	case tea.MouseClickMsg:
		return m.leaveCells().focus(false).toEditor(tea.MouseClickMsg(at))
	case tea.MouseReleaseMsg:
		return m.toEditor(tea.MouseReleaseMsg(at))
	}
	return m.toEditor(tea.MouseMotionMsg(at))
}

// externalMsg is what the user's own editor made of the code.
type externalMsg struct {
	code string
	err  error
}

var errNoEditor = errors.New("no editor is named: set VISUAL or EDITOR, as in: export EDITOR=vim")

// external lets the user's own editor have the screen, and the code in a file that only the user can read.
func (m Model) external(msg editor.ExternalMsg) (tea.Model, tea.Cmd) {
	name := os.Getenv("VISUAL")
	if name == "" {
		name = os.Getenv("EDITOR")
	}
	command := strings.Fields(name)
	if len(command) == 0 {
		return m.notice(errNoEditor), nil
	}
	path, err := writeCell(msg.Code)
	if err != nil {
		return m.notice(fmt.Errorf("edit the cell: %w", err)), nil
	}
	program := exec.Command(command[0], append(command[1:], path)...) //nolint:gosec // the user's own editor
	program.Stdout = os.Stdout                                        // not what stands in its place for the pictures: an editor wants a terminal
	return m, tea.ExecProcess(program, func(err error) tea.Msg {
		defer os.Remove(path)
		if err != nil {
			return externalMsg{err: fmt.Errorf("%s: %w; the cell is as it was", name, err)}
		}
		code, err := os.ReadFile(path)
		return externalMsg{string(code), err}
	})
}

// writeCell puts code into a new file. os.CreateTemp makes it 0600.
func writeCell(code string) (string, error) {
	file, err := os.CreateTemp("", "sandrepl-*.py")
	if err != nil {
		return "", err
	}
	_, err = file.WriteString(code)
	if err = errors.Join(err, file.Close()); err != nil {
		return "", errors.Join(err, os.Remove(file.Name()))
	}
	return file.Name(), nil
}

func (m Model) edited(msg externalMsg) Model {
	if msg.err != nil {
		return m.notice(msg.err)
	}
	m.editor = m.editor.SetValue(strings.TrimSuffix(msg.code, "\n"))
	return m.layout()
}
