package themes

import (
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// maxCode bounds, in bytes, the code of other languages that is highlighted at once.
const maxCode = 64 << 10

// Code renders code of a language that a lexer is known for, and plain text of any other, as Python does: each line by
// itself, with SGR sequences and no other control character.
func (t Theme) Code(language, code string) []string {
	if language == "python" || language == "py" || language == "python3" {
		return t.Python(code)
	}
	lines := strings.Split(code, "\n")
	for i, line := range lines {
		lines[i] = Visible(line)
	}
	lexer := lexers.Get(language)
	if lexer == nil || len(code) > maxCode || !utf8.ValidString(code) {
		return lines
	}
	tokens, err := lexer.Tokenise(&chroma.TokeniseOptions{State: "root", Nested: true}, strings.Join(lines, "\n"))
	if err != nil {
		return lines
	}
	var out []string
	var line strings.Builder
	for token := tokens(); token != chroma.EOF; token = tokens() {
		for i, part := range strings.Split(token.Value, "\n") {
			if i > 0 {
				out = append(out, line.String())
				line.Reset()
			}
			line.WriteString(t.Paint(roleOf(token.Type), part))
		}
	}
	if line.Len() > 0 || len(out) < len(lines) {
		out = append(out, line.String())
	}
	return out
}
