package transcript

import (
	"strconv"

	"github.com/charmbracelet/x/ansi"
)

const (
	maxColumns = 2048          // of a grid; a line that outgrows it is ended
	maxGridOut = chunkSize / 2 // bytes that a grid is stored as
)

var blank = glyph{" ", &pen{}}

// grid is one line as a terminal sees it: columns that can be overwritten.
type grid struct {
	cells  []glyph
	column int // where the next character goes
}

// glyph is one column. A wide character has a second column, whose text is empty.
type glyph struct {
	text string
	pen  *pen
}

// gridOf lays out a line of text and SGR, with the cursor at its end.
func gridOf(line string) *grid {
	g := &grid{}
	var p pen
	for line != "" {
		if line[0] == 0x1b {
			seq, final := sequence(line)
			p.apply(seq, final)
			line = line[len(seq):]
			continue
		}
		n := 0
		for n < len(line) && line[n] != 0x1b {
			n++
		}
		g.put(line[:n], p)
		line = line[n:]
	}
	return g
}

// put writes text, which holds no control but tabs, over what is there. It returns what no longer fits.
func (g *grid) put(s string, with pen) (rest string) {
	ink := &with
	for s != "" && g.column < maxColumns {
		if s[0] == '\t' {
			g.column = (g.column/tabStop + 1) * tabStop
			g.grow(g.column)
			s = s[1:]
			continue
		}
		text, width := cluster(s)
		s = s[len(text):]
		if width > 0 {
			g.set(text, width, ink)
		} else {
			g.join(text)
		}
	}
	return s
}

// join adds a combining character to the one before the cursor.
func (g *grid) join(text string) {
	i := min(g.column, len(g.cells)) - 1
	for i > 0 && g.cells[i].text == "" {
		i--
	}
	if i >= 0 {
		g.cells[i].text += text
	}
}

func (g *grid) set(text string, width int, ink *pen) {
	g.grow(g.column + width)
	for i := range width {
		g.clear(g.column + i)
	}
	g.cells[g.column] = glyph{text, ink}
	for i := 1; i < width; i++ {
		g.cells[g.column+i] = glyph{"", ink}
	}
	g.column += width
}

// clear makes column i a space, and the whole of a wide character that stood on it.
func (g *grid) clear(i int) {
	for j := i; j > 0 && g.cells[j].text == ""; j-- {
		g.cells[j], g.cells[j-1] = blank, blank
	}
	for j := i + 1; j < len(g.cells) && g.cells[j].text == ""; j++ {
		g.cells[j] = blank
	}
	g.cells[i] = blank
}

func (g *grid) grow(columns int) {
	for len(g.cells) < columns {
		g.cells = append(g.cells, blank)
	}
}

// travel obeys a movement within the line: "\x1b[3C", "\x1b[3D", "\x1b[3G".
func (g *grid) travel(seq string, final byte) {
	switch n := parameter(seq); final {
	case 'C':
		g.column += n
	case 'D':
		g.column -= n
	case 'G':
		g.column = n - 1
	}
	g.column = min(max(g.column, 0), maxColumns-1)
}

// parameter is the one parameter of a sequence, at least 1.
func parameter(seq string) int {
	n, _ := strconv.Atoi(seq[2 : len(seq)-1]) // checked where the text entered
	return max(n, 1)
}

// erase obeys an erase-in-line sequence.
func (g *grid) erase(seq string) {
	from, to := min(g.column, len(g.cells)), len(g.cells)
	switch seq {
	case "\x1b[K":
	case "\x1b[1K":
		from, to = 0, min(g.column+1, len(g.cells))
	case "\x1b[2K":
		from = 0
	default:
		return
	}
	for i := from; i < to; i++ {
		g.clear(i)
	}
	if to == len(g.cells) {
		g.cells = g.cells[:from]
	}
}

// isBlank tells that nothing is to be seen on it.
func (g *grid) isBlank() bool {
	for _, c := range g.cells {
		if c.text != " " && c.text != "" || !c.pen.equal(blank.pen) {
			return false
		}
	}
	return true
}

// bytes writes the line as text and SGR. A line that would be too long to store loses its colours, then its end.
func (g *grid) bytes() []byte {
	var out []byte
	ink := blank.pen
	for _, c := range g.cells {
		if !c.pen.equal(ink) && len(out) < maxLine {
			out = append(out, ink.closing()...)
			out = append(out, c.pen.opening()...)
			ink = c.pen
		}
		if len(out)+len(c.text) > maxGridOut {
			break
		}
		out = append(out, c.text...)
	}
	if ink.link != "" {
		out = append(out, unlink...)
	}
	return out
}

// cluster returns the first grapheme cluster of s and its width.
func cluster(s string) (string, int) {
	if s[0] < 0x80 && (len(s) == 1 || s[1] < 0x80) {
		return s[:1], 1
	}
	return ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
}
