package transcript

import (
	"strings"
	"unicode/utf8"

	uv "github.com/charmbracelet/ultraviolet"
)

// maxLine bounds a stored line, bytes; a longer one is cut into pieces, each a line of its own.
const maxLine = 16 << 10

// writer turns a cell's output into the lines of a sheet. Only the last line can still change: plain text is appended
// to its bytes; the first carriage return, backspace or erase on it makes it a grid, until its newline comes.
// Each stored line stands for itself: a colour that goes on from the line before is repeated at its beginning.
type writer struct {
	sheet *sheet
	tag   tag
	line  []byte // the last line, when it is no grid
	grid  *grid
	fresh bool // nothing was written on the last line yet
	pen   uv.Style
	pens  map[Kind]uv.Style // of the kinds that are not being written
	kind  Kind
}

func newWriter(s *spool) *writer {
	return &writer{sheet: &sheet{spool: s}, fresh: true}
}

// lines counts the last line too, once there is something on it.
func (w *writer) lines() int {
	if w.fresh {
		return w.sheet.count
	}
	return w.sheet.count + 1
}

// at returns line i; open tells that it may still change.
func (w *writer) at(i int) (t tag, line string, open bool) {
	if i < w.sheet.count {
		t, line = w.sheet.line(i)
		return t, line, false
	}
	return w.tag, string(w.current()), true
}

func (w *writer) current() []byte {
	if w.grid != nil {
		return w.grid.bytes()
	}
	return w.line
}

// write appends text of one kind. A change of kind ends the line.
func (w *writer) write(k Kind, s string) {
	if s == "" {
		return
	}
	if k != w.kind || w.tag == 0 {
		w.turn(k, s)
	}
	for s != "" {
		n := strings.IndexAny(s, "\n\r\b\x1b")
		if n < 0 {
			w.put(s)
			return
		}
		if n > 0 {
			w.put(s[:n])
		}
		s = w.control(s[n:])
	}
}

// control obeys the control that s begins with and returns what is after it.
func (w *writer) control(s string) string {
	switch s[0] {
	case '\n':
		w.newline()
	case '\r':
		if !strings.HasPrefix(s[1:], "\n") {
			w.toGrid().column = 0
		}
	case '\b':
		g := w.toGrid()
		g.column = max(g.column-1, 0)
	default:
		seq, sgr := sequence(s)
		if sgr {
			w.setPen(seq)
		} else {
			w.toGrid().erase(seq)
		}
		return s[len(seq):]
	}
	return s[1:]
}

// turn begins to write another kind, whose first text is s.
func (w *writer) turn(k Kind, s string) {
	w.end()
	if w.pens == nil {
		w.pens = make(map[Kind]uv.Style, 2)
	}
	w.pens[w.kind] = w.pen
	w.kind, w.pen, w.grid = k, w.pens[k], nil
	w.tag = k.tag(s)
	w.line = append(w.line[:0], opening(&w.pen)...)
}

// end ends the last line if anything is on it.
func (w *writer) end() {
	if !w.fresh {
		w.newline()
	}
}

func (w *writer) newline() {
	w.sheet.add(w.tag, w.current())
	switch w.tag {
	case tagValue:
		w.tag = tagValueOn
	case tagText:
		w.tag = tagTextOn
	}
	w.grid, w.fresh = nil, true
	w.line = append(w.line[:0], opening(&w.pen)...)
}

func (w *writer) put(s string) {
	w.fresh = false
	if w.grid != nil {
		if s = w.grid.put(s, w.pen); s == "" {
			return
		}
		w.newline()
	}
	w.fresh = false
	for len(w.line)+len(s) > maxLine {
		n := cut(s, maxLine-len(w.line))
		w.line = append(w.line, s[:n]...)
		w.newline()
		s = s[n:]
		w.fresh = s == ""
	}
	w.line = append(w.line, s...)
}

// cut returns the end of the last whole character of s within n bytes.
func cut(s string, n int) int {
	n = max(n, 0)
	for k := n; k > 0 && k > n-utf8.UTFMax; k-- {
		if utf8.RuneStart(s[k]) {
			return k
		}
	}
	return n
}

func (w *writer) setPen(seq string) {
	applySGR(&w.pen, seq)
	if w.grid != nil {
		return
	}
	if len(w.line)+len(seq) > maxLine {
		w.end()
	}
	if w.fresh {
		w.line = append(w.line[:0], opening(&w.pen)...)
		return
	}
	w.line = append(w.line, seq...)
}

// toGrid makes the last line one that can be overwritten. A line too long for that is ended first.
func (w *writer) toGrid() *grid {
	if w.grid == nil {
		if len(w.line) > maxColumns {
			w.end()
		}
		w.grid = gridOf(string(w.line))
	}
	return w.grid
}
