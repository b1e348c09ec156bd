package sanitize

import (
	"unicode/utf8"
)

const (
	// maxCSI bounds the parameters of a control sequence; 64 bytes hold any colour that is meant.
	maxCSI = 64
	// maxString bounds the control strings (OSC, DCS, APC, PM, SOS) that are dropped. It leaves room for an
	// image; one that was never terminated hides at most this much, and never more than the rest of its line.
	maxString = 1 << 20
)

// Output makes a stream of program output safe. What passes: text, newline, carriage return, tab, backspace,
// well-formed SGR (colours and attributes) and erase-in-line (CSI K), the last two rewritten in one short
// form, and with Screen a little more. Any other escape, any C1 control and any other control is dropped; invisible and reordering characters
// are shown by number, except the joiners that scripts and emoji need.
//
// A sequence or character may be cut anywhere between two calls of Write. Use one Output a stream (a cell's
// stdout, its stderr): what one program left unfinished must not swallow the next one's beginning.
// The zero value is ready.
type Output struct {
	// Screen lets through what only a reader that interprets it may be given, each in one short form: moving the
	// cursor (CSI A, B, C, D, G), erasing what is below it (CSI J), and links (OSC 8) to http and https.
	Screen bool

	state   state
	osc     bool   // the control string may end with BEL
	params  []byte // of the control sequence being read
	length  int    // of the control string being dropped
	marks   int    // combining marks since the last base character
	link    []byte // the control string itself, as far as it may be a link's
	partial []byte // first bytes of a character whose rest has not come: at most 3
}

type state uint8

const (
	ground       state = iota
	escape             // after ESC
	intermediate       // after ESC and one of 0x20–0x2F: ends with the next byte that is not
	control            // after CSI
	text               // in a control string
	textEscape         // after ESC in a control string
)

// passes holds for the bytes that go through unchanged in the ground state.
var passes = func() (t [256]bool) {
	for c := 0x20; c < 0x7F; c++ {
		t[c] = true
	}
	t['\n'], t['\r'], t['\t'], t['\b'] = true, true, true, true
	return t
}()

// safe returns the length of the longest prefix of s that goes through unchanged.
func safe(s string) int {
	for i := range len(s) {
		if !passes[s[i]] {
			return i
		}
	}
	return len(s)
}

// Write returns what may be shown of the stream's next piece.
func (o *Output) Write(s string) string {
	if len(o.partial) > 0 {
		s = string(o.partial) + s
		o.partial = o.partial[:0]
	}
	if o.state == ground && s != "" && safe(s) == len(s) {
		o.marks = 0
		return s
	}
	out := make([]byte, 0, len(s)+32)
	for i := 0; i < len(s); {
		if o.state == ground {
			if n := safe(s[i:]); n > 0 {
				out = append(out, s[i:i+n]...)
				o.marks = 0
				i += n
				continue
			}
		}
		if s[i] < utf8.RuneSelf {
			out, i = o.ascii(out, s[i]), i+1
			continue
		}
		if len(s)-i < utf8.UTFMax && !utf8.FullRuneInString(s[i:]) {
			o.partial = append(o.partial, s[i:]...)
			break
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		out, i = o.wide(out, r, n), i+n
	}
	return string(out)
}

// wide takes a character beyond ASCII; size is its length in the input.
func (o *Output) wide(out []byte, r rune, size int) []byte {
	if o.state == text || o.state == textEscape {
		o.state = text
		if r == 0x9C {
			return o.endString(out)
		}
		o.keep(0) // a link's address is ASCII
		o.drop(size)
		return out
	}
	o.state = ground
	if r < 0xA0 {
		o.introduce(byte(r - 0x40)) // a C1 control is the twin of ESC and a letter
		return out
	}
	switch classify(r) {
	case mark, joiner:
		if o.marks++; o.marks > maxMarks {
			return out
		}
		return utf8.AppendRune(out, r)
	case selector:
		return out
	case hidden:
		o.marks = 0
		return append(out, byNumber(r)...)
	}
	o.marks = 0
	return utf8.AppendRune(out, r)
}

// introduce takes the byte after ESC.
func (o *Output) introduce(c byte) {
	switch c {
	case '[':
		o.state, o.params = control, o.params[:0]
	case ']', 'P', 'X', '^', '_':
		o.state, o.osc, o.length, o.link = text, c == ']', 0, o.link[:0]
	default:
		o.state = ground
	}
}

// drop counts n bytes of a control string, and gives the string up when it is too long to be one.
func (o *Output) drop(n int) {
	if o.length += n; o.length > maxString {
		o.state = ground
	}
}
