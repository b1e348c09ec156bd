package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sandrepl/sandrepl/sandbox"
)

// TestInARealTerminal builds the binary and uses it in tmux at 80×24, as its user will.
func TestInARealTerminal(t *testing.T) {
	dir := t.TempDir()
	binary := filepath.Join(dir, "bin", "sandrepl")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	visual := filepath.Join(dir, "visual")
	if err := os.WriteFile(visual, []byte("#!/bin/sh\nstat -c 'mode = %a' \"$1\" >> \"$1\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, "tmux")
	tmux := func(args ...string) string {
		t.Helper()
		cmd := exec.Command("tmux", append([]string{"-S", socket, "-f", "/dev/null"}, args...)...)
		cmd.Env = append(os.Environ(),
			"HOME="+dir, "XDG_STATE_HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+filepath.Join(dir, "config"),
			"RLM_CF_WORKER_URL=", "RLM_CF_AUTH_TOKEN=", "LC_ALL=C.UTF-8", "VISUAL="+visual)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("tmux %s: %v\n%s", args[0], err, out)
		}
		return string(out)
	}
	t.Cleanup(func() {
		_ = exec.Command("tmux", "-S", socket, "kill-server").Run()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		_, _ = sandbox.Background{StateDir: filepath.Join(dir, "sandrepl")}.Stop(ctx)
	})
	shows := func(texts ...string) {
		t.Helper()
		screen := ""
		for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
			screen = tmux("capture-pane", "-p")
			missing := false
			for _, text := range texts {
				missing = missing || !strings.Contains(screen, text)
			}
			if !missing {
				return
			}
		}
		t.Fatalf("the screen never showed %q:\n%s", texts, screen)
	}
	typed := func(keys ...string) { t.Helper(); tmux(append([]string{"send-keys"}, keys...)...) }

	tmux("new-session", "-d", "-x", "80", "-y", "24", binary+" demo; echo first-$((1+1))-over; read go; "+binary+" demo; echo all-$((1+1))-over; read go; clear; "+
		binary+" --plain demo; echo plain-$((1+1))-over; sleep 60")
	shows("idle", "demo")
	typed("def square(n):", "Enter", "return n * n", "Enter", "Enter")
	typed("for n in range(3):", "Enter", "print('square', square(n))", "Enter", "Enter")
	shows("square 0", "square 1", "square 4", "function")
	typed("1 / 0", "Enter")
	shows("ZeroDivisionError")
	typed("answer = square(6) + 6", "Enter")
	shows("answer", "42", "int")
	typed("C-d")
	shows("first-2-over")
	typed("Enter")
	// The second run, with the same id, finds it all.
	shows("answer = square(6) + 6", "42", "idle")
	typed("answer - 1", "Enter")
	shows("= 41")
	typed("kept = 1", "M-Enter", "C-x", "C-e") // the user's own editor adds a line
	shows("kept = 1", "mode = 600")
	typed("C-c")
	typed("C-d")
	shows("lives on", "all-2-over")
	// Line by line, as for a screen reader: prompts, results and errors are words, and earlier lines come back.
	typed("Enter")
	shows("sandbox demo", "python:")
	typed("an unfinished line", "C-c")
	shows("KeyboardInterrupt")
	typed("name = input('who? ')", "Enter")
	shows("who? ")
	typed("Ada", "Enter")
	shows("Ada")
	typed("name, answer", "Enter")
	shows("result: ('Ada', 42)")
	typed("for n in [7]:", "Enter")
	shows("more:")
	typed("    nothing", "Enter", "Enter")
	shows("error:", "NameError: name 'nothing' is not defined")
	typed("answer * 100", "Enter")
	shows("result: 4200")
	typed("Up", "0", "Enter")
	shows("result: 42000")
	typed("import time; time.sleep(600)", "Enter", "C-c")
	shows("time.sleep(600)", "KeyboardInterrupt")
	typed("C-d")
	shows("lives on", "plain-2-over") // its files are closed: the folder can go
}
