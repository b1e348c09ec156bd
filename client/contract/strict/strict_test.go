package strict_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/client/contract/strict"
	"github.com/sandrepl/sandrepl/sandbox"
)

func TestMain(m *testing.M) {
	sandbox.InitMain()
	goleak.VerifyTestMain(m)
}

// stand is a stand-in before a real server, and a client of each.
type stand struct {
	in    *strict.Strict
	plain *client.Client // of the wrapped server
	*client.Client
}

func newStand(t testing.TB) *stand {
	t.Helper()
	fatal := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	real, err := sandbox.New(sandbox.Options{StateDir: t.TempDir(), Token: "secret", Version: "test"})
	fatal(err)
	t.Cleanup(func() { fatal(errors.Join(real.DestroyAll(context.Background()), real.Close())) })
	served := httptest.NewServer(real)
	t.Cleanup(served.Close)
	transport := &http.Transport{MaxIdleConnsPerHost: 8}
	t.Cleanup(transport.CloseIdleConnections)
	s := &stand{in: strict.New(served.URL, &http.Client{Transport: transport})}
	front := httptest.NewServer(s.in)
	t.Cleanup(s.in.Close)
	t.Cleanup(front.Close)
	s.plain, err = client.New(client.Options{URL: served.URL, Token: "secret"})
	fatal(err)
	t.Cleanup(s.plain.Close)
	s.Client, err = client.New(client.Options{URL: front.URL, Token: "secret"})
	fatal(err)
	t.Cleanup(s.Client.Close)
	return s
}

func bounded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// prints runs a command that must succeed and print just that.
func (s *stand) prints(t *testing.T, command, want string) {
	t.Helper()
	r, err := s.Exec(bounded(t), "a", command)
	if err != nil || r.Stdout != want || r.ExitCode != 0 || !r.Success {
		t.Errorf("%.80q = %.200q, %v, want %.80q", command, fmt.Sprintf("%+v", r), err, want)
	}
}

func TestWhatACommandDoesToItsShellStays(t *testing.T) {
	s := newStand(t)
	s.prints(t, "pwd", "/workspace")
	s.prints(t, "cd /tmp; x=1; f() { echo f$1; }", "")
	s.prints(t, "pwd; echo $x; f 2", "/tmp\n1\nf2")
	r, err := s.Exec(bounded(t), "other", "echo [$x]; pwd")
	if err != nil || r.Stdout != "[]\n/workspace" {
		t.Errorf("another sandbox's shell: %+v, %v", r, err)
	}
}

func TestOutput(t *testing.T) {
	s := newStand(t)
	s.prints(t, "printf 'a\\n\\n'", "a\n")
	s.prints(t, "printf 'a\\000b\\377\\n'", "ab\ufffd")
	s.prints(t, "cat; # standard input is empty", "")
	s.prints(t, "echo \"it's\" 'a \"quote\"'", `it's a "quote"`)
	s.prints(t, "cat <<'EOF'\nhere\nEOF", "here")
	s.prints(t, "setsid sleep 100 >/dev/null 2>&1 </dev/null &", "")
	s.prints(t, "head -c 8000000 /dev/zero | tr '\\000' x", strings.Repeat("x", 8_000_000))
	long := strings.Repeat("y", 300<<10)
	s.prints(t, "printf %s "+long, long)
	r, err := s.Exec(bounded(t), "a", "echo out; echo err >&2; (exit 7)")
	if err != nil || r != (client.ExecResponse{Stdout: "out", Stderr: "err\n", ExitCode: 7}) {
		t.Errorf("both streams: %+v, %v", r, err)
	}
}

func TestWhatEndsTheShell(t *testing.T) {
	s := newStand(t)
	for _, command := range []string{
		"exit", "exit 3", "exec true", "if", "echo )", "set -e; false", "kill -9 $$", "}", "# nothing but a comment",
		"exit 0 # " + strings.Repeat("x", 100<<10),
	} {
		s.prints(t, "kept=1", "")
		if _, err := s.Exec(bounded(t), "a", command); !errors.Is(err, client.ErrSessionTerminated) {
			t.Errorf("%.40q: %v, want ErrSessionTerminated", command, err)
		}
		s.prints(t, "echo [$kept]", "[]")
	}
	s.prints(t, "setsid sh -c 'sleep 0.05; kill -9 '$$ >/dev/null 2>&1 </dev/null &", "")
	for end := time.Now().Add(time.Minute); ; { // it dies while nothing runs, or while true does
		_, err := s.Exec(bounded(t), "a", "true")
		if errors.Is(err, client.ErrSessionTerminated) {
			break
		}
		if err != nil || time.Now().After(end) {
			t.Fatalf("a shell that was killed: %v, want ErrSessionTerminated", err)
		}
	}
	if _, err := s.Exec(bounded(t), "a", "exit 0"); !errors.Is(err, client.ErrSessionTerminated) {
		t.Error(err)
	}
	if r, err := s.ExecIdempotent(bounded(t), "a", "echo new"); err != nil || r.Stdout != "new" {
		t.Errorf("a new shell: %+v, %v", r, err)
	}
}

