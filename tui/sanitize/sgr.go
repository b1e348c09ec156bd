package sanitize

import "strconv"

// param is one number of an SGR sequence; -1 is one that was left out. sub says that a colon stood before it: it is
// a detail of the number before.
type param struct {
	n   int
	sub bool
}

// appendSGR writes the colours and attributes of an SGR sequence in one form: decimal numbers between semicolons,
// underline styles as 4:n. Left out are blinking (5, 6), concealing (8: text that is there and cannot be
// seen), fonts and whatever is unknown. A malformed sequence writes nothing.
func appendSGR(out, params []byte) []byte {
	var buf [maxCSI + 1]param
	ps, ok := parseParams(buf[:0], params)
	if !ok {
		return out
	}
	start := len(out)
	for len(ps) > 0 {
		var codes [5]int
		var n int
		codes, n, ps = takeCode(ps)
		for i, c := range codes[:n] {
			switch {
			case len(out) == start:
				out = append(out, "\x1b["...)
			case i == 1 && codes[0] == 4:
				out = append(out, ':')
			default:
				out = append(out, ';')
			}
			out = strconv.AppendInt(out, int64(c), 10)
		}
	}
	if len(out) == start {
		return out
	}
	return append(out, 'm')
}

// parseParams splits parameters; any byte but digits, ';' and ':' makes them something else than SGR.
func parseParams(ps []param, params []byte) ([]param, bool) {
	ps = append(ps, param{n: -1})
	for _, c := range params {
		last := &ps[len(ps)-1]
		switch {
		case c == ';' || c == ':':
			ps = append(ps, param{-1, c == ':'})
		case c >= '0' && c <= '9':
			if last.n = max(last.n, 0)*10 + int(c-'0'); last.n > 0xFFFF {
				return nil, false
			}
		default:
			return nil, false
		}
	}
	return ps, true
}

// takeCode returns the n numbers that the first code of ps is written as (none when it is not allowed), and what is
// after it.
func takeCode(ps []param) (codes [5]int, n int, rest []param) {
	end := 1
	for end < len(ps) && ps[end].sub {
		end++
	}
	code, details, rest := max(ps[0].n, 0), ps[1:end], ps[end:]
	codes[0] = code
	switch {
	case code == 38 || code == 48:
		if end > 1 {
			n = colour(codes[1:], details, true)
		} else {
			n = colour(codes[1:], rest[:whole(rest)], false)
			rest = rest[n:]
		}
		if n == 0 {
			return codes, 0, rest
		}
		return codes, n + 1, rest
	case code == 4 && len(details) == 1 && details[0].n >= 0 && details[0].n <= 5:
		codes[1] = details[0].n
		return codes, 2, rest
	case len(details) == 0 && allowed(code):
		return codes, 1, rest
	}
	return codes, 0, rest
}

// whole counts the numbers at the beginning of ps, at most the four of a colour, that have no details.
func whole(ps []param) int {
	n := 0
	for n < len(ps) && n < 4 && !ps[n].sub && (n+1 == len(ps) || !ps[n+1].sub) {
		n++
	}
	return n
}

// colour writes an extended colour to codes in the form that every terminal reads, 5;n or 2;r;g;b, and returns how
// many numbers that is. In the form with colons a colour space may stand before the three.
func colour(codes []int, d []param, colons bool) int {
	switch {
	case len(d) >= 2 && d[0].n == 5:
		d = d[:2]
	case len(d) >= 5 && d[0].n == 2 && colons:
		d = append([]param{d[0]}, d[2:5]...)
	case len(d) >= 4 && d[0].n == 2:
		d = d[:4]
	default:
		return 0
	}
	for i, p := range d {
		if p.n > 255 {
			return 0
		}
		codes[i] = max(p.n, 0)
	}
	return len(d)
}

// allowed holds for the codes of one number: reset, weight, slant, underline, reverse, strike, overline and the
// sixteen colours with their resets.
func allowed(code int) bool {
	switch {
	case code <= 4, code == 7, code == 9, code >= 21 && code <= 24, code == 27, code == 29,
		code >= 30 && code <= 37, code == 39, code >= 40 && code <= 47, code == 49, code == 53, code == 55,
		code >= 90 && code <= 97, code >= 100 && code <= 107:
		return true
	}
	return false
}
