package sanitize

import (
	"bytes"
	"strconv"
)

const (
	maxMove = 999  // lines or columns of one movement
	maxLink = 2048 // bytes of a link's address
)

// appendMove writes a movement of the cursor, "\x1b[5A", or the erasing of what is below it, "\x1b[J".
func appendMove(out, params []byte, final byte) []byte {
	switch final {
	case 'A', 'B', 'C', 'D', 'G':
		n := 1
		if len(params) > 0 {
			var err error
			if n, err = strconv.Atoi(string(params)); err != nil || n < 0 {
				return out
			}
		}
		out = append(out, "\x1b["...)
		out = strconv.AppendInt(out, int64(min(max(n, 1), maxMove)), 10)
		return append(out, final)
	case 'J':
		if p := string(params); p == "" || p == "0" {
			return append(out, "\x1b[J"...)
		}
	}
	return out
}

// keep adds a byte of a control string that may be a link.
func (o *Output) keep(c byte) {
	if o.Screen && o.osc && len(o.link) <= maxLink+len("8;;")+maxCSI {
		o.link = append(o.link, c)
	}
}

// endString ends a control string in order, and writes it when it is a link: without its parameters, and with no
// address where a link ends.
func (o *Output) endString(out []byte) []byte {
	o.state = ground
	address, ok := bytes.CutPrefix(o.link, []byte("8;"))
	if !ok {
		return out
	}
	_, address, ok = bytes.Cut(address, []byte(";"))
	if !ok || len(address) > 0 && !isLink(address) {
		return out
	}
	o.marks = 0
	out = append(out, "\x1b]8;;"...)
	out = append(out, address...)
	return append(out, "\x1b\\"...)
}

// isLink tells whether an address is one of http or https, in the characters that an address has.
func isLink(address []byte) bool {
	if len(address) > maxLink || !bytes.HasPrefix(address, []byte("http://")) && !bytes.HasPrefix(address, []byte("https://")) {
		return false
	}
	for _, c := range address {
		if c <= 0x20 || c >= 0x7F {
			return false
		}
	}
	return true
}
