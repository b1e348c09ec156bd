package editor

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
)

// rowPosition is a visual row: a line of the text, and which of the rows that it wraps into.
type rowPosition struct{ line, row int }

// layout is how text becomes rows: the width to wrap at, how the terminal measures a cluster, and whether it is hidden.
type layout struct {
	measure
	wraps *wrapCache
}

// measure is all that decides where a line wraps.
type measure struct {
	width  int // at least 2, so that all clusters but odd ones fit
	method ansi.Method
	masked bool
}

// wrapCache remembers where lines wrap. What it holds depends on its key alone, so copies of the editor share it.
type wrapCache struct {
	starts map[wrapKey][]int
	bytes  int // of the lines in it
}

type wrapKey struct {
	line string
	by   measure
}

// maxWrapBytes bounds what the cache keeps alive: each key typed in a line makes another line.
const maxWrapBytes = 4 << 20

func newWrapCache() *wrapCache { return &wrapCache{starts: map[wrapKey][]int{}} }

func (c *wrapCache) add(k wrapKey, starts []int) {
	if c.bytes += len(k.line); c.bytes > maxWrapBytes {
		clear(c.starts)
		c.bytes = len(k.line)
	}
	c.starts[k] = starts
}

// cell is one grapheme cluster as it is drawn: from and to are bytes of the line, column counts from the row's start.
type cell struct {
	from, to      int
	column, width int
	text          string
}

// cells calls visit for each cluster of a line from a byte on, until it returns false.
func (l layout) cells(line string, from int, visit func(c cell) bool) {
	for column := 0; from < len(line); {
		c := l.cell(line, from, column)
		if !visit(c) {
			return
		}
		from, column = c.to, column+c.width
	}
}

func (l layout) cell(line string, from, column int) cell {
	c := cell{from: from, to: nextCluster(line, from), column: column, width: 1}
	c.text = line[c.from:c.to]
	if l.masked {
		c.text = "•"
		return c
	}
	r, _ := utf8.DecodeRuneInString(c.text)
	switch {
	case r == '\t':
		c.width = themes.TabWidth - column%themes.TabWidth
		c.text = "    "[:c.width]
	case r >= ' ' && r < 0x7f && len(c.text) == 1:
	case themes.Symbol(r) != "":
		c.text = themes.Symbol(r)
	default:
		_, c.width = ansi.FirstGraphemeCluster(c.text, l.method)
		if c.width == 0 {
			c.text, c.width = lone(r, c.text), 1
		}
	}
	if c.width > l.width { // nothing may be wider than a row, or it would never fit on one
		c.text, c.width = "�", 1
	}
	return c
}

// lone shows a mark that has nothing to sit on.
func lone(r rune, text string) string {
	if unicode.IsMark(r) {
		return "◌" + text
	}
	return "�"
}

// starts are the bytes at which the rows of a line start; there is at least one row.
func (l layout) starts(line string) []int {
	if l.fits(line) {
		return firstRow
	}
	k := wrapKey{line, l.measure}
	starts, ok := l.wraps.starts[k]
	if !ok {
		starts = l.wrap(line)
		l.wraps.add(k, starts)
	}
	return starts
}

var firstRow = []int{0}

// fits tells, quickly, that a line is one row: no cluster has more columns than bytes, but for tabs.
func (l layout) fits(line string) bool {
	return len(line)+(themes.TabWidth-1)*strings.Count(line, "\t") <= l.width
}

func (l layout) wrap(line string) []int {
	starts := []int{0}
	if isPlain(line) {
		for at := l.width; at < len(line); at += l.width {
			starts = append(starts, at)
		}
		return starts
	}
	for from := 0; from < len(line); {
		next := len(line)
		l.cells(line, from, func(c cell) bool {
			if c.column+c.width > l.width {
				next = c.from
				return false
			}
			return true
		})
		if next < len(line) {
			starts = append(starts, next)
		}
		from = next
	}
	return starts
}

// rows is how many rows a line takes.
func (l layout) rows(line string) int { return len(l.starts(line)) }

// isPlain tells whether every byte is one column.
func isPlain(line string) bool {
	for i := range len(line) {
		if line[i] < ' ' || line[i] >= 0x7f {
			return false
		}
	}
	return true
}

// locate is the row that holds a position, and its column there.
func (l layout) locate(d document, p position) (row rowPosition, column int) {
	line := d.lines[p.line]
	starts := l.starts(line)
	r := sort.SearchInts(starts, p.byte+1) - 1
	l.cells(line, starts[r], func(c cell) bool {
		if c.from >= p.byte {
			return false
		}
		column = c.column + c.width
		return true
	})
	return rowPosition{p.line, r}, column
}

// at is the position nearest to a column of a row.
func (l layout) at(d document, row rowPosition, column int) position {
	line := d.lines[row.line]
	starts := l.starts(line)
	p := position{row.line, starts[row.row]}
	end := len(line)
	wrapped := row.row+1 < len(starts)
	if wrapped {
		end = starts[row.row+1]
	}
	l.cells(line, p.byte, func(c cell) bool {
		if c.from >= end || c.column+c.width > column {
			return false
		}
		if wrapped && c.to == end {
			return false // the end of a wrapped row is the start of the next one
		}
		p.byte = c.to
		return true
	})
	return p
}

// down is the row n below (or, if negative, above) another, as far as there are any; moved tells how far that was.
func (l layout) down(d document, from rowPosition, n int) (to rowPosition, moved int) {
	to = from
	for ; n < 0; n++ {
		switch {
		case to.row > 0:
			to.row--
		case to.line > 0:
			to.line--
			to.row = l.rows(d.lines[to.line]) - 1
		default:
			return to, moved
		}
		moved--
	}
	for ; n > 0; n-- {
		switch {
		case to.row < l.rows(d.lines[to.line])-1:
			to.row++
		case to.line < len(d.lines)-1:
			to = rowPosition{to.line + 1, 0}
		default:
			return to, moved
		}
		moved++
	}
	return to, moved
}

func (r rowPosition) before(s rowPosition) bool {
	return r.line < s.line || r.line == s.line && r.row < s.row
}

// scroll is the top row that keeps the cursor in view, moved no more than needed, with no empty rows below the text.
func (l layout) scroll(d document, top, cursor rowPosition, height int) rowPosition {
	top.line = min(top.line, len(d.lines)-1)
	top.row = min(top.row, l.rows(d.lines[top.line])-1)
	if cursor.before(top) {
		top = cursor
	}
	if lowest, _ := l.down(d, cursor, 1-height); top.before(lowest) {
		top = lowest
	}
	end := rowPosition{len(d.lines) - 1, l.rows(d.lines[len(d.lines)-1]) - 1}
	if last, _ := l.down(d, end, 1-height); last.before(top) {
		top = last
	}
	return top
}
