package rich

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sandrepl/sandrepl/themes"
)

// maxMath is how many bytes of LaTeX are read: nobody reads a longer formula.
const maxMath = 16 << 10

// latexLines draws a text/latex: text with formulas between dollars or brackets, or one formula alone.
func latexLines(_ themes.Theme, source string, width int) []string {
	source = strings.ToValidUTF8(source[:min(len(source), maxMath)], "")
	source = safe(strings.TrimSpace(source))
	var out []string
	for _, line := range strings.Split(latexText(source), "\n") {
		out = append(out, wrap(strings.TrimRight(line, " "), width)...)
	}
	return out
}

// delimiters are what stands around a formula in text.
var delimiters = [][2]string{{"$$", "$$"}, {`\[`, `\]`}, {`\(`, `\)`}, {"$", "$"}}

func latexText(source string) string {
	var b strings.Builder
	found := false
	for rest := source; rest != ""; {
		at, pair := -1, [2]string{}
		for _, d := range delimiters {
			if i := delimiter(rest, d[0]); i >= 0 && (at < 0 || i < at) {
				at, pair = i, d
			}
		}
		if at < 0 {
			if !found {
				return Math(source)
			}
			if strings.TrimLeft(rest, " ") != rest {
				b.WriteByte(' ')
			}
			b.WriteString(Math(`\text{` + strings.NewReplacer("{", "", "}", "").Replace(rest) + `}`))
			break
		}
		found = true
		before, after := rest[:at], rest[at+len(pair[0]):]
		if strings.TrimSpace(before) != "" {
			text := Math(`\text{` + strings.NewReplacer("{", "", "}", "").Replace(before) + `}`)
			if b.Len() > 0 && strings.TrimLeft(before, " ") != before {
				text = " " + text
			}
			if strings.TrimRight(before, " ") != before {
				text += " "
			}
			b.WriteString(text)
		}
		end := delimiter(after, pair[1])
		if end < 0 {
			b.WriteString(Math(after))
			break
		}
		b.WriteString(Math(after[:end]))
		rest = after[end+len(pair[1]):]
	}
	return b.String()
}

// delimiter finds one that no backslash takes the meaning of.
func delimiter(s, mark string) int {
	for from := 0; ; {
		i := strings.Index(s[from:], mark)
		if i < 0 {
			return -1
		}
		i += from
		if mark[0] == '\\' || i == 0 || s[i-1] != '\\' {
			return i
		}
		from = i + len(mark)
	}
}

