package editor

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// A motion is where the cursor goes from where it is.
type motion func(f field) position

// move takes the cursor somewhere; with extend the selection follows, otherwise it is given up.
func (f field) move(to position, extend bool) field {
	f.caret.at = f.snap(to)
	if !extend {
		f.caret.anchor = f.caret.at
	}
	f.sealed, f.goal = true, -1
	return f
}

func left(f field) position {
	p := f.caret.at
	if p.byte > 0 {
		return position{p.line, prevCluster(f.doc.lines[p.line], p.byte)}
	}
	if p.line > 0 {
		return position{p.line - 1, len(f.doc.lines[p.line-1])}
	}
	return p
}

func right(f field) position {
	p := f.caret.at
	if line := f.doc.lines[p.line]; p.byte < len(line) {
		return position{p.line, nextCluster(line, p.byte)}
	}
	if p.line < len(f.doc.lines)-1 {
		return position{p.line + 1, 0}
	}
	return p
}

// wordLeft goes to the start of this word, or of the one before; over lines too.
func wordLeft(f field) position {
	for f.caret.at != (position{}) && !f.wordEndsHere() {
		f.caret.at = left(f)
	}
	for f.caret.at.byte > 0 && f.wordEndsHere() {
		f.caret.at = left(f)
	}
	return f.caret.at
}

// wordRight goes to the end of this word, or of the next.
func wordRight(f field) position {
	end := f.doc.end()
	for f.caret.at != end && !f.wordStartsHere() {
		f.caret.at = right(f)
	}
	for f.caret.at != end && f.wordStartsHere() {
		f.caret.at = right(f)
	}
	return f.caret.at
}

func (f field) wordEndsHere() bool {
	p := f.caret.at
	r, _ := utf8.DecodeLastRuneInString(f.doc.lines[p.line][:p.byte])
	return p.byte > 0 && isWord(r)
}

func (f field) wordStartsHere() bool {
	p := f.caret.at
	r, _ := utf8.DecodeRuneInString(f.doc.lines[p.line][p.byte:])
	return p.byte < len(f.doc.lines[p.line]) && isWord(r)
}

func isWord(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// lineStart goes to the first character that is not a space, and from there to the very start.
func lineStart(f field) position {
	p := f.caret.at
	indent := len(indentOf(f.doc.lines[p.line]))
	if p.byte == indent {
		return position{p.line, 0}
	}
	return position{p.line, indent}
}

func lineEnd(f field) position {
	return position{f.caret.at.line, len(f.doc.lines[f.caret.at.line])}
}

func documentStart(field) position { return position{} }

func documentEnd(f field) position { return f.doc.end() }

// blockUp goes to the blank line above these lines of text, or to the start.
func blockUp(f field) position {
	n := f.caret.at.line
	for n > 0 && isBlank(f.doc.lines[n]) {
		n--
	}
	for n > 0 && !isBlank(f.doc.lines[n]) {
		n--
	}
	return position{line: n}
}

// blockDown goes to the blank line below, or to the end.
func blockDown(f field) position {
	n, last := f.caret.at.line, len(f.doc.lines)-1
	for n < last && isBlank(f.doc.lines[n]) {
		n++
	}
	for n < last && !isBlank(f.doc.lines[n]) {
		n++
	}
	if n == last {
		return f.doc.end()
	}
	return position{line: n}
}

// bigWordLeft goes back over spaces and then over what is not space: what ctrl+w erases in a shell.
func bigWordLeft(f field) position {
	p := f.caret.at
	if p.byte == 0 {
		return left(f)
	}
	before := strings.TrimRight(f.doc.lines[p.line][:p.byte], " \t")
	start := strings.LastIndexAny(before, " \t") + 1
	return f.snap(position{p.line, start})
}

// snap is the nearest place at or after p that is between two clusters.
func (f field) snap(p position) position {
	line := f.doc.lines[p.line]
	if p.byte == 0 || p.byte >= len(line) {
		return position{p.line, min(p.byte, len(line))}
	}
	start := prevCluster(line, p.byte+1)
	if start == p.byte {
		return p
	}
	return position{p.line, nextCluster(line, start)}
}

// nextCluster is where the cluster that starts at i ends.
func nextCluster(line string, i int) int {
	if i+1 >= len(line) || line[i] < utf8.RuneSelf && line[i+1] < utf8.RuneSelf {
		return min(i+1, len(line))
	}
	cluster, _ := ansi.FirstGraphemeCluster(line[i:], ansi.WcWidth)
	return i + len(cluster)
}

// prevCluster is where the last cluster that starts before i starts.
func prevCluster(line string, i int) int {
	from := i - 1
	for from > 0 && !(line[from-1] < utf8.RuneSelf && line[from] < utf8.RuneSelf) {
		from--
	}
	for from < i {
		next := nextCluster(line, from)
		if next >= i {
			break
		}
		from = next
	}
	return max(from, 0)
}

func indentOf(line string) string {
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}

func isBlank(s string) bool { return strings.TrimSpace(s) == "" }
