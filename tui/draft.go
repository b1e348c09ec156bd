package tui

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/gofrs/flock"
)

// draft keeps what is in the editor in a file, so that it survives a crash: one a sandbox, and one more for each other
// application that has the same sandbox open. There is no file while there is no text. The zero value keeps nothing.
type draft struct {
	file    *draftFile
	kept    string // what the file has, or will have once the write under way is done
	loaded  bool
	writing bool
	writes  int
}

// draftFile lets no older text overtake a newer one on the way to the disk.
type draftFile struct {
	folder, name string
	mu           sync.Mutex
	path         string       // of the file that is this application's own, once it is
	lock         *flock.Flock // held while the application runs
	latest       int          // the number of the write that the file has
}

// mostDrafts bounds how many applications on one sandbox keep a draft.
const mostDrafts = 16

// draftDelay is how long the file may be behind what is typed.
const draftDelay = 300 * time.Millisecond

func newDraft(opts Options) draft {
	if opts.Drafts == "" {
		return draft{}
	}
	place := sha256.Sum256([]byte(opts.Worker + "\x00" + opts.SandboxID))
	return draft{file: &draftFile{folder: opts.Drafts, name: hex.EncodeToString(place[:12])}}
}

type (
	draftMsg     struct{ text string } // what was there at the start
	draftDueMsg  struct{}              // it is time to write
	draftDoneMsg struct{ err error }   // it is written
)

// load reads the draft of an application that ended without its user's doing.
func (d draft) load() tea.Msg {
	if d.file == nil {
		return nil
	}
	text, err := d.file.open()
	if err != nil {
		return noticeMsg{fmt.Errorf("what is typed is not kept for the case of a crash: %w", err)}
	}
	return draftMsg{text}
}

// drafted puts the draft into the editor, unless something is typed there already.
func (m Model) drafted(msg draftMsg) Model {
	m.draft.loaded, m.draft.kept = true, msg.text
	if msg.text != "" && m.editor.Value() == "" {
		m.editor = m.editor.SetValue(msg.text)
		m.status.note = "what you had typed when it ended is back"
		m = m.layout()
	}
	return m
}

// saving sees to it that the file gets what is typed; it follows each message.
func (m Model) saving() (Model, tea.Cmd) {
	if !m.draft.loaded || m.draft.writing || m.editor.Value() == m.draft.kept {
		return m, nil
	}
	m.draft.writing = true
	return m, tea.Tick(draftDelay, func(time.Time) tea.Msg { return draftDueMsg{} })
}

func (m Model) writeDraft() (tea.Model, tea.Cmd) {
	if m.draft.file == nil {
		return m, nil
	}
	m.draft.kept = m.editor.Value()
	m.draft.writes++
	d := m.draft
	return m, func() tea.Msg { return draftDoneMsg{d.file.write(d.writes, d.kept)} }
}

// wroteDraft lets the next write begin. A folder that cannot be written is told of once.
func (m Model) wroteDraft(msg draftDoneMsg) Model {
	m.draft.writing = false
	if msg.err != nil {
		m.draft = draft{}
		return m.notice(fmt.Errorf("what is typed is not kept for the case of a crash: %w", msg.err))
	}
	return m
}

// lastDraft keeps what is still in the editor as the application ends.
func (m Model) lastDraft() tea.Cmd {
	if !m.draft.loaded {
		return nil
	}
	_, write := m.writeDraft()
	return write
}

// open makes a file that no other running application has this one's own, and reads it.
func (f *draftFile) open() (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := os.MkdirAll(f.folder, 0o700); err != nil {
		return "", err
	}
	for n := range mostDrafts {
		path := filepath.Join(f.folder, fmt.Sprintf("%s-%d.py", f.name, n))
		lock := flock.New(path+".lock", flock.SetPermissions(0o600))
		free, err := lock.TryLock()
		if err != nil {
			return "", err
		}
		if !free {
			continue
		}
		f.path, f.lock = path, lock
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return string(text), err
	}
	return "", fmt.Errorf("%d others have this sandbox open", mostDrafts)
}

// close lets the next application have the file.
func (f *draftFile) close() error {
	if f == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.lock == nil {
		return nil
	}
	err := errors.Join(os.Remove(f.lock.Path()), f.lock.Unlock())
	f.lock = nil
	return err
}

// write replaces the file as a whole; without text there is none.
func (f *draftFile) write(number int, text string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if number < f.latest {
		return nil
	}
	f.latest = number
	path := f.path
	if text == "" {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	file, err := os.CreateTemp(f.folder, ".draft-*") // 0600
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}
