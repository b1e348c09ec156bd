package sanitize

const (
	bel = 0x07
	can = 0x18
	sub = 0x1A
	esc = 0x1B
)

// ascii takes one byte below 0x80 in any state. A control inside a sequence abandons the sequence and is then
// taken for itself, so that a line never vanishes into one.
func (o *Output) ascii(out []byte, c byte) []byte {
	if c == esc {
		if o.state == text {
			o.state = textEscape
		} else {
			o.state = escape
		}
		return out
	}
	switch o.state {
	case escape:
		if c >= 0x20 && c < 0x30 {
			o.state = intermediate
			return out
		}
		if c >= 0x30 && c < 0x7F {
			o.introduce(c)
			return out
		}
	case intermediate:
		if c >= 0x20 && c < 0x7F {
			if c >= 0x30 {
				o.state = ground
			}
			return out
		}
	case control:
		if c >= 0x20 && c < 0x7F {
			return o.controlByte(out, c)
		}
	case textEscape:
		if c == '\\' {
			return o.endString(out)
		}
		// ESC \ ends the string; ESC and anything else ends it too and begins what it says.
		if c >= 0x20 && c < 0x7F {
			o.state = escape
			return o.ascii(out, c)
		}
	case text:
		if c == bel && o.osc {
			return o.endString(out)
		}
		if c == can || c == sub {
			o.state = ground
			return out
		}
		if c != '\n' {
			o.keep(c)
			o.drop(1)
			return out
		}
	}
	o.state = ground
	if passes[c] {
		o.marks = 0
		out = append(out, c)
	}
	return out
}

// controlByte takes a byte of a control sequence, its final one included.
func (o *Output) controlByte(out []byte, c byte) []byte {
	if c < 0x40 {
		if len(o.params) <= maxCSI {
			o.params = append(o.params, c)
		}
		return out
	}
	o.state = ground
	if len(o.params) > maxCSI {
		return out
	}
	switch c {
	case 'm':
		return appendSGR(out, o.params)
	case 'K':
		return appendErase(out, o.params)
	}
	if o.Screen {
		return appendMove(out, o.params, c)
	}
	return out
}

// appendErase writes an erase-in-line: to the right "\x1b[K", to the left "\x1b[1K", the whole line "\x1b[2K".
func appendErase(out, params []byte) []byte {
	switch string(params) {
	case "", "0":
		return append(out, "\x1b[K"...)
	case "1":
		return append(out, "\x1b[1K"...)
	case "2":
		return append(out, "\x1b[2K"...)
	}
	return out
}
