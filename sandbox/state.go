package sandbox

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/adrg/xdg"
)

// ErrStopped says that the background server was ended by a person, and that a client which began before must not start another.
var ErrStopped = errors.New("the background server was stopped")

// DefaultStateDir is where sandboxes live unless told otherwise: sandrepl in the XDG state folder.
func DefaultStateDir() string { return filepath.Join(xdg.StateHome, "sandrepl") }

// isolationAdvice says what to do about sandboxes of another isolation.
func isolationAdvice(dir string) string {
	return fmt.Sprintf("ask for the isolation that they have with --isolation, or end them and their server with %q", stopCommand(dir))
}

// stopCommand ends the server of this state folder, and no other.
func stopCommand(dir string) string {
	if dir == DefaultStateDir() {
		return "sandrepl stop"
	}
	return "sandrepl stop --state-dir " + dir
}
