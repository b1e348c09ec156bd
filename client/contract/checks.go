package contract

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// big holds the server to the sizes that cells and their output come in.
func big(t *testing.T, s Server) {
	id := s.sandbox(t)
	t.Run("a file of 1 MiB", func(t *testing.T) {
		content := strings.Repeat("print('é\\n')\n", 1<<20/13)
		s.write(t, id, "/tmp/cell.py", content)
		same(t, s.read(t, id, "/tmp/cell.py"), content)
		same(t, s.run(t, id, "python3 /tmp/cell.py | wc -l"), fmt.Sprintln(2*strings.Count(content, "\n")))
	})
	t.Run("a command of 100 KiB", func(t *testing.T) {
		text := strings.Repeat("x", 100<<10)
		same(t, s.run(t, id, "printf %s "+text), text)
	})
	t.Run("an output of 8 MiB on each stream", func(t *testing.T) {
		s.write(t, id, "/tmp/out.py", "import sys\nfor i in range(1 << 17): sys.stdout.write('o' * 64); sys.stderr.write('e' * 64)\n")
		r := s.exec(t, id, "python3 /tmp/out.py")
		same(t, r.Stdout, strings.Repeat("o", 8<<20))
		same(t, r.Stderr, strings.Repeat("e", 8<<20))
	})
	if !s.Ours {
		return
	}
	t.Run("an output of 32 MB", func(t *testing.T) {
		same(t, s.run(t, id, "head -c 32000000 /dev/zero | tr '\\000' x"), strings.Repeat("x", 32_000_000))
	})
	t.Run("a file of 24 MB", func(t *testing.T) { // in base64, it fits the 32 MiB that a Durable Object answers with
		s.run(t, id, "head -c 24000000 /dev/zero | tr '\\000' x >/tmp/big")
		same(t, s.read(t, id, "/tmp/big"), strings.Repeat("x", 24_000_000))
	})
}

// same compares texts that are too long to print.
func same(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got %d bytes %.60q…, want %d bytes %.60q…", len(got), got, len(want), want)
	}
}

// atOnce has commands of one sandbox wait for each other, which ends only where they run side by side.
func atOnce(t *testing.T, s Server) {
	id := s.sandbox(t)
	s.run(t, id, "true")
	const n = 4
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			r := s.exec(t, id, fmt.Sprintf("touch /tmp/here%d; until [ $(ls /tmp | grep -c '^here') = %d ]; do sleep 0.02; done; echo %d", i, n, i))
			same(t, r.Stdout, fmt.Sprintln(i))
		})
	}
	all.Wait()
}

func destroy(t *testing.T, s Server) {
	id, other := s.sandbox(t), s.sandbox(t)
	before := time.Now().Add(-time.Minute).UnixMilli()
	s.run(t, id, "echo x >/tmp/x; sleep 600 >/dev/null 2>&1 </dev/null & echo $!")
	s.run(t, other, "echo x >/tmp/x")
	if s.Lists {
		info, ok := s.list(t)[id]
		if !ok || info.Created < before || info.LastUsed < info.Created || info.LastUsed > time.Now().Add(time.Minute).UnixMilli() {
			t.Errorf("listed as %+v (%v), want times of just now", info, ok)
		}
		if info.Processes < 1 {
			t.Errorf("processes = %d, want the one in the background", info.Processes)
		}
	}
	var done struct{ Success bool }
	s.expect(t, request{Method: http.MethodDelete, Path: "/sandbox", Query: "sandbox_id=" + id}, &done)
	if !done.Success {
		t.Error("destroyed without success")
	}
	if s.Lists {
		listed := s.list(t)
		if _, ok := listed[id]; ok {
			t.Error("destroyed, it is still listed")
		}
		if _, ok := listed[other]; !ok {
			t.Error("destroying one sandbox destroyed another")
		}
	}
	same(t, s.run(t, other, "cat /tmp/x"), "x\n")
	same(t, s.run(t, id, "ls /tmp; ls /workspace; cat /proc/[0-9]*/cmdline | tr '\\000' ' ' | grep -c 'sleep [6]00' || true"), "0\n")
}
