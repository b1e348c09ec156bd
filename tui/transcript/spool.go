package transcript

import (
	"bytes"
	"container/list"
	"fmt"
	"os"
)

const (
	chunkSize   = 64 << 10 // bytes of text; line starts fit in 16 bits
	memoryLimit = 16 << 20 // bytes of text and line starts kept in memory, all cells together
	fileLimit   = 4 << 30  // bytes of text in the temporary file
)

// chunk is up to 64 KiB of whole lines, each ended by a newline. It is written to until it is sealed.
type chunk struct {
	first  int // number of its first line in its sheet
	lines  int
	text   []byte        // nil while it is only in the file
	starts []uint16      // where each line begins; nil with text
	offset int64         // in the file; -1 until it is written
	length int           // of text
	lost   error         // why the text is gone, when it is
	place  *list.Element // in the spool's order; nil unless sealed and in memory
}

// cost is what the chunk takes of the memory budget.
func (c *chunk) cost() int { return cap(c.text) + 2*cap(c.starts) }

// spool keeps sealed chunks within a budget of memory: those longest unused go to a file and come back when asked
// for. Where the file cannot take them the text is lost, and its lines say why: memory stays bounded whatever happens.
type spool struct {
	memory int   // budget, bytes
	disk   int64 // budget, bytes
	used   int   // of memory
	recent *list.List
	file   *os.File
	size   int64
}

func newSpool(memory int, disk int64) *spool {
	return &spool{memory: memory, disk: disk, recent: list.New()}
}

// seal takes a chunk that will not change any more into the budget.
func (s *spool) seal(c *chunk) {
	c.length = len(c.text)
	s.admit(c)
}

func (s *spool) admit(c *chunk) {
	c.place = s.recent.PushBack(c)
	s.used += c.cost()
	for s.used > s.memory && s.recent.Len() > 1 {
		s.evict(s.recent.Front().Value.(*chunk))
	}
}

func (s *spool) evict(c *chunk) {
	if c.offset < 0 {
		c.lost = s.save(c)
	}
	s.used -= c.cost()
	s.recent.Remove(c.place)
	c.place, c.text, c.starts = nil, nil, nil
}

// forget drops a chunk that nobody asks for any more.
func (s *spool) forget(c *chunk) {
	if c.place == nil {
		return
	}
	s.used -= c.cost()
	s.recent.Remove(c.place)
	c.place, c.text, c.starts = nil, nil, nil
}

func (s *spool) save(c *chunk) error {
	if s.size+int64(len(c.text)) > s.disk {
		return fmt.Errorf("the temporary file has reached its limit of %d MiB", s.disk>>20)
	}
	if err := s.open(); err != nil {
		return err
	}
	if _, err := s.file.WriteAt(c.text, s.size); err != nil {
		return err
	}
	c.offset = s.size
	s.size += int64(len(c.text))
	return nil
}

// open makes the temporary file and unlinks it, so that nothing is left behind however the program ends.
func (s *spool) open() error {
	if s.file != nil {
		return nil
	}
	f, err := os.CreateTemp("", "sandrepl-transcript-*")
	if err != nil {
		return err
	}
	_ = os.Remove(f.Name()) // refused on Windows while it is open; close tries again
	s.file = f
	return nil
}

// reopen takes a chunk out of the budget again, to be written to.
func (s *spool) reopen(c *chunk) error {
	if err := s.load(c); err != nil {
		return err
	}
	s.used -= c.cost()
	s.recent.Remove(c.place)
	c.place, c.offset, c.length = nil, -1, 0
	return nil
}

// load brings a chunk's text into memory, or tells why it is gone.
func (s *spool) load(c *chunk) error {
	switch {
	case c.lost != nil:
		return c.lost
	case c.place != nil:
		s.recent.MoveToBack(c.place)
		return nil
	case c.text != nil: // still written to
		return nil
	}
	text := make([]byte, c.length)
	if _, err := s.file.ReadAt(text, c.offset); err != nil {
		return err
	}
	c.text = text
	c.starts = make([]uint16, 0, c.lines)
	for at := 0; at < len(text); {
		c.starts = append(c.starts, uint16(at))
		at += bytes.IndexByte(text[at:], '\n') + 1
	}
	s.admit(c)
	return nil
}

func (s *spool) close() error {
	if s.file == nil {
		return nil
	}
	f := s.file
	s.file = nil
	err := f.Close()
	_ = os.Remove(f.Name())
	return err
}
