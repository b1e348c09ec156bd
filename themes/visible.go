package themes

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// TabWidth is the distance between tab stops, in columns.
const TabWidth = 4

// Visible is text fit for the screen: what a terminal would obey is shown as a symbol instead, tabs become spaces.
// Newlines are control characters too; split the text first.
func Visible(text string) string {
	if !strings.ContainsFunc(text, hasSymbol) {
		return text
	}
	var b strings.Builder
	column := 0
	add := func(s string) {
		b.WriteString(s)
		column += ansi.StringWidth(s)
	}
	for {
		i := strings.IndexFunc(text, hasSymbol)
		if i < 0 {
			add(text)
			return b.String()
		}
		add(text[:i])
		r, size := utf8.DecodeRuneInString(text[i:])
		text = text[i+size:]
		if r == '\t' {
			add(strings.Repeat(" ", TabWidth-column%TabWidth))
		} else {
			add(Symbol(r))
		}
	}
}

// Words wraps text of one or more lines between its words, for a width of at least one column; only a word that is longer is
// broken. A name such as repl-1492e902 is one word.
func Words(text string, width int) []string {
	const hyphen = "\u2011" // one that does not break
	text = ansi.Wrap(strings.ReplaceAll(text, "-", hyphen), max(width, 1), "")
	return strings.Split(strings.ReplaceAll(text, hyphen, "-"), "\n")
}

// hasSymbol tells whether a character must not reach the screen as it is.
func hasSymbol(r rune) bool { return Symbol(r) != "" }

// Symbol is what is shown in the place of a character that a terminal would obey or that would hide or reorder text:
// empty for every other character.
func Symbol(r rune) string {
	switch {
	case r < 0x20:
		return string(0x2400 + r) // ␀ to ␟
	case r == 0x7f:
		return "␡"
	case r < 0x80:
		return ""
	case r < 0xa0, r == utf8.RuneError:
		return "�"
	case isBidiControl(r), isInvisible(r):
		return "�"
	default:
		return ""
	}
}

// isBidiControl: these reorder what is read on the screen, which in code hides what it does ("Trojan Source").
func isBidiControl(r rune) bool {
	return r == 0x200e || r == 0x200f || r == 0x061c || 0x202a <= r && r <= 0x202e || 0x2066 <= r && r <= 0x2069
}

// isInvisible: characters of no width that would hide in a name. Joiners stay, scripts and emoji are made with them.
func isInvisible(r rune) bool {
	return r == 0xad || r == 0x200b || 0x2028 <= r && r <= 0x2029 || 0x2060 <= r && r <= 0x2064 || r == 0xfeff
}
