package themes

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// Span is a run of text with one role.
type Span struct {
	Text string
	Role Role
}

// MaxHighlighted bounds, in bytes, the work that one line may cost; a longer line (a pasted blob) is left plain.
const MaxHighlighted = 2000

var pythonLexer = sync.OnceValue(func() chroma.Lexer { return lexers.Get("python") })

// Tokens highlights one line of Python (without its newline), given what it inherits from the line before. The spans'
// texts joined are the line, as it is: control characters too (see Visible).
func Tokens(line string, in LineState) (spans []Span, out LineState) {
	out, _ = in.Scan(line, nil)
	if line == "" {
		return nil, out
	}
	if len(line) > MaxHighlighted || !utf8.ValidString(line) {
		return []Span{{line, Foreground}}, out
	}
	// The lexer has no way to start inside a string, so it is given the opening that was on an earlier line.
	skip := len(in.opening)
	tokens, err := pythonLexer().Tokenise(&chroma.TokeniseOptions{State: "root", Nested: true}, in.opening+line)
	if err != nil {
		return []Span{{line, Foreground}}, out
	}
	for t := tokens(); t != chroma.EOF; t = tokens() {
		if skip >= len(t.Value) {
			skip -= len(t.Value)
			continue
		}
		spans = appendSpan(spans, t.Value[skip:], roleOf(t.Type))
		skip = 0
	}
	if !in.InString() {
		soften(spans)
	}
	return spans, out
}

var (
	softHeader = regexp.MustCompile(`^[ \t]*[^ \t=.,):;#][^#]*:`)
	softType   = regexp.MustCompile(`^[ \t]+([\pL_][\pL\pN_]*)[ \t]*[=\[]`)
	operators  = map[string]bool{"in": true, "is": true, "if": true, "and": true, "or": true, "not": true}
)

// soften gives the words that are keywords only where they begin a statement of their kind, match, case and type, the role that
// they have in this line.
func soften(spans []Span) {
	for i, s := range spans {
		word := strings.TrimSpace(s.Text)
		if word == "" {
			continue
		}
		if word != "match" && word != "case" && word != "type" {
			return
		}
		rest := ""
		for _, s := range spans[i+1:] {
			rest += s.Text
		}
		switch alias := softType.FindStringSubmatch(rest); {
		case word == "type" && alias != nil && !operators[alias[1]]:
			spans[i].Role = Keyword
		case word != "type" && !softHeader.MatchString(rest):
			spans[i].Role = Foreground
		}
		return
	}
}

func appendSpan(spans []Span, text string, r Role) []Span {
	if n := len(spans); n > 0 && spans[n-1].Role == r {
		spans[n-1].Text += text
		return spans
	}
	return append(spans, Span{text, r})
}

// Python renders code, each line by itself, with SGR sequences and no other control character: those in the code are
// shown as symbols, tabs as the spaces to the next of the stops that are four columns apart.
func (t Theme) Python(code string) []string {
	lines := strings.Split(code, "\n")
	var state LineState
	for i, line := range lines {
		var spans []Span
		spans, state = Tokens(Visible(line), state)
		var b strings.Builder
		for _, s := range spans {
			b.WriteString(t.Paint(s.Role, s.Text))
		}
		lines[i] = b.String()
	}
	return lines
}

// roleByToken has the token types whose role is not that of their category, from the lexer's most exact to its broadest.
var roleByToken = map[chroma.TokenType]Role{
	chroma.Keyword:               Keyword,
	chroma.KeywordConstant:       Constant,
	chroma.OperatorWord:          Keyword,
	chroma.Operator:              Operator,
	chroma.Punctuation:           Punctuation,
	chroma.NameFunction:          Function,
	chroma.NameClass:             Class,
	chroma.NameBuiltin:           Builtin,
	chroma.NameBuiltinPseudo:     Constant,
	chroma.NameException:         Exception,
	chroma.NameDecorator:         Decorator,
	chroma.NameNamespace:         Namespace,
	chroma.LiteralString:         String,
	chroma.LiteralStringEscape:   Escape,
	chroma.LiteralStringInterpol: Escape,
	chroma.LiteralStringAffix:    Keyword,
	chroma.LiteralNumber:         Number,
	chroma.Comment:               Comment,
}

func roleOf(t chroma.TokenType) Role {
	for _, level := range []chroma.TokenType{t, t.SubCategory(), t.Category()} {
		if r, ok := roleByToken[level]; ok {
			return r
		}
	}
	return Foreground
}

// ChromaStyle is the theme as a chroma style, so that code in other languages wears the interface's colours.
func (t Theme) ChromaStyle() *chroma.Style {
	entries := chroma.StyleEntries{}
	for token, role := range roleByToken {
		entries[token] = t.chromaEntry(role)
	}
	if !t.NoColor() {
		c := t.look.colours
		entries[chroma.Background] = hex(c[Foreground]) + " bg:" + hex(c[Background])
		entries[chroma.GenericDeleted] = hex(c[Error])
		entries[chroma.GenericInserted] = hex(c[Success])
	}
	return chroma.MustNewStyle("sandrepl-"+t.Name, entries)
}

func (t Theme) chromaEntry(r Role) string {
	if !t.NoColor() {
		return hex(t.look.colours[r])
	}
	switch plainAttributes(r) {
	case bold:
		return "bold"
	case underline:
		return "underline"
	default:
		return "nobold"
	}
}