func TestAnUnmatchedQuoteHangsTheShell(t *testing.T) {
	s := newStand(t)
	s.prints(t, "true", "")
	s.in.Timeout = 300 * time.Millisecond
	for _, command := range []string{"echo 'unfinished", "echo \"unfinished", "cat <<EOF"} {
		if _, err := s.Exec(bounded(t), "a", command); !errors.Is(err, client.ErrServer) || !strings.Contains(err.Error(), "timed out") {
			t.Errorf("%q: %v, want ErrServer that says timed out", command, err)
		}
	}
	s.in.Timeout = time.Minute
	s.prints(t, "echo alive", "alive")
}

// While a command runs, everything else of its sandbox waits, though its client went away.
func TestOneLock(t *testing.T) {
	s := newStand(t)
	gone, cancel := context.WithCancel(bounded(t))
	started := make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		_, err := s.Exec(gone, "a", "touch /tmp/started; until [ -e /tmp/go ]; do sleep 0.01; done; echo done >>/tmp/go")
		ended <- err
	}()
	go func() {
		defer close(started)
		for gone.Err() == nil {
			if _, err := s.plain.Read(gone, "a", "/tmp/started"); err == nil {
				return
			}
		}
	}()
	<-started
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the client that went away: %v", err)
	}
	type result struct {
		text string
		err  error
	}
	read := make(chan result)
	go func() {
		text, err := s.Read(bounded(t), "a", "/tmp/go") // is not there until the command may end
		read <- result{text, err}
	}()
	if _, err := s.Exec(bounded(t), "another", "true"); err != nil {
		t.Errorf("another sandbox: %v", err)
	}
	if err := s.plain.Write(bounded(t), "a", "/tmp/go", ""); err != nil {
		t.Fatal(err)
	}
	if got := <-read; got.err != nil || got.text != "done\n" {
		t.Errorf("the read that waited: %q, %v, want what the command wrote at its end", got.text, got.err)
	}
}

func TestNothingThatDeployedWorkersLack(t *testing.T) {
	s := newStand(t)
	h, err := s.Health(bounded(t))
	if err != nil || h.Features != nil || h.Version != "" || h.Service != "rlm-sandbox" {
		t.Errorf("Health = %+v, %v", h, err)
	}
	_, connectErr := s.Connect(bounded(t), "a", 4000)
	_, listErr := s.List(bounded(t))
	for name, err := range map[string]error{"connect": connectErr, "list": listErr, "destroy": s.Destroy(bounded(t), "a")} {
		if !errors.Is(err, client.ErrUnsupported) {
			t.Errorf("%s: %v, want ErrUnsupported", name, err)
		}
	}
	if p, err := s.SandboxHealth(bounded(t), "a"); err != nil || !strings.HasPrefix(p.Python, "Python 3.") {
		t.Errorf("SandboxHealth = %+v, %v", p, err)
	}
	if _, err := s.Read(bounded(t), "a", "/tmp/none"); !errors.Is(err, client.ErrServer) {
		t.Errorf("Read of nothing: %v", err)
	}
	if err := s.Write(bounded(t), "a", "/tmp/é", "é"); err != nil {
		t.Error(err)
	}
	s.prints(t, "cat /tmp/é", "é")
	anyone, err := client.New(client.Options{URL: s.URL()})
	if err != nil {
		t.Fatal(err)
	}
	defer anyone.Close()
	if _, err := anyone.Exec(bounded(t), "a", "true"); !errors.Is(err, client.ErrUnauthorized) {
		t.Errorf("without a token: %v", err)
	}
}

func BenchmarkExec(b *testing.B) {
	s := newStand(b)
	for _, run := range []struct {
		name string
		c    *client.Client
	}{{"wrapped", s.plain}, {"strict", s.Client}} {
		b.Run(run.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := run.c.Exec(b.Context(), "a", "echo x"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
