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
)

// draft keeps what is in the editor in a file, one a sandbox, so that it survives a crash. There is no file while there is
// no text. The zero value keeps nothing.
type draft struct {
	file    *draftFile
	kept    string // what the file has, or will have once the write under way is done
	loaded  bool
	writing bool
	writes  int
}

// draftFile lets no older text overtake a newer one on the way to the disk.
type draftFile struct {
	path   string
	mu     sync.Mutex
	latest int // the number of the write that the file has
}

// draftDelay is how long the file may be behind what is typed.
const draftDelay = 300 * time.Millisecond

func newDraft(opts Options) draft {
	if opts.Drafts == "" {
		return draft{}
	}
	place := sha256.Sum256([]byte(opts.Worker + "\x00" + opts.SandboxID))
	return draft{file: &draftFile{path: filepath.Join(opts.Drafts, hex.EncodeToString(place[:12])+".py")}}
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
	text, err := os.ReadFile(d.file.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return noticeMsg{fmt.Errorf("the draft of an earlier session cannot be read: %w", err)}
	}
	return draftMsg{string(text)}
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
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".draft-*") // 0600
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
