package transcript

import (
	"strings"
	"unicode/utf8"
)

// maxLine bounds a stored line, bytes; a longer one is cut into pieces, each a line of its own.
const maxLine = 16 << 10

// maxBelow bounds how far up the cursor goes, lines: what a terminal would show of them.
const maxBelow = 100

// writer turns a cell's output into the lines of a sheet. Only the line that is written can still change: plain text is
// appended to its bytes; the first carriage return, backspace or erase on it makes it a grid, until its newline comes.
// It is the last one, unless the cursor was moved up (several progress bars are drawn so): then those under it are
// taken out of the sheet again, and wait below.
// Each stored line stands for itself: a colour that goes on from the line before is repeated at its beginning.
type writer struct {
	sheet *sheet
	tag   tag
	line  []byte // the line that is written, when it is no grid
	grid  *grid
	fresh bool // it is the last, and nothing was written on it yet
	below []string
	moved bool // lines that were final have changed or are gone, since that was last asked
	pen   pen
	pens  map[Kind]pen // of the kinds that are not being written
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
	return w.sheet.count + 1 + len(w.below)
}

// at returns line i; open tells that it may still change.
func (w *writer) at(i int) (t tag, line string, open bool) {
	if i < w.sheet.count {
		t, line = w.sheet.line(i)
		return t, line, false
	}
	if i > w.sheet.count {
		return w.tag, w.below[i-w.sheet.count-1], true
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
		seq, final := sequence(s)
		w.obey(seq, final)
		return s[len(seq):]
	}
	return s[1:]
}

// obey does what an escape sequence says.
func (w *writer) obey(seq string, final byte) {
	switch final {
	case 'm', linkFinal:
		w.setPen(seq, final)
	case 'A':
		w.up(parameter(seq))
	case 'B':
		w.down(parameter(seq))
	case 'C', 'D', 'G':
		w.toGrid().travel(seq, final)
	case 'J':
		w.toGrid().erase("\x1b[K")
		w.moved = w.moved || len(w.below) > 0
		w.below = nil
	default:
		w.toGrid().erase(seq)
	}
}

// up moves the cursor to lines that were written before, as long as they are of the same kind.
func (w *writer) up(n int) {
	for ; n > 0 && len(w.below) < maxBelow; n-- {
		column := w.toGrid().column
		line, ok := w.sheet.pop(w.tag)
		if !ok {
			return
		}
		if !w.fresh {
			w.below = append([]string{string(w.current())}, w.below...)
		}
		w.goOn(line, column)
		w.moved = true
	}
}

// down moves the cursor back, no further than to the last line.
func (w *writer) down(n int) {
	for ; n > 0 && len(w.below) > 0; n-- {
		column := w.toGrid().column
		w.sheet.add(w.tag, w.current())
		w.lower(column)
	}
}

// lower goes on writing on the line below.
func (w *writer) lower(column int) {
	line := w.below[0]
	w.below = w.below[1:]
	w.goOn(line, column)
}

// goOn writes on a line that is there already.
func (w *writer) goOn(line string, column int) {
	w.grid, w.fresh = gridOf(line), false
	w.grid.column = column
}

// turn begins to write another kind, whose first text is s.
func (w *writer) turn(k Kind, s string) {
	w.end()
	if w.pens == nil {
		w.pens = make(map[Kind]pen, 2)
	}
	w.pens[w.kind] = w.pen
	w.kind, w.pen, w.grid = k, w.pens[k], nil
	w.tag = k.tag(s)
	w.line = append(w.line[:0], w.pen.opening()...)
}

// end ends the last line if anything is on it. What was erased leaves no line behind.
func (w *writer) end() {
	for !w.fresh {
		if w.grid != nil && w.grid.column == 0 && len(w.below) == 0 && w.grid.isBlank() {
			w.begin()
			return
		}
		w.newline()
	}
}

func (w *writer) newline() {
	w.endLink()
	w.sheet.add(w.tag, w.current())
	switch w.tag {
	case tagValue:
		w.tag = tagValueOn
	case tagText:
		w.tag = tagTextOn
	}
	if len(w.below) > 0 {
		w.lower(0)
		return
	}
	w.begin()
}

// begin begins a line.
func (w *writer) begin() {
	w.grid, w.fresh = nil, true
	w.line = append(w.line[:0], w.pen.opening()...)
}

// endLink ends a link with its line: one that was never closed would take in all that follows.
func (w *writer) endLink() {
	if w.pen.link == "" {
		return
	}
	w.pen.link = ""
	if w.grid == nil {
		w.line = append(w.line, unlink...)
	}
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

func (w *writer) setPen(seq string, final byte) {
	w.pen.apply(seq, final)
	if w.grid != nil {
		return
	}
	if len(w.line)+len(seq) > maxLine {
		w.end()
	}
	if w.fresh {
		w.line = append(w.line[:0], w.pen.opening()...)
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
