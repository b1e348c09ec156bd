//go:build linux || darwin

package sandbox

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sandrepl/sandrepl/client"
)

func TestFiles(t *testing.T) {
	s := serve(t, Options{})
	s.output("a", `printf 'a\377' >/tmp/bytes; mkfifo /tmp/fifo; mkdir /tmp/dir; echo x >/tmp/closed; chmod 0 /tmp/closed; truncate -s 33M /tmp/large; ln -s loop /tmp/loop; ln -s /tmp/real /tmp/link
python3 -c "import socket; socket.socket(socket.AF_UNIX).bind('/tmp/socket')"`)
	for path, want := range map[string]string{
		"/tmp/none": "no such file", "/tmp/bytes": "UTF-8", "/tmp/fifo": "FIFO", "/tmp/dir": "directory", "/tmp/closed": "permission denied",
		"/tmp/large": "larger than 32 MiB", "/tmp/loop": "too many levels", "/tmp/socket": "", "/dev/zero": "device", "/tmp/bytes/x": "not a directory",
	} {
		status, reply, err := s.get("a", path)
		if status != http.StatusInternalServerError || reply.Success || reply.Content != "" || !strings.Contains(err, want) || !strings.Contains(err, path) {
			t.Errorf("read %s: %d %+v %q, want an error with %q", path, status, reply, err, want)
		}
	}
	for path, want := range map[string]string{"/tmp/fifo": "FIFO", "/tmp/dir": "directory", "/tmp/closed": "permission denied", "/dev/null": "device", "/tmp/bytes/x": "not a directory", "/usr/x": "read-only"} {
		if status, body := s.put("a", path, "x"); status != http.StatusInternalServerError || !strings.Contains(string(body), want) {
			t.Errorf("write %s: %d %s, want an error with %q", path, status, body, want)
		}
	}
	for path, content := range map[string]string{
		"relative/to/workspace": "x", "/tmp/new/folders/f": "é\x00\n", "/tmp/empty": "", "/tmp/link": "through a link", "/tmp/largest": strings.Repeat("x", maxFile),
	} {
		if status, body := s.put("a", path, content); status != http.StatusOK {
			t.Errorf("write %s: %d %s", path, status, body)
		}
		if status, reply, err := s.get("a", path); status != http.StatusOK || reply.Content != content || !reply.Success {
			t.Errorf("read %s: %d %.100q %q", path, status, reply.Content, err)
		}
	}
	if got := s.output("a", "cat /workspace/relative/to/workspace /tmp/real; cat /proc/self/comm"); got != "xthrough a linkcat\n" {
		t.Errorf("commands see %q", got)
	}
	if status, reply, err := s.get("a", "/proc/self/comm"); status != http.StatusOK || reply.Content == "" {
		t.Errorf("a file without a size: %d %q", status, err)
	}
	if got := s.output("a", "stat -c '%U %a' /tmp/new/folders/f /tmp/new"); got != "sandbox 644\nsandbox 755\n" {
		t.Errorf("owner and mode: %q", got)
	}
}

func TestBodiesAreCapped(t *testing.T) {
	s := serve(t, Options{})
	status, body := s.put("a", "/tmp/x", strings.Repeat("x", maxBody))
	if status != http.StatusRequestEntityTooLarge || !strings.Contains(string(body), "MiB") {
		t.Errorf("write: %d %.200s", status, body)
	}
	status, body = s.call(http.MethodPost, client.PathExec, client.ExecRequest{SandboxID: "a", Command: strings.Repeat("x", maxBody)})
	if status != http.StatusRequestEntityTooLarge {
		t.Errorf("exec: %d %.200s", status, body)
	}
	if n := s.Sandboxes(); n != 0 {
		t.Errorf("refused requests made %d sandboxes", n)
	}
}
