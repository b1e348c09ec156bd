package editor

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// transpose swaps the characters around the cursor, and goes on; at the end of a line, the two before it.
func (f field) transpose() field {
	p := f.caret.at
	line := f.doc.lines[p.line]
	mid := p.byte
	if mid == len(line) && mid > 0 {
		mid = prevCluster(line, mid)
	}
	if mid == 0 || f.caret.selecting() {
		return f
	}
	from, to := prevCluster(line, mid), nextCluster(line, mid)
	return f.replace(whole, position{p.line, from}, position{p.line, to}, line[mid:to]+line[from:mid])
}

// recase changes the word from the cursor on, and goes to its end.
func recase(change func(string) string) func(field) field {
	return func(f field) field {
		from, to := f.caret.at, wordRight(f)
		text := f.doc.between(from, to)
		if text == change(text) {
			return f.move(to, false)
		}
		return f.replace(whole, from, to, change(text))
	}
}

func capitalise(text string) string {
	i := strings.IndexFunc(text, isWord)
	if i < 0 {
		return text
	}
	first, n := utf8.DecodeRuneInString(text[i:])
	return text[:i] + string(unicode.ToUpper(first)) + strings.ToLower(text[i+n:])
}
