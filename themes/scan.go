package themes

import "strings"

// LineState is what a line of Python inherits from the lines before it: the string that is still open, if any. It is
// comparable, so a cache of tokens is good until a line's state differs from the one it was made with.
type LineState struct {
	// opening is the shortest text that leaves open what is open: `"""`, `rb'''`, or in a replacement field of an f-string
	// also the field and the brackets and strings in it, as `f"{(`; `f"{:` is its format. Empty outside strings.
	opening string
}

// InString tells whether the line starts inside a string, its replacement fields included.
func (s LineState) InString() bool { return s.opening != "" }

// InField tells whether it starts in the code of a replacement field.
func (s LineState) InField() bool {
	n := len(s.opening)
	return n > 0 && strings.IndexByte("{[(", s.opening[n-1]) >= 0
}

// Scan reads one line of Python for its strings and comments, and calls code, if given, with each run line[from:to] that is
// in neither; the code in an f-string is of the string. A quote in a replacement field begins a string, as in Python 3.12 and
// later. closed is false when a string of one line ends without its closing quote.
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

// close reads on until what is open is closed, and returns the index after it, or -1 with s as it is at the line's end.
func (s *LineState) close(line string, from int) int {
	for i := from; i < len(line); {
		if s.InField() {
			i += s.field(line, i)
		} else {
			i = s.text(line, i)
		}
		if s.opening == "" {
			return i
		}
	}
	return -1
}

// text reads a string, or the format of a field, until it is closed or a field begins, and returns the index after that.
func (s *LineState) text(line string, i int) int {
	quotes, fields, format := s.quotes(), s.formatted(), s.inFormat()
	for ; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\':
			i += s.escape(line[i:], fields) - 1 // in a raw string too: the backslash stays, and still keeps the quote from closing
		case c == quotes[0] && strings.HasPrefix(line[i:], quotes):
			s.opening = s.opening[:s.string()]
			return i + len(quotes)
		case fields && c == '{' && !format && strings.HasPrefix(line[i:], "{{"):
			i++
		case fields && c == '{':
			s.opening += "{"
			return i + 1
		case format && c == '}':
			s.opening = strings.TrimSuffix(s.opening, "{:")
			return i + 1
		}
	}
	return len(line)
}

// field reads one step of a replacement field, and returns its length.
func (s *LineState) field(line string, i int) int {
	top := len(s.opening) - 1
	switch c := line[i]; c {
	case '"', '\'':
		s.opening += stringPrefix(line[:i]) + quotes(line[i:])
		return len(quotes(line[i:]))
	case '#':
		return len(line) - i
	case '(', '[':
		s.opening += line[i : i+1]
	case '{':
		s.opening += " {" // two of them side by side would be no field
	case ')', ']', '}':
		if strings.IndexByte(")]}", c) == strings.IndexByte("([{", s.opening[top]) {
			s.opening = strings.TrimSuffix(s.opening[:top], " ")
		}
	case ':':
		if before := s.opening[top-1]; before == '"' || before == '\'' || before == ':' {
			s.opening += ":"
		}
	}
	return 1
}

// escape is how long the escape is that a string goes on with: \N{NAME} has no field, and what follows a backslash may be one.
func (s *LineState) escape(rest string, fields bool) int {
	switch {
	case fields && strings.HasPrefix(rest, `\N{`) && !strings.ContainsAny(s.opening[s.string():], "rR"):
		return max(strings.IndexByte(rest, '}')+1, len(`\N{`))
	case fields && strings.HasPrefix(rest, `\{`):
		return 1
	}
	return 2
}

// next is the state after a line that did not close what is open: only triple quotes, a replacement field, and a last backslash
// carry it on.
func (s LineState) next(line string) (LineState, bool) {
	if s.inFormat() && len(s.quotes()) == 1 { // the line's end is the format's, in Python 3.13
		s.opening = strings.TrimSuffix(s.opening, ":")
	}
	if s.InField() || len(s.quotes()) == 3 || endsInBackslash(line) {
		return s, true
	}
	return LineState{}, false
}

// string is where in opening the innermost string begins.
func (s LineState) string() int {
	open := s.opening
	for strings.HasSuffix(open, "{:") {
		open = strings.TrimSuffix(open, "{:")
	}
	return strings.LastIndexAny(strings.TrimRight(open, `"'`), "{[(") + 1
}

// quotes are those of the innermost string.
func (s LineState) quotes() string {
	open := s.opening[s.string():]
	open = open[strings.IndexAny(open, `"'`):]
	return open[:strings.LastIndexAny(open, `"'`)+1]
}

// formatted tells whether the innermost string has replacement fields.
func (s LineState) formatted() bool {
	open := s.opening[s.string():]
	return strings.ContainsAny(open[:strings.IndexAny(open, `"'`)], "fFtT")
}

// inFormat tells whether the innermost thing open is the format of a field.
func (s LineState) inFormat() bool { return strings.HasSuffix(s.opening, ":") }

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
