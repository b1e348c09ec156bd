//go:build linux || darwin

package sandbox

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/sandrepl/sandrepl/client"
)

// ErrNotRunning says that there is no background server, and that it left no sandbox behind.
var ErrNotRunning = errors.New("the background server is not running")

// Background is the server that a user's REPLs share. It starts when the first one needs it, outlives
// them, and ends some time after its last sandbox and its last client are gone.
type Background struct {
	StateDir   string // "" is DefaultStateDir()
	Python     string
	Version    string
	Isolation  Isolation
	Executable string        // the program that it runs; "" is this one
	IdleExit   time.Duration // 0 is ten minutes
	Started    time.Time     // when this client began: it does not undo a later Stop; zero starts a server in any case
}

const (
	defaultIdleExit = 10 * time.Minute
	// startPatience is how long a server may take to its first answer; an interpreter behind a slow shim is the worst of it.
	startPatience = 30 * time.Second
	pollInterval  = 5 * time.Millisecond
)

func (b Background) stateDir() string {
	if b.StateDir == "" {
		return DefaultStateDir()
	}
	return b.StateDir
}

// Socket is the path of the unix socket that the server listens on.
func (b Background) Socket() string { return filepath.Join(b.stateDir(), "server.sock") }

// startLock is held while a server is being started.
func (b Background) startLock() string { return filepath.Join(b.stateDir(), "start.lock") }

func (b Background) logFile() string { return filepath.Join(b.stateDir(), "server.log") }

// stopMarker is the file whose modification time is when the server was last stopped.
func (b Background) stopMarker() string { return filepath.Join(b.stateDir(), "stopped") }

// Ensure gives the URL of the server, started now if it is not running. When several do this at once, one server comes of it.
// A server of another isolation is an [ErrIsolation]; one that was stopped since this client began is an [ErrStopped].
func (b Background) Ensure(ctx context.Context) (url string, err error) {
	url = "unix://" + b.Socket()
	if health, ok := b.health(ctx); ok {
		return url, b.accept(health)
	}
	if err := makeStateDir(b.stateDir()); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	starting, err := waitLock(ctx, b.startLock())
	if err != nil {
		return "", fmt.Errorf("wait for another start or stop of the background server: %w", err)
	}
	defer func() { err = errors.Join(err, starting.Close()) }()
	if health, ok := b.health(ctx); ok { // who held the lock has started it
		return url, b.accept(health)
	}
	if err := b.mayStart(); err != nil {
		return "", err
	}
	return url, b.start(ctx)
}

// accept compares what keeps the server's sandboxes apart with what was asked for.
func (b Background) accept(health client.Health) error {
	if health.Isolation == b.Isolation.String() {
		return nil
	}
	return fmt.Errorf("%w: the server of %s runs with --isolation %s, and not with --isolation %s: %s",
		ErrIsolation, b.stateDir(), cmp.Or(health.Isolation, "(it does not say which)"), b.Isolation, isolationAdvice(b.stateDir()))
}

// mayStart refuses to undo a Stop that came after this client began.
func (b Background) mayStart() error {
	marker, err := os.Stat(b.stopMarker())
	switch {
	case b.Started.IsZero() || errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("see when the background server was stopped: %w", err)
	case marker.ModTime().After(b.Started):
		return fmt.Errorf("%w: its sandboxes ended with it, at %s", ErrStopped, marker.ModTime().Format(time.TimeOnly))
	}
	return nil
}

// health asks the server for its health; ok is false when no server answers.
func (b Background) health(ctx context.Context) (health client.Health, ok bool) {
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", b.Socket())
	}}
	defer transport.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost"+client.PathHealth, nil)
	if err != nil {
		return health, false
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return health, false
	}
	defer func() { _ = response.Body.Close() }()
	err = json.NewDecoder(io.LimitReader(response.Body, 64<<10)).Decode(&health)
	return health, err == nil && response.StatusCode == http.StatusOK
}

func (b Background) answers(ctx context.Context) bool {
	_, ok := b.health(ctx)
	return ok
}

// start runs the server and waits for its first answer, or for its end.
func (b Background) start(ctx context.Context) error {
	process, ended, err := b.launch()
	if err != nil {
		return err
	}
	for !b.answers(ctx) {
		select {
		case <-ended:
			return fmt.Errorf("the background server ended at once: %s", b.lastWords())
		case <-ctx.Done():
			_ = process.Kill()
			return fmt.Errorf("the background server did not answer within %v (its log is %s): %w", startPatience, b.logFile(), ctx.Err())
		case <-time.After(pollInterval):
		}
	}
	return nil
}

