//go:build linux || darwin

package sandbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/sandrepl/sandrepl/client"
)

// background is a Background in a folder of its own, and how tests speak to its server.
func background(t *testing.T) (Background, *service) {
	t.Helper()
	b := Background{StateDir: t.TempDir(), Started: time.Now()}
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", b.Socket())
	}, DisableKeepAlives: true}
	t.Cleanup(func() {
		stopped, err := b.Stop(bounded(t))
		if err != nil && !errors.Is(err, ErrNotRunning) {
			t.Error(err)
		}
		// It lets go of its folder before it ends, and with the race detector a second before.
		eventually(t, "the server's process has ended", func() bool { return stopped.PID == 0 || errors.Is(syscall.Kill(stopped.PID, 0), syscall.ESRCH) })
	})
	return b, &service{url: "http://localhost", client: &http.Client{Transport: transport}, t: t}
}

func bounded(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// eventually waits until a thing holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited a minute in vain until %s", what)
		}
	}
}

func (b Background) pid(t *testing.T) int {
	t.Helper()
	pid, err := strconv.Atoi(holder(filepath.Join(b.StateDir, stateLock)))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestBackgroundStartsOnce(t *testing.T) {
	b, s := background(t)
	var starts sync.WaitGroup
	for range 8 {
		starts.Go(func() {
			url, err := b.Ensure(bounded(t))
			if err != nil || url != "unix://"+b.Socket() {
				t.Errorf("ensure: %q, %v", url, err)
			}
		})
	}
	starts.Wait()
	pid := b.pid(t)
	if got := s.output("a", "echo works"); got != "works\n" {
		t.Errorf("exec: %q", got)
	}
	if _, err := b.Ensure(bounded(t)); err != nil || b.pid(t) != pid {
		t.Errorf("a server that runs was started again: %v", err)
	}
	for path, mode := range map[string]os.FileMode{b.StateDir: 0o700, b.Socket(): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: mode %v, %v, want %v", path, info.Mode(), err, mode)
		}
	}
	if _, err := b.Stop(bounded(t)); err != nil {
		t.Error(err)
	}
	eventually(t, "the server's process is gone", func() bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) })
	if _, err := b.Stop(bounded(t)); !errors.Is(err, ErrNotRunning) {
		t.Errorf("stopped twice: %v", err)
	}
}

