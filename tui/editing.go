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
	if _, err := exec.LookPath("vi"); name == "" && err == nil {
		name = "vi" // as everywhere
	}
	command := EditorCommand(name)
	if command == nil {
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

// EditorCommand is what the file's path is added to. What a shell would take apart, one does: quotes, a home folder's sign.
func EditorCommand(name string) []string {
	command := strings.Fields(name)
	switch {
	case len(command) == 0:
		return nil
	case strings.ContainsAny(name, "'\"\\$`~*?;&|<>()"):
		return []string{"sh", "-c", name + ` "$@"`, command[0]}
	}
	return command
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
