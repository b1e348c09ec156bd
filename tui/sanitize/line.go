package sanitize

import (
	"strings"
	"unicode/utf8"
)

// Line makes one line of plain text of s: for names, ids, errors, titles and prompts. Nothing invisible is left:
// controls become their pictures (␛, ␀, ␤), tabs become spaces, invisible and reordering characters their numbers
// (⟨U+202E⟩), invalid UTF-8 becomes U+FFFD; variation selectors are dropped.
func Line(s string) string {
	n := 0
	for n < len(s) && s[n] >= 0x20 && s[n] < 0x7F {
		n++
	}
	if n == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	b.WriteString(s[:n])
	marks := 0
	for s = s[n:]; s != ""; {
		r, size := utf8.DecodeRuneInString(s)
		s = s[size:]
		if r == '\r' && strings.HasPrefix(s, "\n") {
			continue // one ␤ for a line end of either kind
		}
		marks = writeLineRune(&b, r, marks)
	}
	return b.String()
}

// writeLineRune writes what Line shows for r, after a run of the given number of marks, and returns that run's
// length after r.
func writeLineRune(b *strings.Builder, r rune, marks int) int {
	switch {
	case r == '\t':
		b.WriteByte(' ')
	case r == '\n':
		b.WriteRune('␤')
	case r < 0x20:
		b.WriteRune('␀' + r)
	case r < 0x7F:
		b.WriteByte(byte(r))
	case r == 0x7F:
		b.WriteRune('␡')
	case r < 0xA0:
		b.WriteString(byNumber(r))
	default:
		switch k := classify(r); {
		case k == mark:
			if marks < maxMarks {
				b.WriteRune(r)
			}
			return marks + 1
		case k == selector, r == 0xFE0E, r == 0xFE0F:
			return marks
		case k == hidden, k == joiner:
			b.WriteString(byNumber(r))
		default:
			b.WriteRune(r)
		}
	}
	return 0
}
