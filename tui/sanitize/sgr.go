package sanitize

import "strconv"

// A field of an SGR sequence is what stands between two semicolons: a number and, after colons, its details.
// -1 is a number that was left out.
type field []int

// appendSGR writes the colours and attributes of an SGR sequence in one form: decimal numbers between semicolons,
// underline styles as 4:n. Left out are blinking (5, 6), concealing (8: text that is there and cannot be
// seen), fonts and whatever is unknown. A malformed or empty remainder writes nothing.
func appendSGR(out, params []byte) []byte {
	fields, ok := parseFields(params)
	if !ok {
		return out
	}
	start := len(out)
	out = append(out, "\x1b["...)
	empty := true
	for len(fields) > 0 {
		var codes []int
		codes, fields = takeCode(fields)
		for i, c := range codes {
			switch {
			case !empty && i == 1 && codes[0] == 4:
				out = append(out, ':')
			case !empty:
				out = append(out, ';')
			}
			out = strconv.AppendInt(out, int64(c), 10)
			empty = false
		}
	}
	if empty {
		return out[:start]
	}
	return append(out, 'm')
}

// parseFields splits parameters; any byte but digits, ';' and ':' makes them something else than SGR.
func parseFields(params []byte) ([]field, bool) {
	fields := []field{{-1}}
	for _, c := range params {
		last := &fields[len(fields)-1]
		switch {
		case c == ';':
			fields = append(fields, field{-1})
		case c == ':':
			*last = append(*last, -1)
		case c >= '0' && c <= '9':
			n := &(*last)[len(*last)-1]
			if *n = max(*n, 0)*10 + int(c-'0'); *n > 0xFFFF {
				return nil, false
			}
		default:
			return nil, false
		}
	}
	return fields, true
}

// takeCode returns the numbers that the first code of fields is written as (none when it is not allowed), and the
// fields after it.
func takeCode(fields []field) (codes []int, rest []field) {
	f, rest := fields[0], fields[1:]
	code := max(f[0], 0)
	switch {
	case code == 38 || code == 48:
		if len(f) > 1 {
			return colour(code, f[1:], true), rest
		}
		detail := make(field, 0, 4)
		for i := 0; i < len(rest) && i < 4 && len(rest[i]) == 1; i++ {
			detail = append(detail, rest[i][0])
		}
		codes = colour(code, detail, false)
		return codes, rest[min(max(len(codes)-1, 0), len(rest)):]
	case code == 4 && len(f) == 2 && f[1] >= 0 && f[1] <= 5:
		return []int{4, f[1]}, rest
	case len(f) == 1 && allowed(code):
		return []int{code}, rest
	}
	return nil, rest
}

// colour returns an extended colour in the form that every terminal reads: code;5;n or code;2;r;g;b. In the form
// with colons an empty colour space may stand before the three.
func colour(code int, d field, colons bool) []int {
	switch {
	case len(d) >= 2 && d[0] == 5 && d[1] <= 255:
		return []int{code, 5, max(d[1], 0)}
	case len(d) >= 4 && d[0] == 2:
		rgb := d[1:4]
		if colons && len(d) >= 5 {
			rgb = d[2:5]
		}
		for _, v := range rgb {
			if v > 255 {
				return nil
			}
		}
		return []int{code, 2, max(rgb[0], 0), max(rgb[1], 0), max(rgb[2], 0)}
	}
	return nil
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
