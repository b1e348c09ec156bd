package transcript

import (
	"strings"
)

// tabStop is the distance of tab stops in output: what a terminal has. (In code it is the theme's.)
const tabStop = 8

// row is one row of the screen: text with SGR, reset at its end, and the columns it takes.
type row struct {
	text  string
	width int
}

// wrap breaks a line of text and SGR into rows of at most width columns, at least one. Colours go on from row to row.
func wrap(line string, width int) []row {
	if plainASCII(line) {
		return wrapASCII(line, width)
	}
	w := wrapper{width: max(width, 1)}
	for line != "" {
		switch {
		case line[0] == 0x1b:
			seq, final := sequence(line)
			if w.pen.apply(seq, final); final == 'm' || final == linkFinal {
				w.text.WriteString(seq)
			}
			line = line[len(seq):]
		case line[0] == '\t':
			for range tabStop - w.column%tabStop {
				w.put(" ", 1)
			}
			line = line[1:]
		default:
			text, n := cluster(line)
			w.put(text, n)
			line = line[len(text):]
		}
	}
	return w.finish()
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7E {
			return false
		}
	}
	return true
}

func wrapASCII(line string, width int) []row {
	width = max(width, 1)
	rows := make([]row, 0, len(line)/width+1)
	for len(line) > width {
		rows = append(rows, row{line[:width], width})
		line = line[width:]
	}
	return append(rows, row{line, len(line)})
}

type wrapper struct {
	width  int
	rows   []row
	text   strings.Builder
	used   int // columns of the row under way
	column int // of the whole line, for tabs
	pen    pen
}

func (w *wrapper) put(text string, n int) {
	if n > w.width {
		text, n = "?", 1 // a wide character where not even one fits
	}
	if w.used+n > w.width {
		w.end()
		w.text.WriteString(w.pen.opening())
	}
	w.text.WriteString(text)
	w.used += n
	w.column += n
}

func (w *wrapper) end() {
	w.text.WriteString(w.pen.closing())
	w.rows = append(w.rows, row{w.text.String(), w.used})
	w.text.Reset()
	w.used = 0
}

func (w *wrapper) finish() []row {
	w.end()
	return w.rows
}
