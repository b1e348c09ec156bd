//go:build linux || darwin

package sandbox

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sandrepl/sandrepl/client"
)

func TestAStateFolderHasOneServer(t *testing.T) {
	s := serve(t, Options{Isolation: None})
	second, err := New(Options{StateDir: s.options.StateDir, Isolation: None})
	if err == nil {
		_ = second.Close()
		t.Fatal("a second server took the folder")
	}
	if !strings.Contains(err.Error(), "--state-dir") {
		t.Errorf("the error does not say what to do: %v", err)
	}
}

// Close leaves sandboxes alive for the next server; what died meanwhile is removed.
func TestTheNextServerFindsSandboxes(t *testing.T) {
	dir := t.TempDir()
	first, err := New(Options{StateDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"lives", "dies"} {
		if _, err := first.boxes.use(t.Context(), id, wish{}); err != nil {
			t.Fatal(err)
		}
	}
	doomed, err := first.boxes.use(t.Context(), "dies", wish{})
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := doomed.init.Kill(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the killed init is gone", func() bool {
		box, err := adopt(doomed.dir)
		if err == nil {
			box.release()
		}
		return err != nil
	})
	s := serve(t, Options{StateDir: dir})
	if sandboxes := s.list(); len(sandboxes) != 1 || sandboxes[0].ID != "lives" {
		t.Errorf("found %+v", sandboxes)
	}
	folders, err := os.ReadDir(filepath.Join(dir, "sandboxes"))
	if err != nil || len(folders) != 1 {
		t.Errorf("folders: %v, %v", folders, err)
	}
}

// What an earlier server left must be what the next one says that it is.
func TestSandboxesOfAnotherIsolationAreRefused(t *testing.T) {
	for left, asked := range map[Isolation]Isolation{Namespaces: None, None: Namespaces} {
		dir := t.TempDir()
		first, err := New(Options{StateDir: dir, Isolation: left})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := first.boxes.use(t.Context(), "a", wish{}); err != nil {
			t.Fatal(err)
		}
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		second, err := New(Options{StateDir: dir, Isolation: asked})
		if err == nil {
			_ = second.Close()
		}
		if !errors.Is(err, ErrIsolation) {
			t.Errorf("a sandbox with %v, a server with %v: %v", left, asked, err)
		}
		if s := serve(t, Options{StateDir: dir, Isolation: left}); s.Sandboxes() != 1 {
			t.Error("the sandbox did not outlive the refusal")
		}
	}
}

// A sandbox whose init dies is forgotten; its id begins anew.
func TestADeadSandboxBeginsAnew(t *testing.T) {
	s := serve(t, Options{})
	s.output("a", "touch /tmp/old")
	box, err := s.boxes.use(t.Context(), "a", wish{})
	if err != nil {
		t.Fatal(err)
	}
	if err := box.init.Kill(); err != nil {
		t.Fatal(err)
	}
	<-box.cleaned
	if got := s.output("a", "ls /tmp"); got != "" {
		t.Errorf("the new sandbox has the old one's files: %q", got)
	}
}

// Without isolation the files of /tmp and /workspace are in folders, and commands know where.
func TestWithoutIsolation(t *testing.T) {
	s := serve(t, Options{Isolation: None})
	if status, body := s.put("a", "/tmp/sub/f", "one"); status != http.StatusOK {
		t.Fatalf("write: %d %s", status, body)
	}
	if status, body := s.put("a", "/workspace/g", "two"); status != http.StatusOK {
		t.Fatalf("write: %d %s", status, body)
	}
	if got := s.output("a", `cat "$TMPDIR/sub/f" g; test "$SANDREPL_DIR" = "$TMPDIR/.sandrepl" && test "$(dirname "$HOME")" = "$(dirname "$TMPDIR")" && echo " here"`); got != "onetwo here\n" {
		t.Errorf("commands see %q", got)
	}
	if _, reply, err := s.get("b", "/tmp/sub/f"); reply.Content != "" || !strings.Contains(err, "no such file") {
		t.Errorf("another sandbox reads %q, %s", reply.Content, err)
	}
	t.Setenv("SOME_TOKEN", "hunter2")
	if got := s.output("c", "env"); strings.Contains(got, "hunter2") {
		t.Errorf("the host's environment is visible: %s", got)
	}
	var health client.SandboxHealth
	status, body := s.call(http.MethodGet, client.PathSandboxHealth, nil)
	if err := json.Unmarshal(body, &health); err != nil || status != http.StatusOK || !strings.HasPrefix(health.Python, "Python 3.") {
		t.Errorf("health: %d %s", status, body)
	}
}

func TestAnInterpreterThatHoldsTheHomeIsRefused(t *testing.T) {
	python, err := findInterpreter("")
	if err != nil {
		t.Fatal(err)
	}
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	for _, root := range []string{"/", home, filepath.Dir(home)} {
		python.Roots = []string{root}
		if err := python.check("/state"); err == nil || !strings.Contains(err.Error(), "--python") {
			t.Errorf("a Python in %s: %v", root, err)
		}
	}
}
