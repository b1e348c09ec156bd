package history

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	writerEnv     = "SANDREPL_TEST_HISTORY_WRITER" // the path of a history to write to
	writers       = 6
	cellsOfWriter = 50
)

// write is the body of each of several processes.
func write(path string) {
	fail := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	s, err := Open(path)
	fail(err)
	for i := range cellsOfWriter {
		c := cell(i, fmt.Sprint(os.Getpid()), "print('a cell')")
		c.ID = fmt.Sprintf("%d-%d", os.Getpid(), i)
		fail(s.Add(context.Background(), c))
		fail(s.Finish(context.Background(), c.ID, OK, time.Millisecond))
	}
	fail(s.Close())
}

// runWriters has processes open one path and write to it, all at once.
func runWriters(t *testing.T, path string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			cmd := exec.CommandContext(ctx, self)
			cmd.Env = append(os.Environ(), writerEnv+"="+path)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("writer: %v: %s", err, out)
			}
		})
	}
	all.Wait()
}

func TestSeveralProcessesWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	runWriters(t, path)
	cells, err := opened(t, path).Search(t.Context(), "cell", 10_000)
	if err != nil || len(cells) != writers*cellsOfWriter {
		t.Fatalf("%d cells, %v, want %d", len(cells), err, writers*cellsOfWriter)
	}
	for _, c := range cells {
		if c.Outcome != OK {
			t.Errorf("%s is %s", c.ID, c.Outcome)
		}
	}
}

func TestSeveralProcessesFindItDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	if err := os.WriteFile(path, bytes.Repeat([]byte("nonsense"), 4096), 0o600); err != nil {
		t.Fatal(err)
	}
	runWriters(t, path)
	cells, err := opened(t, path).Recent(t.Context(), "", 10_000)
	if err != nil || len(cells) != writers*cellsOfWriter {
		t.Errorf("%d cells, %v, want %d", len(cells), err, writers*cellsOfWriter)
	}
	if aside, _ := filepath.Glob(path + ".damaged-*"); len(aside) != 1 {
		t.Errorf("set aside: %q, want one file", aside)
	}
}

func TestModes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data", "sandrepl")
	path := filepath.Join(dir, "h.db")
	s := opened(t, path)
	if err := s.Add(t.Context(), cell(1, "a", "x")); err != nil {
		t.Fatal(err)
	}
	names, err := os.ReadDir(dir)
	if err != nil || len(names) < 2 {
		t.Fatalf("%d files, %v, want the database and its journal", len(names), err)
	}
	for _, name := range names {
		wantMode(t, filepath.Join(dir, name.Name()), 0o600)
	}
	wantMode(t, dir, fs.ModeDir|0o700)
	loose := filepath.Join(t.TempDir(), "loose.db")
	if err := os.WriteFile(loose, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	opened(t, loose)
	wantMode(t, loose, 0o600)
}

func wantMode(t *testing.T, path string, want fs.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != want {
		t.Errorf("%s is %v, want %v", path, info.Mode(), want)
	}
}

func TestStrangePaths(t *testing.T) {
	for _, name := range []string{"a b.db", "a?b.db", "a#b.db", "a%20b.db", "é.db"} {
		path := filepath.Join(t.TempDir(), name)
		s := opened(t, path)
		if err := s.Add(t.Context(), cell(1, "a", "x")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			t.Errorf("%s: the cells went elsewhere: %v", name, err)
		}
	}
}

// filled is a closed history with enough cells for many pages.
func filled(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "h.db")
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 300 {
		if err := s.Add(t.Context(), cell(i, "a", strings.Repeat(fmt.Sprintf("line %d\n", i), 50))); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func overwrite(t *testing.T, path string, from, to int) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copy(b[from:min(to, len(b))], bytes.Repeat([]byte{0xa5}, len(b)))
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestDamagedFilesAreSetAside(t *testing.T) {
	for name, damage := range map[string]func(*testing.T, string){
		"header":    func(t *testing.T, path string) { overwrite(t, path, 0, 100) },
		"schema":    func(t *testing.T, path string) { overwrite(t, path, 100, 4096) },
		"all pages": func(t *testing.T, path string) { overwrite(t, path, 4096, 1<<30) },
		"truncated": func(t *testing.T, path string) {
			if err := os.Truncate(path, 5000); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filled(t)
			damage(t, path)
			s := opened(t, path)
			if _, err := s.Recent(t.Context(), "", 1000); err != nil {
				t.Errorf("Recent: %v", err)
			}
			if err := s.Add(t.Context(), cell(1000, "a", "new")); err != nil {
				t.Errorf("Add: %v", err)
			}
			if got, err := s.Search(t.Context(), "new", 10); err != nil || codes(got) != "new" {
				t.Errorf("Search = %q, %v, want the new cell", codes(got), err)
			}
			aside, _ := filepath.Glob(path + ".damaged-*")
			if len(aside) != 1 || !strings.Contains(s.Warning(), aside[0]) {
				t.Errorf("warning %q, set aside %q: want one file, named in the warning", s.Warning(), aside)
			}
		})
	}
}

func TestWhatIsNotDamageIsLeftAlone(t *testing.T) {
	if _, err := Open(t.TempDir()); err == nil {
		t.Error("a folder was opened")
	}
	path := filled(t)
	db, err := open(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`PRAGMA user_version = 999`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err == nil || !strings.Contains(err.Error(), "newer") {
		t.Errorf("a newer program's history: %v, want an error that says newer", err)
	}
	if aside, _ := filepath.Glob(path + ".damaged-*"); len(aside) != 0 {
		t.Errorf("it was set aside: %q", aside)
	}
	if s := opened(t, filled(t)); s.Warning() != "" {
		t.Errorf("a whole file has the warning %q", s.Warning())
	}
}

func TestCancelledCallsLeaveTheStoreUsable(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "h.db"))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Add(gone, cell(1, "a", "x")); err == nil {
		t.Error("a cancelled Add succeeded")
	}
	if err := s.Add(t.Context(), cell(1, "a", "x")); err != nil {
		t.Error(err)
	}
}
