package rich

import (
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"weak"
)

const (
	sourceMemory = 16 << 20 // bytes of what drawings are made from that are kept in memory
	sourceFile   = 4 << 30  // bytes of it in the temporary file
)

// An attic keeps what drawings are made from: the latest in memory, what came before in a temporary file. What the file cannot
// take is lost, and says why: memory stays bounded whatever comes.
type attic struct {
	memory int   // budget, bytes
	disk   int64 // budget, bytes

	mu   sync.Mutex
	used int // of memory
	kept []box
	file *os.File
	size int64
}

// A box is a source in memory; what nobody draws any more is gone from it.
type box struct {
	source weak.Pointer[source]
	size   int
}

// source is the forms of one value, as JSON.
type source struct {
	forms  []byte // nil while they are only in the file
	offset int64  // in the file
	length int
	lost   error // why the forms are gone, when they are
}

func newAttic(memory int, disk int64) *attic { return &attic{memory: memory, disk: disk} }

func (a *attic) put(forms map[string]string) *source {
	text, err := json.Marshal(forms)
	s := &source{forms: text, length: len(text), lost: err}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.kept = append(a.kept, box{weak.Make(s), s.length})
	for a.used += s.length; a.used > a.memory && len(a.kept) > 1; a.kept = a.kept[1:] {
		oldest := a.kept[0]
		a.used -= oldest.size
		if s := oldest.source.Value(); s != nil {
			s.offset, s.lost = a.save(s.forms)
			s.forms = nil
		}
	}
	return s
}

func (a *attic) get(s *source) (forms map[string]string, err error) {
	a.mu.Lock()
	text, lost, file := s.forms, s.lost, a.file
	a.mu.Unlock()
	if lost != nil {
		return nil, lost
	}
	if text == nil {
		text = make([]byte, s.length)
		if _, err := file.ReadAt(text, s.offset); err != nil {
			return nil, err
		}
	}
	return forms, json.Unmarshal(text, &forms)
}

func (a *attic) save(text []byte) (offset int64, err error) {
	if a.size+int64(len(text)) > a.disk {
		return 0, fmt.Errorf("the temporary file has reached its limit of %d MiB", a.disk>>20)
	}
	if a.file == nil {
		if a.file, err = os.CreateTemp("", "sandrepl-pictures-*"); err != nil {
			return 0, err
		}
		_ = os.Remove(a.file.Name()) // refused on Windows while it is open; close tries again
	}
	if _, err := a.file.WriteAt(text, a.size); err != nil {
		return 0, err
	}
	a.size += int64(len(text))
	return a.size - int64(len(text)), nil
}

func (a *attic) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.file != nil {
		_ = a.file.Close()
		_ = os.Remove(a.file.Name())
	}
}
