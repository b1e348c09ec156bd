// Package history keeps every cell that was run, of every sandbox and every day,
// in one SQLite file that several processes share.
//
// A cell is kept as it was typed: a secret in it is a secret in the file, which
// is why the file is its owner's alone. It is not the transcript: no output is kept.
package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/adrg/xdg"
)

// Outcome is how a cell ended.
type Outcome string

const (
	Running Outcome = "running" // or its end was never heard of
	OK      Outcome = "ok"
	Error   Outcome = "error"   // it raised
	Aborted Outcome = "aborted" // it was queued, and never ran
	Lost    Outcome = "lost"    // the sandbox went away under it
)

func (o Outcome) valid() bool {
	switch o {
	case Running, OK, Error, Aborted, Lost:
		return true
	}
	return false
}

// Cell is one run of a piece of code.
type Cell struct {
	ID        string // a UUID, the same in every process that sees the cell
	SandboxID string
	Worker    string // the server's URL
	Code      string // as typed
	At        time.Time
	Duration  time.Duration
	Outcome   Outcome
	Author    string // ByUser or ByExec
}

// Who ran a cell: a person in a REPL, or a person by sandrepl exec in a terminal.
const (
	ByUser = "user"
	ByExec = "exec"
)

// ErrNoCell is returned by Finish for an id that was never added.
var ErrNoCell = errors.New("no such cell in the history")

// DefaultPath is history.db in this program's folder of the XDG data home.
func DefaultPath() string { return filepath.Join(xdg.DataHome, "sandrepl", "history.db") }

// Store is an open history. It is safe for concurrent use.
type Store struct {
	path string

	mu      sync.RWMutex // of what follows, which changes when a damaged file is set aside
	db      *sql.DB
	warning string
}

// Warning says that a damaged file was set aside, and where it is now; "" otherwise.
// It may come to be at any call.
func (s *Store) Warning() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.warning
}

// Close ends the use of the file.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.db.Close()
}

// Add keeps a cell. One whose id is there already is left as it is.
func (s *Store) Add(ctx context.Context, c Cell) error {
	if c.ID == "" || !c.Outcome.valid() {
		return fmt.Errorf("add a cell to the history: id %q, outcome %q: a cell has an id and an outcome", c.ID, c.Outcome)
	}
	return s.do("add a cell to the history", func(db *sql.DB) error {
		_, err := db.ExecContext(ctx,
			`INSERT INTO cells (id, sandbox_id, worker, code, at, duration, outcome, author)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
			c.ID, c.SandboxID, c.Worker, c.Code, c.At.UnixMicro(), int64(c.Duration), string(c.Outcome), c.Author)
		return err
	})
}

// Finish records how a cell ended; [ErrNoCell] when it was never added.
func (s *Store) Finish(ctx context.Context, id string, o Outcome, took time.Duration) error {
	if !o.valid() {
		return fmt.Errorf("finish a cell in the history: %q is no outcome", o)
	}
	return s.do("finish a cell in the history", func(db *sql.DB) error {
		r, err := db.ExecContext(ctx, `UPDATE cells SET outcome = ?, duration = ? WHERE id = ?`, string(o), int64(took), id)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(ErrNoCell, err)
		}
		return nil
	})
}

const columns = `c.id, c.sandbox_id, c.worker, c.code, c.at, c.duration, c.outcome, c.author`

// Recent returns the newest cells first, of one sandbox or, for "", of all.
func (s *Store) Recent(ctx context.Context, sandboxID string, limit int) ([]Cell, error) {
	where, args := "", []any{}
	if sandboxID != "" {
		where, args = "WHERE c.sandbox_id = ?", append(args, sandboxID)
	}
	return s.query(ctx, `SELECT `+columns+` FROM cells c `+where+` ORDER BY c.at DESC, c.seq DESC LIMIT ?`, append(args, limit)...)
}

// Query says which cells are looked for.
type Query struct {
	Text      string    // words, each of which the code holds, in any order and in either case
	SandboxID string    // "" for all
	Failed    bool      // only those that raised
	Since     time.Time // the zero time for all
}

// Search returns the newest cells first whose code holds every word of the
// query, in any order and in either case.
func (s *Store) Search(ctx context.Context, query string, limit int) ([]Cell, error) {
	return s.Find(ctx, Query{Text: query}, limit)
}

// Find returns the newest cells first that the query is for.
func (s *Store) Find(ctx context.Context, q Query, limit int) ([]Cell, error) {
	var phrases, short []string
	for _, word := range strings.Fields(strings.ReplaceAll(q.Text, "\x00", " ")) {
		if utf8.RuneCountInString(word) < 3 { // the index holds trigrams
			short = append(short, word)
			continue
		}
		phrases = append(phrases, `"`+strings.ReplaceAll(word, `"`, `""`)+`"`)
	}
	from, where, args := "cells c", []string{"TRUE"}, []any{}
	if len(phrases) > 0 {
		from = "cells_code f JOIN cells c ON c.seq = f.rowid"
		where, args = append(where, "f.code MATCH ?"), append(args, strings.Join(phrases, " AND "))
	}
	if q.SandboxID != "" {
		where, args = append(where, "c.sandbox_id = ?"), append(args, q.SandboxID)
	}
	if q.Failed {
		where, args = append(where, "c.outcome = ?"), append(args, string(Error))
	}
	if !q.Since.IsZero() {
		where, args = append(where, "c.at >= ?"), append(args, q.Since.UnixMicro())
	}
	for _, word := range short {
		where, args = append(where, `c.code LIKE ? ESCAPE '\'`), append(args, "%"+likeText.Replace(word)+"%")
	}
	return s.query(ctx, `SELECT `+columns+` FROM `+from+` WHERE `+strings.Join(where, " AND ")+
		` ORDER BY c.at DESC, c.seq DESC LIMIT ?`, append(args, limit)...)
}

// likeText takes the meaning from what LIKE gives one to.
var likeText = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func (s *Store) query(ctx context.Context, text string, args ...any) (cells []Cell, err error) {
	err = s.do("look into the history", func(db *sql.DB) error {
		rows, err := db.QueryContext(ctx, text, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		cells = nil
		for rows.Next() {
			var c Cell
			var at int64
			if err := rows.Scan(&c.ID, &c.SandboxID, &c.Worker, &c.Code, &at, &c.Duration, &c.Outcome, &c.Author); err != nil {
				return err
			}
			c.At = time.UnixMicro(at)
			cells = append(cells, c)
		}
		return rows.Err()
	})
	return cells, err
}

// do runs f, and once more in a new file when the file turns out to be damaged.
func (s *Store) do(what string, f func(*sql.DB) error) error {
	s.mu.RLock()
	db := s.db
	s.mu.RUnlock()
	err := f(db)
	if damaged(err) {
		if db, err = s.replace(db, err); err == nil {
			err = f(db)
		}
	}
	if err != nil {
		return fmt.Errorf("%s (%s): %w", what, s.path, err)
	}
	return nil
}
