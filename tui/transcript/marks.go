package transcript

import (
	"regexp"
	"strings"
)

// span is a part of a line, by the bytes of its plain text, and the sequences that turn something on and off there.
type span struct {
	from, to int
	on, off  string
}

// plain is a line without its escape sequences.
func plain(line string) string {
	if !hasEscape(line) {
		return line
	}
	var b strings.Builder
	for line != "" {
		n := strings.IndexByte(line, 0x1b)
		if n < 0 {
			n = len(line)
		}
		b.WriteString(line[:n])
		if line = line[n:]; line != "" {
			seq, _ := sequence(line)
			line = line[len(seq):]
		}
	}
	return b.String()
}

// decorate turns the spans, in order and apart from each other, on and off in a line of text and SGR. What the line itself
// resets within a span is turned on again.
func decorate(line string, spans []span) string {
	if len(spans) == 0 {
		return line
	}
	var b strings.Builder
	at, within := 0, false
	for {
		for len(spans) > 0 {
			if within && at == spans[0].to {
				b.WriteString(spans[0].off)
				spans, within = spans[1:], false
				continue
			}
			if !within && at == spans[0].from {
				b.WriteString(spans[0].on)
				within = true
			}
			break
		}
		if line == "" {
			return b.String()
		}
		if line[0] == 0x1b {
			seq, _ := sequence(line)
			b.WriteString(seq)
			if within {
				b.WriteString(spans[0].on)
			}
			line = line[len(seq):]
			continue
		}
		n := strings.IndexByte(line, 0x1b)
		if n < 0 {
			n = len(line)
		}
		if len(spans) > 0 {
			next := spans[0].from
			if within {
				next = spans[0].to
			}
			n = min(n, max(next-at, 1))
		}
		b.WriteString(line[:n])
		at, line = at+n, line[n:]
	}
}

var address = regexp.MustCompile(`https?://[!#-&(-;=?-\[\]_a-z~]+`)

// linked makes the addresses in a line links, unless the line has links of its own.
func linked(line string) string {
	if !strings.Contains(line, "://") || strings.Contains(line, "\x1b]") {
		return line
	}
	var spans []span
	text := plain(line)
	for _, at := range address.FindAllStringIndex(text, -1) {
		url := strings.TrimRight(text[at[0]:at[1]], ".,;:!?")
		if !strings.Contains(url, "(") {
			url = strings.TrimRight(url, ")].,;:!?")
		}
		spans = append(spans, span{at[0], at[0] + len(url), "\x1b]8;;" + url + linkEnd, unlink})
	}
	return decorate(line, spans)
}
