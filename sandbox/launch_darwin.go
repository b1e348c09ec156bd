package sandbox

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// giveAway has nothing to do: a sandbox's processes are the user's own.
func giveAway(string) error { return nil }

// planRoot is empty: a sandbox sees what its user sees.
func planRoot(string, interpreter) root { return root{} }

func (*root) openForChild() ([]*os.File, error) { return nil, nil }

// initCommand is this binary as an init.
func initCommand(Isolation) *exec.Cmd {
	path, err := selfExecutable()
	return &exec.Cmd{Path: path, Err: err, Args: []string{initName, stageServe}, Dir: "/", Env: []string{}, SysProcAttr: &syscall.SysProcAttr{Setsid: true}}
}

func explainStart(err error) error { return fmt.Errorf("start the sandbox's init: %w", err) }

func selfExecutable() (string, error) { return os.Executable() }
