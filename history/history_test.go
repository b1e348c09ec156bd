package history

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(writerEnv); path != "" {
		write(path)
		return
	}
	goleak.VerifyTestMain(m)
}

func opened(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

var start = time.UnixMicro(1795425472_125_000)

// cell is the nth of a test, a second after the one before.
func cell(n int, sandbox, code string) Cell {
	return Cell{
		ID: fmt.Sprintf("cell-%d", n), SandboxID: sandbox, Worker: "https://example.com", Code: code,
		At: start.Add(time.Duration(n) * time.Second), Outcome: Running, Author: "user",
	}
}

func codes(cells []Cell) string {
	var list []string
	for _, c := range cells {
		list = append(list, c.Code)
	}
	return strings.Join(list, "|")
}

func TestCellsAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "history.db")
	s := opened(t, path)
	want := cell(1, "a", "x = '''\n\x00é'''\n")
	want.Author = "agent"
	if err := s.Add(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	again := want
	again.Code = "another"
	if err := s.Add(t.Context(), again); err != nil {
		t.Errorf("adding an id again: %v, want it left as it is", err)
	}
	if err := s.Finish(t.Context(), want.ID, Error, 1500*time.Microsecond); err != nil {
		t.Fatal(err)
	}
	want.Outcome, want.Duration = Error, 1500*time.Microsecond
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := opened(t, path).Recent(t.Context(), "", 10)
	if diff := cmp.Diff([]Cell{want}, got); err != nil || diff != "" {
		t.Errorf("%v, -want +got\n%s", err, diff)
	}
}

func TestBadCells(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "h.db"))
	if err := s.Finish(t.Context(), "nobody", OK, 0); !errors.Is(err, ErrNoCell) {
		t.Errorf("finishing what is not there: %v, want ErrNoCell", err)
	}
	if err := s.Finish(t.Context(), "nobody", "fine", 0); err == nil || errors.Is(err, ErrNoCell) {
		t.Errorf("an outcome that is none: %v, want an error of its own", err)
	}
	for _, c := range []Cell{{Outcome: OK}, {ID: "x"}, {ID: "x", Outcome: "fine"}} {
		if err := s.Add(t.Context(), c); err == nil {
			t.Errorf("%+v was added", c)
		}
	}
}

func TestRecent(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "h.db"))
	for i, sandbox := range []string{"a", "b", "a", "b", "a"} {
		if err := s.Add(t.Context(), cell(i, sandbox, fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	same := cell(9, "c", "later row of the same time")
	same.At = cell(4, "", "").At
	if err := s.Add(t.Context(), same); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		sandbox string
		limit   int
		want    string
	}{
		{"", 10, same.Code + "|4|3|2|1|0"},
		{"", 2, same.Code + "|4"},
		{"a", 10, "4|2|0"},
		{"b", 1, "3"},
		{"nobody", 10, ""},
	} {
		got, err := s.Recent(t.Context(), test.sandbox, test.limit)
		if err != nil || codes(got) != test.want {
			t.Errorf("Recent(%q, %d) = %q, %v, want %q", test.sandbox, test.limit, codes(got), err, test.want)
		}
	}
}

func TestSearch(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "h.db"))
	for i, code := range []string{
		`import numpy as np`, `np.sum([1, 2])`, `print("100%")`, `d['a_b'] = 1`, `dxaxb`, `Größe = 3`, `re.match(r'\d', s)`, `x = "AND"`,
	} {
		if err := s.Add(t.Context(), cell(i, "a", code)); err != nil {
			t.Fatal(err)
		}
	}
	for query, want := range map[string]string{
		"numpy": `import numpy as np`, "NUMPY import": `import numpy as np`, "np": `np.sum([1, 2])|import numpy as np`,
		"np sum": `np.sum([1, 2])`, "sum numpy": "", "0%": `print("100%")`, `"100%"`: `print("100%")`, "a_": `d['a_b'] = 1`,
		"größe": `Größe = 3`, `\d`: `re.match(r'\d', s)`, `AND`: `x = "AND"`, "NEAR(": "", "*": "", "code:np": "", "-np": "", `""`: "", "\x00": codesOf(s, t),
		"": codesOf(s, t), "'; DROP TABLE cells": "",
	} {
		got, err := s.Search(t.Context(), query, 10)
		if err != nil || codes(got) != want {
			t.Errorf("Search(%q) = %q, %v, want %q", query, codes(got), err, want)
		}
	}
}

func codesOf(s *Store, t *testing.T) string {
	t.Helper()
	all, err := s.Recent(t.Context(), "", 100)
	if err != nil {
		t.Fatal(err)
	}
	return codes(all)
}

func TestDefaultPath(t *testing.T) {
	if got := DefaultPath(); !strings.HasSuffix(got, filepath.Join("sandrepl", "history.db")) || !filepath.IsAbs(got) {
		t.Errorf("DefaultPath() = %q", got)
	}
}

func BenchmarkAddAndFinish(b *testing.B) {
	s, err := Open(filepath.Join(b.TempDir(), "h.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	n := 0
	for b.Loop() {
		n++
		c := cell(n, "a", "for i in range(10):\n    print(i, 'a line of a cell')\n")
		if err := s.Add(b.Context(), c); err != nil {
			b.Fatal(err)
		}
		if err := s.Finish(b.Context(), c.ID, OK, time.Millisecond); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSearchIn20000(b *testing.B) {
	s, err := Open(filepath.Join(b.TempDir(), "h.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for n := range 20_000 {
		if err := s.Add(b.Context(), cell(n, "a", fmt.Sprintf("value_%d = compute(%d)\nprint(value_%d)\n", n, n*7, n))); err != nil {
			b.Fatal(err)
		}
	}
	for _, query := range []string{"compute print", "value_19", "va"} {
		b.Run(query, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Search(b.Context(), query, 50); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestFindNarrows(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	day := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for id, c := range map[string]Cell{
		"old":   {SandboxID: "a", Code: "print(old)", At: day.Add(-24 * time.Hour), Outcome: OK},
		"bad":   {SandboxID: "a", Code: "print(bad)", At: day, Outcome: Error},
		"other": {SandboxID: "b", Code: "print(other)", At: day.Add(time.Hour), Outcome: OK},
	} {
		c.ID = id
		if err := s.Add(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	for want, q := range map[string]Query{
		"other bad old": {}, "bad old": {SandboxID: "a"}, "bad": {Failed: true}, "other bad": {Since: day},
		"other": {Text: "other"}, "": {Text: "other", Failed: true}, "old": {Text: "print ol", SandboxID: "a"},
	} {
		cells, err := s.Find(t.Context(), q, 10)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range cells {
			got = append(got, c.ID)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%+v: %v, want %s", q, got, want)
		}
	}
}