// Math is a formula of LaTeX as a line of readable text, or a few for what has rows. It drops what only arranges, and keeps
// the name of a command that it does not know.
func Math(source string) string {
	p := &formula{rest: strings.ToValidUTF8(source[:min(len(source), maxMath)], "")}
	lines := strings.Split(signed.ReplaceAllString(stacked(p.sequence("")), "$1-"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// signed is a minus that has nothing on its left to be taken away from.
var signed = regexp.MustCompile(`((?:^|[(\[{|,;=<>≤≥≠∈⇒])[ \n]?)- `)

// A formula is what is still to be read of one.
type formula struct {
	rest  string
	depth int
}

// sequence reads until what ends it: a closing brace, `\right`, `\end`, or the source's end.
func (p *formula) sequence(until string) string {
	var b strings.Builder
	for p.rest != "" && !strings.HasPrefix(p.rest, "}") {
		if until != "" && strings.HasPrefix(p.rest, until) {
			break
		}
		if strings.HasPrefix(p.rest, `\end{`) || strings.HasPrefix(p.rest, `\right`) && !letterAt(p.rest, len(`\right`)) {
			if until == "" && p.depth == 0 { // without its beginning
				p.command()
				p.rest = strings.TrimPrefix(p.rest, ".")
				continue
			}
			break
		}
		part := p.atom()
		if spaced(part) {
			trimmed := strings.TrimRight(b.String(), " ")
			b.Reset()
			b.WriteString(trimmed)
			if trimmed != "" && !strings.HasSuffix(trimmed, "(") && !strings.HasSuffix(trimmed, "\n") {
				b.WriteByte(' ')
			}
		}
		if strings.HasPrefix(part, " ") && strings.HasSuffix(b.String(), " ") {
			part = strings.TrimLeft(part, " ")
		}
		b.WriteString(part)
		if b.Len() > maxSource { // what grows without an end is hostile
			p.rest = ""
		}
	}
	if p.depth == 0 && strings.HasPrefix(p.rest, "}") {
		p.rest = p.rest[1:]
		return b.String() + p.sequence(until)
	}
	return b.String()
}

// spaced tells whether a part has space around it by itself.
func spaced(part string) bool { return len(part) > 2 && part[0] == ' ' && part[len(part)-1] == ' ' }

func letterAt(s string, i int) bool {
	return i < len(s) && (s[i] >= 'a' && s[i] <= 'z' || s[i] >= 'A' && s[i] <= 'Z')
}

// atom reads the next thing: a group, a command, a character, or a script.
func (p *formula) atom() string {
	r, size := utf8.DecodeRuneInString(p.rest)
	switch r {
	case '{':
		return p.group()
	case '\\':
		return p.command()
	case '^', '_':
		p.rest = p.rest[1:]
		return script(r, p.argument())
	case '&':
		p.rest = p.rest[1:]
		return " "
	case '~':
		p.rest = p.rest[1:]
		return " "
	case '%':
		if i := strings.IndexByte(p.rest, '\n'); i >= 0 {
			p.rest = p.rest[i:]
		} else {
			p.rest = ""
		}
		return ""
	case '\'':
		p.rest = p.rest[1:]
		return "′"
	case '-':
		p.rest = p.rest[1:]
		return "-"
	case '=', '<', '>':
		p.rest = p.rest[1:]
		return " " + string(r) + " "
	}
	if unicode.IsSpace(r) {
		p.rest = strings.TrimLeftFunc(p.rest, unicode.IsSpace)
		return " "
	}
	p.rest = p.rest[size:]
	return string(r)
}

// group reads what stands between braces.
func (p *formula) group() string {
	p.rest = p.rest[1:]
	if p.depth >= maxDepth {
		return ""
	}
	p.depth++
	text := stacked(p.sequence(""))
	p.depth--
	p.rest = strings.TrimPrefix(p.rest, "}")
	return signed.ReplaceAllString(text, "$1-")
}

// argument reads what a command is about: a group, or one thing.
func (p *formula) argument() string {
	p.rest = strings.TrimLeftFunc(p.rest, unicode.IsSpace)
	if p.rest == "" || p.rest[0] == '}' || p.depth >= maxDepth {
		return ""
	}
	p.depth++
	defer func() { p.depth-- }()
	return strings.TrimSpace(p.atom())
}

// raw reads a group as it is written.
func (p *formula) raw() string {
	p.rest = strings.TrimLeftFunc(p.rest, unicode.IsSpace)
	if !strings.HasPrefix(p.rest, "{") {
		return ""
	}
	depth := 0
	for i := range len(p.rest) {
		switch p.rest[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				text := p.rest[1:i]
				p.rest = p.rest[i+1:]
				return text
			}
		}
	}
	text := p.rest[1:]
	p.rest = ""
	return text
}

// optional reads what stands between brackets, if anything does.
func (p *formula) optional() string {
	if !strings.HasPrefix(p.rest, "[") {
		return ""
	}
	end := strings.IndexByte(p.rest, ']')
	if end < 0 {
		return ""
	}
	text := p.rest[1:end]
	p.rest = p.rest[end+1:]
	return text
}

// name reads a command's, with its backslash gone: letters, or one other character.
func (p *formula) name() string {
	p.rest = p.rest[1:]
	n := 0
	for letterAt(p.rest, n) {
		n++
	}
	if n == 0 && p.rest != "" {
		_, n = utf8.DecodeRuneInString(p.rest)
	}
	name := p.rest[:n]
	p.rest = p.rest[n:]
	if n > 1 || letterAt(name, 0) {
		p.rest = strings.TrimPrefix(p.rest, "*")
	}
	return name
}

func (p *formula) command() string {
	name := p.name()
	if symbol, ok := symbols[name]; ok {
		return symbol
	}
	if mark, ok := accents[name]; ok {
		return accented(p.argument(), mark)
	}
	if letters, ok := alphabets[name]; ok {
		return letters.of(p.argument())
	}
	switch name {
	case "frac", "dfrac", "tfrac", "cfrac":
		over := p.argument()
		return fraction(over, p.argument())
	case "binom", "dbinom", "tbinom":
		over := p.argument()
		return "C(" + over + ", " + p.argument() + ")"
	case "sqrt":
		index := p.optional()
		return root(index, p.argument())
	case "text", "textrm", "mbox", "hbox", "textit", "textnormal", "texttt", "mathrm", "operatorname", "textbf", "emph", "textsf":
		if strings.HasPrefix(name, "math") || name == "operatorname" {
			return p.argument()
		}
		return strings.NewReplacer(`\_`, "_", `\$`, "$", `\%`, "%", `\&`, "&", `\#`, "#", `\\`, "\n").Replace(p.raw())
	case "left", "bigl", "Bigl", "biggl", "Biggl", "big", "Big", "bigg", "Bigg":
		return p.fence(name == "left")
	case "right", "bigr", "Bigr", "biggr", "Biggr", "middle":
		return p.bracket()
	case "begin":
		return p.environment()
	case "end", "label", "tag", "color", "hspace", "vspace", "phantom":
		p.raw()
		return ""
	case "overset", "stackrel":
		above := p.argument()
		return p.argument() + script('^', above)
	case "underset":
		below := p.argument()
		return p.argument() + script('_', below)
	case "underbrace", "overbrace":
		of := p.argument()
		if strings.HasPrefix(p.rest, "_") || strings.HasPrefix(p.rest, "^") {
			return bracketed(of)
		}
		return of
	case "boxed", "mathstrut", "smash":
		return p.argument()
	case "over":
		return overMark
	case "choose":
		return chooseMark
	case "substack":
		return strings.ReplaceAll(p.argument(), "\n", ", ")
	case "ket":
		return "|" + p.argument() + "⟩"
	case "bra":
		return "⟨" + p.argument() + "|"
	case "braket":
		return "⟨" + p.argument() + "⟩"
	case "ce":
		return chemical(p.raw())
	case "textcolor", "colorbox":
		p.raw()
		return p.argument()
	case "xrightarrow", "xleftarrow":
		p.optional()
		return " " + map[string]string{"xrightarrow": "→", "xleftarrow": "←"}[name] + script('^', p.argument()) + " "
	case "cline", "cmidrule":
		p.raw()
		return ""
	case "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "hline", "toprule", "midrule", "bottomrule", "nonumber", "notag", "rm", "bf", "it":
		p.rest = strings.TrimLeftFunc(p.rest, unicode.IsSpace)
		return ""
	case "not":
		return p.argument() + "\u0338"
	case "href":
		p.raw()
		return p.argument()
	case "\\":
		p.optional()
		return "\n"
	}
	if functions[name] {
		if r, _ := utf8.DecodeRuneInString(strings.TrimLeft(p.rest, " ")); unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\\' {
			return name + " "
		}
		return name
	}
	return name
}

// bracket reads one after \left or \right; a dot is none.
func (p *formula) bracket() string {
	p.rest = strings.TrimLeft(p.rest, " ")
	if p.rest == "" {
		return ""
	}
	if p.rest[0] == '\\' {
		name := p.name()
		if symbol, ok := symbols[name]; ok {
			return strings.TrimSpace(symbol)
		}
		return name
	}
	r, size := utf8.DecodeRuneInString(p.rest)
	p.rest = p.rest[size:]
	if r == '.' {
		return ""
	}
	return string(r)
}

func (p *formula) fence(closed bool) string {
	open := p.bracket()
	if !closed || p.depth >= maxDepth {
		return open
	}
	p.depth++
	inside := strings.TrimSpace(p.sequence(`\right`))
	p.depth--
	if strings.HasPrefix(p.rest, `\right`) {
		p.rest = p.rest[len(`\right`):]
		end := p.bracket()
		if matrix, ok := strings.CutPrefix(inside, "["); ok && strings.HasSuffix(matrix, "]") && (open == "[" || open == "(") { // it has its own
			return inside
		}
		return open + inside + end
	}
	return open + inside
}

// environment reads from \begin to \end: rows of cells.
func (p *formula) environment() string {
	name := strings.TrimSuffix(p.raw(), "*")
	if name == "array" || name == "tabular" {
		p.raw()
	}
	if p.depth >= maxDepth {
		return ""
	}
	p.depth++
	inside := p.sequence(`\end{`)
	p.depth--
	if strings.HasPrefix(p.rest, `\end{`) {
		p.rest = p.rest[len(`\end`):]
		p.raw()
	}
	fence, isMatrix := matrices[name]
	if !isMatrix {
		return strings.Trim(inside, "\n ")
	}
	var rows []string
	for row := range strings.SplitSeq(inside, "\n") {
		if row = strings.Join(strings.Fields(row), " "); row != "" {
			rows = append(rows, row)
		}
	}
	return fence[0] + strings.Join(rows, "; ") + fence[1]
}
