//go:build !linux && !darwin

package sandbox

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// errUnsupported says that sandboxes cannot be had here at all.
var errUnsupported = errors.New("the embedded server needs Linux or macOS: name a Worker with --worker-url")

// ErrNotRunning says that there is no background server, and that it left no sandbox behind.
var ErrNotRunning = errUnsupported

// InitMain does nothing where there are no sandboxes.
func InitMain() {}

// Background is the server that a user's REPLs share; there is none here.
type Background struct {
	StateDir   string
	Python     string
	Version    string
	Isolation  Isolation
	Executable string
	IdleExit   time.Duration
	Started    time.Time
}

// Socket is where the server would listen.
func (b Background) Socket() string { return filepath.Join(b.StateDir, "server.sock") }

// Ensure says that there can be no server here.
func (Background) Ensure(context.Context) (string, error) { return "", errUnsupported }

// Stopped is what a Stop has ended.
type Stopped struct {
	PID        int
	Foreground bool
	Sandboxes  []string
}

// Stop says that there can be no server here.
func (Background) Stop(context.Context) (Stopped, error) { return Stopped{}, errUnsupported }

// Serve says that there can be no server here.
func (Background) Serve(context.Context) error { return errUnsupported }

// ServeOn says that there can be no server here.
func (Background) ServeOn(context.Context, net.Listener, string, *slog.Logger) ([]string, error) {
	return nil, errUnsupported
}

func lockStateDir(string) (*os.File, error)     { return nil, errUnsupported }
func giveAway(string) error                     { return errUnsupported }
func planRoot(string, interpreter) root         { return root{} }
func (*root) openForChild() ([]*os.File, error) { return nil, errUnsupported }
func initCommand(Isolation) *exec.Cmd           { return &exec.Cmd{Err: errUnsupported} }
func dialUnix(string) (net.Conn, error)         { return nil, errUnsupported }
func listenOn(string) (*os.File, error)         { return nil, errUnsupported }
func explainStart(err error) error              { return err }
