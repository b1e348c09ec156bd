package transcript

import (
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
)

const (
	reset   = "\x1b[m"
	unlink  = "\x1b]8;;\x1b\\"
	linkEnd = "\x1b\\"
)

// pen is how text is drawn: its colours, and the address that it links to ("" for none).
type pen struct {
	style uv.Style
	link  string
}

func (p *pen) equal(q *pen) bool { return p == q || p.link == q.link && p.style.Equal(&q.style) }

// linkFinal is what sequence returns as the final byte of a link.
const linkFinal = ']'

// sequence returns the escape sequence that s begins with, and its final byte: 'm' is an SGR.
func sequence(s string) (seq string, final byte) {
	if strings.HasPrefix(s, "\x1b]") {
		if i := strings.Index(s, linkEnd); i >= 0 {
			return s[:i+len(linkEnd)], linkFinal
		}
		return s, 0
	}
	for i := 2; i < len(s); i++ {
		if s[i] >= 0x40 {
			return s[:i+1], s[i]
		}
	}
	return s, 0
}

// apply changes the pen as a sequence says, if it is about one.
func (p *pen) apply(seq string, final byte) {
	switch final {
	case 'm':
		parser := ansi.GetParser()
		defer ansi.PutParser(parser)
		ansi.DecodeSequence(seq, ansi.NormalState, parser)
		uv.ReadStyle(parser.Params(), &p.style)
	case linkFinal:
		_, address, _ := strings.Cut(strings.TrimPrefix(seq, "\x1b]8;"), ";")
		p.link = strings.TrimSuffix(address, linkEnd)
	}
}

// opening is the sequence that turns the pen on, from a reset state.
func (p *pen) opening() string {
	var on string
	if !p.style.IsZero() {
		on = p.style.String()
	}
	if p.link != "" {
		on += "\x1b]8;;" + p.link + linkEnd
	}
	return on
}

// closing is the sequence that resets what opening turned on.
func (p *pen) closing() string {
	var off string
	if !p.style.IsZero() {
		off = reset
	}
	if p.link != "" {
		off += unlink
	}
	return off
}

func hasEscape(s string) bool { return strings.IndexByte(s, 0x1b) >= 0 }

// legible is a line whose colours can be read on the theme's ground. Where a program set the ground itself, it knew what it did.
func legible(t themes.Theme, line string) string {
	var b strings.Builder
	var p pen
	for line != "" {
		if line[0] != 0x1b {
			n := strings.IndexByte(line, 0x1b)
			if n < 0 {
				n = len(line)
			}
			b.WriteString(line[:n])
			line = line[n:]
			continue
		}
		seq, final := sequence(line)
		line = line[len(seq):]
		p.apply(seq, final)
		if shown := p.style; final == 'm' && shown.Fg != nil {
			if shown.Bg == nil && shown.Attrs&uv.AttrReverse == 0 {
				shown.Fg = t.Legible(shown.Fg)
			}
			seq = reset + shown.String()
		}
		b.WriteString(seq)
	}
	return b.String()
}
