package themes

import "strings"

// LineState is what a line of Python inherits from the lines before it: the string that is still open, if any. It is
// comparable, so a cache of tokens is good until a line's state differs from the one it was made with.
type LineState struct {
	opening string // prefix and quotes of the open string: `"""`, `rb'''`, `f"`; empty outside strings
}

// InString tells whether the line starts inside a string.
func (s LineState) InString() bool { return s.opening != "" }

// Scan reads one line of Python for its strings and comments, and calls code, if given, with each run line[from:to] that is
// in neither. It is exact but for f-strings that reuse their own quotes inside a replacement field (Python 3.12 and later),
// which it takes as Python 3.11 would. closed is false when a string of one line ends without its closing quote.
func (s LineState) Scan(line string, code func(from, to int)) (out LineState, closed bool) {
	i := 0
	if s.opening != "" {
		if i = s.close(line, 0); i < 0 {
			return s.next(line)
		}
	}
	for i < len(line) {
		n := strings.IndexAny(line[i:], `#"'`)
		if n < 0 {
			n = len(line) - i
		}
		if code != nil && n > 0 {
			code(i, i+n)
		}
		if i += n; i == len(line) || line[i] == '#' {
			break
		}
		open := LineState{stringPrefix(line[:i]) + quotes(line[i:])}
		if i = open.close(line, i+len(open.quotes())); i < 0 {
			return open.next(line)
		}
	}
	return LineState{}, true
}

// close finds where the open string ends, as the index after its closing quotes, or -1.
func (s LineState) close(line string, from int) int {
	quotes := s.quotes()
	for i := from; i < len(line); i++ {
		if line[i] == '\\' {
			i++ // in a raw string too: the backslash stays, and still keeps the quote from closing
		} else if strings.HasPrefix(line[i:], quotes) {
			return i + len(quotes)
		}
	}
	return -1
}

// next is the state after a line that did not close the string: only triple quotes and a last backslash carry it on.
func (s LineState) next(line string) (LineState, bool) {
	if len(s.quotes()) == 3 || endsInBackslash(line) {
		return s, true
	}
	return LineState{}, false
}

func (s LineState) quotes() string { return s.opening[strings.IndexAny(s.opening, `"'`):] }

// endsInBackslash tells whether the last character is a backslash that no other escapes.
func endsInBackslash(line string) bool {
	n := len(line) - len(strings.TrimRight(line, `\`))
	return n%2 == 1
}

func quotes(at string) string {
	if len(at) >= 3 && at[1] == at[0] && at[2] == at[0] {
		return at[:3]
	}
	return at[:1]
}

// stringPrefix is the end of before that is a string's prefix (r, b, f, u, t, or two of them), not the end of a name.
func stringPrefix(before string) string {
	i := len(before)
	for i > 0 && len(before)-i < 3 && strings.ContainsRune("rRbBfFuUtT", rune(before[i-1])) {
		i--
	}
	if len(before)-i > 2 || (i > 0 && isNameByte(before[i-1])) {
		return ""
	}
	return before[i:]
}

func isNameByte(c byte) bool {
	return c == '_' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
