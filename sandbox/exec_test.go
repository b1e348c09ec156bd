//go:build linux || darwin

package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/sandrepl/sandrepl/client"
)

func TestExec(t *testing.T) {
	s := serve(t, Options{})
	large := strings.Repeat("x", 200<<10)
	for _, c := range []struct {
		name, command string
		want          client.ExecResponse
	}{
		{"in a folder of its own", "pwd", client.ExecResponse{Stdout: "/workspace\n", Success: true}},
		{"output as written", `printf 'a\r\n\n\0b'`, client.ExecResponse{Stdout: "a\r\n\n\x00b", Success: true}},
		{"what is not UTF-8", `printf 'a\377b'`, client.ExecResponse{Stdout: "a\uFFFDb", Success: true}},
		{"no input", "cat", client.ExecResponse{Success: true}},
		{"a code", "exit 7", client.ExecResponse{ExitCode: 7}},
		{"a signal", "kill -9 $$", client.ExecResponse{ExitCode: 137}},
		{"no terminal", "echo x >/dev/tty", client.ExecResponse{Stderr: "/bin/bash: line 1: /dev/tty: No such device or address\n", ExitCode: 1}},
		{"larger than an argument", ": " + large + "\nprintf %s ${#X}; ls /proc/self/fd", client.ExecResponse{Stdout: "00\n1\n2\n3\n", Success: true}},
		{"larger, with an error", ": " + large + "\nexit 3", client.ExecResponse{ExitCode: 3}},
		{"as large as an argument", ": " + strings.Repeat("x", maxArgument-2), client.ExecResponse{Success: true}},
		{"one larger", ": " + strings.Repeat("x", maxArgument-1), client.ExecResponse{Success: true}},
		{"orphans are taken", "(sleep 0 &); sleep 0; for i in $(seq 500); do ps -o stat= -A | grep -q Z || exit 0; done; exit 1", client.ExecResponse{Success: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := s.run("a", c.command); got != c.want {
				t.Errorf("got %.300q, want %.300q", fmt.Sprint(got), fmt.Sprint(c.want))
			}
		})
	}
}

func TestExecCutsHugeOutput(t *testing.T) {
	s := serve(t, Options{})
	got := s.run("a", "head -c 40000000 /dev/zero | tr '\\0' x; echo done >&2")
	if len(got.Stdout) != maxOutput || !strings.HasPrefix(got.Stderr, "done\n") || !strings.Contains(got.Stderr, "stdout was cut") || !got.Success {
		t.Errorf("stdout of %d bytes, stderr %q, exit %d", len(got.Stdout), got.Stderr, got.ExitCode)
	}
}

// A process left in the background neither holds its command's reply nor dies of writing after it.
func TestExecLeavesBackgroundAlive(t *testing.T) {
	s := serve(t, Options{})
	if got := s.output("a", "(until [ -e go ]; do sleep 0.01; done; echo late; echo late >&2; touch survived) & echo now"); got != "now\n" {
		t.Errorf("stdout: %q", got)
	}
	s.output("a", "touch go")
	eventually(t, "the background process wrote and went on", func() bool { return s.run("a", "test -e survived").Success })
}

func TestExecEndsWithItsRequest(t *testing.T) {
	s := serve(t, Options{})
	s.output("a", "true")
	ctx, cancel := context.WithCancel(t.Context())
	var asked sync.WaitGroup
	asked.Go(func() {
		body, _ := json.Marshal(client.ExecRequest{SandboxID: "a", Command: "sleep 600 & sleep 600"})
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+client.PathExec, bytes.NewReader(body))
		if err != nil {
			t.Error(err)
			return
		}
		if response, err := s.client.Do(request); err == nil {
			_ = response.Body.Close()
			t.Error("the command ended by itself")
		}
	})
	eventually(t, "both processes run", func() bool { return s.run("a", "pgrep -c sleep").Stdout == "2\n" })
	cancel()
	asked.Wait()
	eventually(t, "both processes are gone", func() bool { return s.run("a", "pgrep -c sleep").Stdout == "0\n" })
}

func TestOneSandboxOfAnId(t *testing.T) {
	s := serve(t, Options{})
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() { s.output("a", fmt.Sprintf("echo %d >> /tmp/all", i)) })
	}
	all.Wait()
	if got := s.output("a", "sort -u /tmp/all | wc -l"); got != "16\n" {
		t.Errorf("%q of 16 commands wrote to the same sandbox", got)
	}
	if n := s.Sandboxes(); n != 1 {
		t.Errorf("%d sandboxes", n)
	}
}

// An id is a name, never a path.
func TestIdsThatLookLikePaths(t *testing.T) {
	s := serve(t, Options{})
	for _, id := range []string{".", "..", "...", "A", "a", "_"} {
		s.output(id, "echo "+quote(id)+" >/tmp/id")
	}
	for _, id := range []string{".", "..", "...", "A", "a", "_"} {
		if got := s.output(id, "cat /tmp/id"); got != id+"\n" {
			t.Errorf("sandbox %q is %q", id, got)
		}
	}
}
