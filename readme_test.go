package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/sandrepl/sandrepl/sandbox"
)

// TestReadme runs every command that the README gives, in its order, in a terminal: each block is a shell script, and
// whenever the REPL is ready the test leaves it.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	home := newReadmeHome(t)
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(readme), -1)
	if len(blocks) < 6 {
		t.Fatalf("the README has %d blocks of commands", len(blocks))
	}
	for _, block := range blocks {
		script := block[1]
		switch {
		case strings.Contains(script, "make test"):
			gate, err := os.ReadFile(".ci/run")
			if err != nil || !strings.Contains(string(gate), "make test") {
				t.Errorf("what runs the tests is not what .ci/run runs: %v", err)
			}
		case strings.HasPrefix(script, "sandrepl serve"):
			home.serve(t, strings.TrimSpace(script))
		case strings.Contains(script, "RLM_CF_WORKER_URL"):
			stop := home.serve(t, "AUTH_TOKEN=your-auth-token sandrepl serve --listen 127.0.0.1:8788 --state-dir "+filepath.Join(home.dir, "worker"))
			home.run(t, strings.ReplaceAll(script, "https://rlm-sandbox.example.workers.dev", "http://127.0.0.1:8788"))
			stop()
		default:
			home.run(t, script)
		}
	}
}

type readmeHome struct {
	dir string
	env []string
}

func newReadmeHome(t *testing.T) readmeHome {
	t.Helper()
	dir := t.TempDir()
	bin := filepath.Join(dir, "bin")
	if out, err := exec.Command("go", "build", "-o", filepath.Join(bin, "sandrepl"), ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	for name, content := range map[string]string{"script.py": "x = 5\nprint(x)\n", "data.json": `{"items": [1, 2, 3]}`} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	state := filepath.Join(dir, "state")
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		for _, dir := range []string{filepath.Join(state, "sandrepl"), filepath.Join(dir, "worker")} {
			_, _ = sandbox.Background{StateDir: dir}.Stop(ctx)
		}
	})
	return readmeHome{dir: dir, env: append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "TERM=xterm-256color",
		"XDG_STATE_HOME="+state, "XDG_DATA_HOME="+filepath.Join(dir, "data"), "XDG_CONFIG_HOME="+filepath.Join(dir, "config"), "RLM_CF_WORKER_URL=", "RLM_CF_AUTH_TOKEN=")}
}

// run runs a block in a terminal, and holds what a comment in it says that is printed.
func (h readmeHome) run(t *testing.T, script string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-euc", script)
	cmd.Env, cmd.Dir = h.env, h.dir
	if strings.Contains(script, "go run .") {
		cmd.Dir = ""
	}
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 36, Cols: 120})
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	var seen bytes.Buffer
	fresh := 0 // what was seen before is of a REPL that was left
	for chunk := make([]byte, 32<<10); ; {
		n, err := terminal.Read(chunk)
		if err != nil {
			break // the terminal closes when the script ends
		}
		seen.Write(chunk[:n])
		if bytes.Contains(seen.Bytes()[fresh:], []byte("idle")) {
			fresh = seen.Len()
			if _, err := terminal.Write([]byte("\x04")); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v:\n%s\n%s", err, script, seen.String())
	}
	for _, said := range regexp.MustCompile(`# prints (.*)`).FindAllStringSubmatch(script, -1) {
		if !strings.Contains(seen.String(), said[1]) {
			t.Errorf("nothing printed %q:\n%s", said[1], seen.String())
		}
	}
}

// serve runs a server beside the test until it is stopped, or the test ends.
func (h readmeHome) serve(t *testing.T, command string) (stop func()) {
	t.Helper()
	cmd := exec.Command("bash", "-c", strings.Replace(command, "sandrepl", "exec sandrepl", 1))
	cmd.Env, cmd.Dir = h.env, h.dir
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			_ = cmd.Process.Signal(os.Interrupt)
			_ = cmd.Wait()
		}
	}
	t.Cleanup(stop)
	line := make([]byte, 200)
	if n, err := out.Read(line); err != nil || !strings.Contains(string(line[:n]), "serves") {
		t.Fatalf("%s: %v, it said %q", command, err, line[:n])
	}
	return stop
}
