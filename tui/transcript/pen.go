package transcript

import (
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

const reset = "\x1b[m"

// sequence returns the escape sequence that s begins with, and whether it is an SGR.
func sequence(s string) (seq string, sgr bool) {
	for i := 2; i < len(s); i++ {
		if s[i] >= 0x40 {
			return s[:i+1], s[i] == 'm'
		}
	}
	return s, false
}

// applySGR changes pen as the SGR sequence seq says.
func applySGR(pen *uv.Style, seq string) {
	p := ansi.GetParser()
	defer ansi.PutParser(p)
	ansi.DecodeSequence(seq, ansi.NormalState, p)
	uv.ReadStyle(p.Params(), pen)
}

// opening is the sequence that turns pen on, from a reset state.
func opening(pen *uv.Style) string {
	if pen.IsZero() {
		return ""
	}
	return pen.String()
}

func hasEscape(s string) bool { return strings.IndexByte(s, 0x1b) >= 0 }
