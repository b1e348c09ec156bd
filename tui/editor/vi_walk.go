package editor

import (
	"unicode"
	"unicode/utf8"
)

// walker goes over a text by grapheme clusters. Between a line's last cluster and the next line it stands on the line's end.
type walker struct {
	doc document
	at  position
	big bool // words are all that has no space in it
}

// What a step led to.
const (
	within   = iota // the line
	newLine         // another one
	lineEdge        // the end of the line
	stuck    = -1   // nowhere: the text ends here
)

func (w *walker) line() string { return w.doc.lines[w.at.line] }

func (w *walker) onEnd() bool { return w.at.byte >= len(w.line()) }

func (w *walker) onEmptyLine() bool { return w.line() == "" }

func (w *walker) forward() int {
	line := w.line()
	if w.at.byte < len(line) {
		if w.at.byte = nextCluster(line, w.at.byte); w.at.byte == len(line) {
			return lineEdge
		}
		return within
	}
	if w.at.line == len(w.doc.lines)-1 {
		return stuck
	}
	w.at = position{line: w.at.line + 1}
	return newLine
}

func (w *walker) back() int {
	if w.at.byte > 0 {
		w.at.byte = prevCluster(w.line(), w.at.byte)
		return within
	}
	if w.at.line == 0 {
		return stuck
	}
	w.at.line--
	w.at.byte = len(w.line())
	return newLine
}

// onward is forward, but never stands on the end of a line that has text.
func (w *walker) onward() int {
	step := w.forward()
	if step >= newLine && w.at.byte > 0 {
		step = w.forward()
	}
	return step
}

// backward is back, but never stands on the end of a line that has text.
func (w *walker) backward() int {
	step := w.back()
	if step == newLine && w.at.byte > 0 {
		step = w.back()
	}
	return step
}

// rune is the character that a cluster begins with; 0 on the end of a line.
func (w *walker) rune() rune {
	if w.onEnd() {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(w.line()[w.at.byte:])
	return r
}

// class tells words from what is between them; scripts without spaces make words of their own. 0 is space.
func (w *walker) class() int {
	r := w.rune()
	switch {
	case r == 0, r == ' ', r == '\t', r == '\u3000':
		return 0
	case w.big:
		return 1
	case r < 0x300 && !isWord(r):
		return 1
	case unicode.Is(unicode.Hiragana, r):
		return 3
	case unicode.Is(unicode.Katakana, r):
		return 4
	case unicode.Is(unicode.Han, r):
		return 5
	case unicode.Is(unicode.Hangul, r):
		return 6
	case isWord(r):
		return 2
	case r >= 0x1f000:
		return 7 // emoji
	}
	return 1
}

// skip goes on while the class is one; false when the text ends first.
func (w *walker) skip(class int, step func() int) bool {
	for w.class() == class {
		if step() == stuck {
			return false
		}
	}
	return true
}

// indented tells whether there is nothing but space before the cursor, and with one more on it.
func (w *walker) indented(more int) bool { return len(indentOf(w.line())) >= w.at.byte+more }
