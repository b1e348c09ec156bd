package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// migrations lead from each version of the file to the next; its user_version counts those done.
// seq exists because the index of code needs a row's number.
var migrations = []string{
	`CREATE TABLE cells (
		seq INTEGER PRIMARY KEY,
		id TEXT NOT NULL UNIQUE,
		sandbox_id TEXT NOT NULL,
		worker TEXT NOT NULL,
		code TEXT NOT NULL,
		at INTEGER NOT NULL,       -- microseconds since the epoch of Unix
		duration INTEGER NOT NULL, -- nanoseconds
		outcome TEXT NOT NULL,
		author TEXT NOT NULL
	);
	CREATE INDEX cells_at ON cells (at, seq);
	CREATE INDEX cells_sandbox ON cells (sandbox_id, at, seq);
	CREATE VIRTUAL TABLE cells_code USING fts5(code, content='cells', content_rowid='seq', tokenize='trigram');
	CREATE TRIGGER cells_added AFTER INSERT ON cells BEGIN
		INSERT INTO cells_code (rowid, code) VALUES (new.seq, new.code);
	END;`,
}

// patience is how long a call waits for another process that is writing.
const patience = 10 * time.Second

// Open opens the history, and makes it where there is none: the file for its
// owner alone, and so the folder if that is new. A damaged file is set aside and
// a new one begun; [Store.Warning] then says so.
func Open(path string) (*Store, error) {
	s := &Store{path: path}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("open the history: %w: cells are not kept until that folder can be made", err)
	}
	unlock, err := s.lock()
	if err != nil {
		return nil, fmt.Errorf("open the history (%s): %w", path, err)
	}
	defer unlock()
	for range 3 { // it may be damaged again meanwhile, by who holds no lock
		db, err := open(path)
		if err == nil {
			s.db = db
			return s, nil
		}
		if !damaged(err) {
			return nil, fmt.Errorf("open the history (%s): %w", path, err)
		}
		if err := s.setAside(err); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("open the history (%s): every new file is damaged at once: check the disk", path)
}

// lock keeps other processes from opening the history, or setting it aside, until unlock is called. A process that still
// had the damaged file open while another puts a new one in its place could take that one's journal with it.
func (s *Store) lock() (unlock func(), err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	file := flock.New(s.path+".lock", flock.SetPermissions(0o600))
	if _, err := file.TryLockContext(ctx, 5*time.Millisecond); err != nil {
		return nil, fmt.Errorf("wait for another process that opens it: %w", err)
	}
	return func() { _ = file.Unlock() }, nil
}

// open returns a damaged(err) for what is no history, or not whole any more.
func open(path string) (*sql.DB, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) // SQLite gives its other files the same mode
	if err != nil {
		return nil, err
	}
	err = errors.Join(f.Chmod(0o600), f.Close())
	if err != nil {
		return nil, err
	}
	pragmas := url.Values{"_pragma": {
		fmt.Sprintf("busy_timeout(%d)", patience.Milliseconds()), "journal_mode(WAL)", "synchronous(NORMAL)",
	}, "_txlock": {"immediate"}}
	name := url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: pragmas.Encode()}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // one person asks
	if err := whenFree(func() error { return migrate(db) }); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// whenFree repeats f while another process is in the way: turning WAL on does not heed busy_timeout.
func whenFree(f func() error) error {
	for end := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		err := f()
		if !isCode(err, sqlite3.SQLITE_BUSY) || time.Now().After(end) {
			return err
		}
	}
}

func migrate(db *sql.DB) error {
	tx, err := db.BeginTx(context.Background(), nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after the commit
	var version int
	if err := tx.QueryRow(`PRAGMA user_version`).Scan(&version); err != nil {
		return err
	}
	if version > len(migrations) {
		return fmt.Errorf("it is of version %d, this program knows up to %d: use the newer sandrepl that wrote it", version, len(migrations))
	}
	for ; version < len(migrations); version++ {
		if _, err := tx.Exec(migrations[version]); err != nil {
			return err
		}
		if _, err := tx.Exec(fmt.Sprintf(`PRAGMA user_version = %d`, version+1)); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// replace sets the file of a damaged db aside and opens a new one, unless another call has done so.
func (s *Store) replace(db *sql.DB, why error) (*sql.DB, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db != db {
		return s.db, nil
	}
	unlock, err := s.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	_ = db.Close() // it is damaged; and closed later, it might take the new file's journal with it
	if err := s.setAside(why); err != nil {
		return nil, err
	}
	fresh, err := open(s.path)
	if err != nil {
		return nil, err
	}
	s.db = fresh
	return fresh, nil
}

// setAside renames the file if it is still damaged: another process may have been first. The lock is held.
func (s *Store) setAside(why error) error {
	if whole(s.path) {
		return nil
	}
	aside := s.path + ".damaged-" + time.Now().UTC().Format("20060102T150405.000000")
	for _, suffix := range []string{"-wal", "-shm", ""} {
		if err := os.Rename(s.path+suffix, aside+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("set the damaged history aside: %w: move %s away by hand", err, s.path)
		}
	}
	s.warning = fmt.Sprintf("the history was damaged (%v): it is now %s, and a new one was begun", why, aside)
	return nil
}

// whole looks through the entire file.
func whole(path string) bool {
	db, err := open(path)
	if err != nil {
		return !damaged(err)
	}
	defer db.Close()
	var verdict string
	err = db.QueryRow(`PRAGMA quick_check(1)`).Scan(&verdict)
	return err == nil && verdict == "ok" || err != nil && !damaged(err)
}

func damaged(err error) bool {
	return isCode(err, sqlite3.SQLITE_NOTADB) || isCode(err, sqlite3.SQLITE_CORRUPT)
}

func isCode(err error, code int) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == code
}