// A server that is killed takes nothing with it: the next one finds processes and files as they were.
func TestSandboxesOutliveTheirServer(t *testing.T) {
	for _, isolation := range []Isolation{Namespaces, None} {
		t.Run(isolation.String(), func(t *testing.T) {
			b, s := background(t)
			b.Isolation = isolation
			if _, err := b.Ensure(bounded(t)); err != nil {
				t.Fatal(err)
			}
			pid := strings.TrimSpace(s.output("a", "echo kept > file; sleep 1000 >/dev/null 2>&1 </dev/null & echo $!"))
			server := b.pid(t)
			if err := syscall.Kill(server, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			if _, err := b.Ensure(bounded(t)); err != nil {
				t.Fatal(err)
			}
			if b.pid(t) == server {
				t.Fatal("the server was not killed")
			}
			if got := s.output("a", "cat file; kill -0 "+pid+" && echo alive"); got != "kept\nalive\n" {
				t.Errorf("after the server's end: %q", got)
			}
			if sandboxes := s.list(); len(sandboxes) != 1 || sandboxes[0].ID != "a" || sandboxes[0].Processes != 1 {
				t.Errorf("list: %+v", sandboxes)
			}
		})
	}
}

func TestStopEndsWhatADeadServerLeft(t *testing.T) {
	b, s := background(t)
	if _, err := b.Ensure(bounded(t)); err != nil {
		t.Fatal(err)
	}
	s.output("a", "true")
	if err := syscall.Kill(b.pid(t), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the lock is free", func() bool {
		lock, err := tryLock(filepath.Join(b.StateDir, stateLock))
		return err == nil && lock.Close() == nil
	})
	if _, err := b.Stop(bounded(t)); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(filepath.Join(b.StateDir, "sandboxes")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestEnsureRefusesAnotherIsolation(t *testing.T) {
	for has, asked := range map[Isolation]Isolation{Namespaces: None, None: Namespaces} {
		t.Run(asked.String()+" where it is "+has.String(), func(t *testing.T) {
			b, s := background(t)
			b.Isolation = has
			if _, err := b.Ensure(bounded(t)); err != nil {
				t.Fatal(err)
			}
			pid := b.pid(t)
			s.output("a", "echo kept > file")
			other := b
			other.Isolation = asked
			refused := func() {
				t.Helper()
				_, err := other.Ensure(bounded(t))
				if !errors.Is(err, ErrIsolation) {
					t.Fatalf("ensure: %v", err)
				}
				for _, word := range []string{has.String(), asked.String(), "sandrepl stop --state-dir " + b.StateDir} {
					if !strings.Contains(err.Error(), word) {
						t.Errorf("the error does not say %q: %v", word, err)
					}
				}
			}
			refused()
			if got := s.output("a", "cat file"); got != "kept\n" || b.pid(t) != pid {
				t.Errorf("the refusal touched the server: %q", got)
			}
			if _, err := b.Stop(bounded(t)); err != nil {
				t.Fatal(err)
			}
			other.Started = time.Now()
			if _, err := other.Ensure(bounded(t)); err != nil {
				t.Errorf("after the stop that the error advises: %v", err)
			}
		})
	}
}

// Sandboxes that a dead server left have its isolation, whatever the next one is asked for.
func TestEnsureRefusesSandboxesOfAnotherIsolation(t *testing.T) {
	b, s := background(t)
	b.Isolation = None
	if _, err := b.Ensure(bounded(t)); err != nil {
		t.Fatal(err)
	}
	s.output("a", "echo kept > file")
	if err := syscall.Kill(b.pid(t), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	other := b
	other.Isolation = Namespaces
	if _, err := other.Ensure(bounded(t)); err == nil || !strings.Contains(err.Error(), ErrIsolation.Error()) || !strings.Contains(err.Error(), `"a"`) {
		t.Errorf("ensure: %v", err)
	}
	if _, err := b.Ensure(bounded(t)); err != nil {
		t.Fatal(err)
	}
	if got := s.output("a", "cat file"); got != "kept\n" {
		t.Errorf("the refusal touched the sandbox: %q", got)
	}
}

func TestAStopIsNotUndone(t *testing.T) {
	b, s := background(t)
	if _, err := b.Ensure(bounded(t)); err != nil {
		t.Fatal(err)
	}
	s.output("a", "true")
	ended := make(chan error, 1)
	go func() { // a client that would bring the server back at once
		for {
			if _, err := b.Ensure(bounded(t)); err != nil {
				ended <- err
				return
			}
		}
	}()
	if _, err := b.Stop(bounded(t)); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, ErrStopped) || !strings.Contains(err.Error(), "its sandboxes ended with it, at ") {
		t.Errorf("a client of before: %v", err)
	}
	if _, err := b.Stop(bounded(t)); !errors.Is(err, ErrNotRunning) {
		t.Errorf("something was started, or left: %v", err)
	}
	later := b
	later.Started = time.Now()
	if _, err := later.Ensure(bounded(t)); err != nil {
		t.Fatalf("a client of afterwards: %v", err)
	}
	if _, err := b.Ensure(bounded(t)); err != nil {
		t.Errorf("a client of before, where a server runs: %v", err)
	}
	if err := syscall.Kill(b.pid(t), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if _, err := later.Ensure(bounded(t)); err != nil {
		t.Errorf("a client of afterwards, whose server was killed: %v", err)
	}
}

func TestIdleServerEnds(t *testing.T) {
	t.Setenv(idleVariable, "200ms")
	b, s := background(t)
	if _, err := b.Ensure(bounded(t)); err != nil {
		t.Fatal(err)
	}
	s.output("a", "true")
	pid := b.pid(t)
	conn, err := net.Dial("unix", b.Socket())
	if err != nil {
		t.Fatal(err)
	}
	s.destroy("a")
	// Busy with a client that only holds a line, it must not end; how long to look is arbitrary, and looking too short cannot fail.
	for end := time.Now().Add(500 * time.Millisecond); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if err := syscall.Kill(pid, 0); err != nil {
			t.Fatalf("it ended under its client: %v", err)
		}
	}
	if err := conn.Close(); err != nil {
		t.Error(err)
	}
	eventually(t, "the idle server ends", func() bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) })
}

func TestEnsureSaysWhyTheServerDoesNotStart(t *testing.T) {
	b, _ := background(t)
	b.Python = "/no/such/python"
	_, err := b.Ensure(bounded(t))
	if err == nil || !strings.Contains(err.Error(), "/no/such/python") || !strings.Contains(err.Error(), "--python") {
		t.Errorf("ensure: %v", err)
	}
}

// A server in the foreground takes the background one's sandboxes over, answers REPLs too, and leaves them to the next.
func TestTheForegroundTakesOver(t *testing.T) {
	b, private := background(t)
	if _, err := b.Ensure(bounded(t)); err != nil {
		t.Fatal(err)
	}
	private.output("a", "echo kept > file")
	network, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(bounded(t))
	defer stop()
	ended := make(chan error, 1)
	go func() {
		left, err := b.ServeOn(ctx, network, "secret", slog.New(slog.DiscardHandler))
		if len(left) != 1 {
			err = errors.Join(err, fmt.Errorf("%v live on", left))
		}
		ended <- err
	}()
	public := &service{url: "http://" + network.Addr().String(), token: "secret", client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, t: t}
	if got := public.output("a", "cat file"); got != "kept\n" {
		t.Errorf("over the network: %q", got)
	}
	if _, err := b.Ensure(bounded(t)); err != nil {
		t.Error(err)
	}
	if got := private.output("a", "cat file"); got != "kept\n" {
		t.Errorf("over the socket, which needs no token: %q", got)
	}
	public.token = "wrong"
	if status, _ := public.call(http.MethodGet, client.PathList, nil); status != http.StatusUnauthorized {
		t.Errorf("a wrong token got %d", status)
	}
	second, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.ServeOn(bounded(t), second, "", slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "--state-dir") {
		t.Errorf("a second one in the foreground: %v", err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := b.Ensure(bounded(t)); err != nil {
		t.Fatal(err)
	}
	if got := private.output("a", "cat file"); got != "kept\n" {
		t.Errorf("the next background server: %q", got)
	}
}