// launch runs `sandrepl serve --background`, cut loose from this terminal and this process.
func (b Background) launch() (*os.Process, <-chan struct{}, error) {
	executable := b.Executable
	if executable == "" {
		var err error
		if executable, err = selfExecutable(); err != nil {
			return nil, nil, fmt.Errorf("find this program's file: %w", err)
		}
	}
	output, err := os.OpenFile(b.logFile(), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("open the background server's log: %w", err)
	}
	defer func() { _ = output.Close() }()
	nothing, err := os.Open(os.DevNull)
	if err != nil {
		return nil, nil, fmt.Errorf("start the background server: %w", err)
	}
	defer func() { _ = nothing.Close() }()
	process, err := os.StartProcess(executable, b.arguments(), &os.ProcAttr{
		Dir: b.stateDir(), Env: withoutTokens(os.Environ()),
		Files: []*os.File{nothing, output, output}, Sys: &syscall.SysProcAttr{Setsid: true},
	})
	if err != nil {
		return nil, nil, fmt.Errorf("start the background server: %w", err)
	}
	ended := make(chan struct{})
	go func() {
		_, _ = process.Wait()
		close(ended)
	}()
	return process, ended, nil
}

func (b Background) arguments() []string {
	arguments := []string{"sandrepl", "serve", "--background", "--state-dir", b.stateDir(), "--isolation", b.Isolation.String()}
	if b.Python != "" {
		arguments = append(arguments, "--python", b.Python)
	}
	return arguments
}

// withoutTokens leaves out what the server has no need of and must not be found in its environment.
func withoutTokens(environment []string) []string {
	var kept []string
	for _, variable := range environment {
		if name, _, _ := strings.Cut(variable, "="); name != "AUTH_TOKEN" && name != "RLM_CF_AUTH_TOKEN" {
			kept = append(kept, variable)
		}
	}
	return kept
}

// lastWords is the end of the server's log.
func (b Background) lastWords() string {
	content, err := os.ReadFile(b.logFile())
	if err != nil || len(content) == 0 {
		return "it said nothing"
	}
	return strings.TrimSpace(string(content[max(0, len(content)-2000):]))
}

// Stopped is what a Stop has ended.
type Stopped struct {
	PID        int // the server's; 0 when none ran
	Foreground bool
	Sandboxes  []string
}

// Stop ends the server and its sandboxes, those included that an earlier server left behind. Clients that began before do not start it again.
func (b Background) Stop(ctx context.Context) (stopped Stopped, err error) {
	if err := makeStateDir(b.stateDir()); err != nil {
		return stopped, err
	}
	starting, err := waitLock(ctx, b.startLock())
	if err != nil {
		return stopped, fmt.Errorf("wait for a start of the background server: %w: try again", err)
	}
	defer func() { err = errors.Join(err, starting.Close()) }()
	if err := b.markStopped(); err != nil { // before the end, which clients notice at once
		return stopped, err
	}
	stopped.Foreground = inForeground(filepath.Join(b.stateDir(), stateLock))
	if stopped.PID, err = b.end(ctx); err != nil {
		return stopped, err
	}
	lock, err := lockStateDir(b.stateDir())
	if err != nil {
		return stopped, err
	}
	left, err := openBoxes(filepath.Join(b.stateDir(), "sandboxes"), launcher{}, slog.New(slog.DiscardHandler))
	if err != nil {
		return stopped, errors.Join(err, lock.Close())
	}
	stopped.Sandboxes = slices.Sorted(slices.Values(left.ids()))
	err = errors.Join(left.destroyAll(ctx), lock.Close())
	if err == nil && stopped.PID == 0 && len(stopped.Sandboxes) == 0 {
		return stopped, ErrNotRunning
	}
	return stopped, err
}

// markStopped sets the marker's time itself: the system's own time for files lags behind the clock.
func (b Background) markStopped() error {
	marker, err := os.OpenFile(b.stopMarker(), os.O_WRONLY|os.O_CREATE, 0o600)
	if err == nil {
		now := time.Now()
		err = errors.Join(marker.Close(), os.Chtimes(b.stopMarker(), now, now))
	}
	if err != nil {
		return fmt.Errorf("note that the background server is stopped: %w", err)
	}
	return nil
}

// end asks the server to end, waits until it has let go of its folder, and tells its process; 0 when none ran.
func (b Background) end(ctx context.Context) (pid int, err error) {
	path := filepath.Join(b.stateDir(), stateLock)
	lock, err := tryLock(path)
	if err == nil {
		return 0, lock.Close()
	}
	if !errors.Is(err, errHeld) {
		return 0, err
	}
	pid, err = strconv.Atoi(strings.TrimSuffix(holder(path), foreground))
	if err != nil || pid <= 1 {
		return pid, fmt.Errorf("the server of %s has not signed its lock yet: try again", b.stateDir())
	}
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil && !errors.Is(err, syscall.ESRCH) {
		return pid, fmt.Errorf("end the background server (process %d): %w", pid, err)
	}
	lock, err = waitLock(ctx, path)
	if err != nil {
		return pid, fmt.Errorf("the background server (process %d) does not end: %w: kill it", pid, err)
	}
	return pid, lock.Close()
}

func waitLock(ctx context.Context, path string) (*os.File, error) {
	for {
		lock, err := tryLock(path)
		if !errors.Is(err, errHeld) {
			return lock, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pollInterval):
		}
	}
}
