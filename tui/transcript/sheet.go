package transcript

import "sort"

// tag says what a stored line is; it is the line's first byte.
type tag byte

const (
	tagCode    tag = 'c'
	tagCodeOn  tag = 'C' // what goes on from the line before, which was too long
	tagStdout  tag = 'o'
	tagStderr  tag = 'e'
	tagValue   tag = 'v' // the first line of a result that reads as Python
	tagText    tag = 't' // the first line of any other result
	tagValueOn tag = 'V' // their further lines
	tagTextOn  tag = 'T'
	tagError   tag = 'x'
	tagNote    tag = 'n'
)

// sheet is an append-only list of tagged lines.
type sheet struct {
	spool  *spool
	chunks []*chunk
	count  int
}

// add appends a line, which must hold no newline and be shorter than a chunk.
func (s *sheet) add(t tag, line []byte) {
	c := s.last()
	if c == nil || len(c.text)+len(line)+2 > chunkSize {
		s.seal()
		c = &chunk{first: s.count, offset: -1}
		s.chunks = append(s.chunks, c)
	}
	c.starts = append(c.starts, uint16(len(c.text)))
	c.text = append(c.text, byte(t))
	c.text = append(c.text, line...)
	c.text = append(c.text, '\n')
	c.lines++
	s.count++
}

// last returns the chunk being written, if there is one.
func (s *sheet) last() *chunk {
	if len(s.chunks) == 0 {
		return nil
	}
	c := s.chunks[len(s.chunks)-1]
	if c.length > 0 {
		return nil
	}
	return c
}

// seal ends the chunk being written, so that it may leave memory.
func (s *sheet) seal() {
	if c := s.last(); c != nil && c.lines > 0 {
		s.spool.seal(c)
	}
}

// pop takes the last line back, if it has that tag.
func (s *sheet) pop(t tag) (line string, ok bool) {
	if c := s.last(); c != nil && c.lines == 0 {
		s.chunks = s.chunks[:len(s.chunks)-1]
	}
	if len(s.chunks) == 0 {
		return "", false
	}
	c := s.chunks[len(s.chunks)-1]
	if c.length > 0 && s.spool.reopen(c) != nil {
		return "", false
	}
	start := int(c.starts[len(c.starts)-1])
	if tag(c.text[start]) != t {
		return "", false
	}
	line = string(c.text[start+1 : len(c.text)-1])
	c.text, c.starts = c.text[:start], c.starts[:len(c.starts)-1]
	c.lines--
	s.count--
	return line, true
}

// line returns line i; a line that was lost is a note that says why.
func (s *sheet) line(i int) (tag, string) {
	k := sort.Search(len(s.chunks), func(k int) bool { return s.chunks[k].first > i }) - 1
	c := s.chunks[k]
	if err := s.spool.load(c); err != nil {
		return tagNote, "line dropped: " + err.Error()
	}
	i -= c.first
	end := len(c.text)
	if i+1 < len(c.starts) {
		end = int(c.starts[i+1])
	}
	text := c.text[c.starts[i] : end-1]
	return tag(text[0]), string(text[1:])
}
