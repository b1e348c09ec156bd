//go:build linux || darwin

package sandbox

import (
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sandrepl/sandrepl/client"
)

// TestASandboxHasThePythonThatItsMakerNames: one server, and each sandbox with the interpreter of whoever asked for it.
func TestASandboxHasThePythonThatItsMakerNames(t *testing.T) {
	base, err := findInterpreter("")
	if err != nil {
		t.Fatal(err)
	}
	venv := filepath.Join(t.TempDir(), "elsewhere")
	if output, err := exec.CommandContext(t.Context(), base.Executable, "-m", "venv", venv).CombinedOutput(); err != nil {
		t.Fatalf("make a venv: %v %s", err, output)
	}
	python := filepath.Join(venv, "bin", "python3")
	b, s := background(t)
	url, err := b.Ensure(bounded(t))
	if err != nil {
		t.Fatal(err)
	}
	prefix := func(python, id string) string {
		t.Helper()
		c, err := client.New(client.Options{URL: url, Python: python})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		reply, err := c.Exec(bounded(t), id, "python3 -c 'import sys; print(sys.prefix)'")
		if err != nil {
			return err.Error()
		}
		return strings.TrimSpace(reply.Stdout)
	}
	if got := prefix(python, "a"); got != venv {
		t.Errorf("with --python: %s", got)
	}
	usual := prefix("", "b")
	if usual == venv || !strings.HasPrefix(usual, "/") {
		t.Errorf("without: %s", usual)
	}
	if got := prefix("", "a"); got != venv {
		t.Errorf("the one that is there: %s", got)
	}
	if got := prefix("/bin/false", "c"); !strings.Contains(got, "/bin/false") || !strings.Contains(got, "--python") || !strings.Contains(got, client.ErrBadRequest.Error()) {
		t.Errorf("no Python: %s", got)
	}
	if got := len(s.list()); got != 2 {
		t.Errorf("%d sandboxes", got)
	}
}

// TestWhoComesByTheNetworkNamesNoProgram: an interpreter is asked about itself outside of any sandbox.
func TestWhoComesByTheNetworkNamesNoProgram(t *testing.T) {
	s := serve(t, Options{})
	request, err := http.NewRequestWithContext(bounded(t), http.MethodGet, s.url+client.PathSandboxHealth+"?sandbox_id=a", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set(client.HeaderPython, "/bin/false")
	response, err := s.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("%s", response.Status)
	}
}
