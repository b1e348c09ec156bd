package transcript

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func filled(s *spool, lines int) *sheet {
	sh := &sheet{spool: s}
	for i := range lines {
		sh.add(tagStdout, fmt.Appendf(nil, "line %d %s", i, strings.Repeat("x", i%200)))
	}
	sh.seal()
	return sh
}

func TestSpoolKeepsWithinItsBudget(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	s := newSpool(1<<20, fileLimit)
	defer s.close()
	const lines = 100_000
	sh := filled(s, lines)
	if s.used > s.memory {
		t.Errorf("%d bytes in memory, budget %d", s.used, s.memory)
	}
	for _, i := range []int{0, 1, 999, lines / 2, lines - 1, 17, lines - 2} {
		want := fmt.Sprintf("line %d %s", i, strings.Repeat("x", i%200))
		if tag, got := sh.line(i); got != want || tag != tagStdout {
			t.Errorf("line %d reads %c %q, want %q", i, tag, got, want)
		}
	}
	for i := 0; i < lines; i += 50 {
		sh.line(i)
	}
	if s.used > s.memory {
		t.Errorf("after reading: %d bytes in memory, budget %d", s.used, s.memory)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("the temporary file has a name: %v %v", left, err)
	}
}

func TestSpoolCountsEmptyLines(t *testing.T) {
	s := newSpool(1<<20, fileLimit)
	defer s.close()
	sh := &sheet{spool: s}
	for range 1_000_000 {
		sh.add(tagStdout, nil)
	}
	if s.used > s.memory {
		t.Errorf("%d bytes in memory, budget %d", s.used, s.memory)
	}
	if tag, line := sh.line(5); tag != tagStdout || line != "" {
		t.Errorf("line 5 is %c %q", tag, line)
	}
}

func TestSpoolSaysWhatItLost(t *testing.T) {
	for name, c := range map[string]struct {
		disk int64
		dir  string
		why  string
	}{
		"limit":        {128 << 10, t.TempDir(), "limit"},
		"no directory": {fileLimit, "/nonexistent/directory", "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("TMPDIR", c.dir)
			s := newSpool(256<<10, c.disk)
			defer s.close()
			sh := filled(s, 20_000)
			if s.used > s.memory {
				t.Errorf("%d bytes in memory, budget %d", s.used, s.memory)
			}
			if _, got := sh.line(19_999); !strings.HasPrefix(got, "line 19999") {
				t.Errorf("the newest line reads %q", got)
			}
			middle := 5_000
			if tag, got := sh.line(middle); tag != tagNote || !strings.Contains(got, c.why) {
				t.Errorf("a lost line reads %c %q, want a note with %q", tag, got, c.why)
			}
		})
	}
}
