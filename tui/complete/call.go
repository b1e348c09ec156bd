package complete

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
)

// call is the call that the cursor is in.
type call struct {
	line, byte int    // of its opening bracket
	callee     string // what is before the bracket on its line
	argument   int    // which one the cursor is in, from 0
	keyword    string // its name, where it is given by name

	asked int // the number of the question about it
	forms []signature
}

// is tells whether two are the same call.
func (c call) is(o call) bool {
	return c.callee != "" && c.line == o.line && c.byte == o.byte && c.callee == o.callee
}

// question is about what is called.
func (c call) question(t Text) Question {
	t.Lines, t.Line = t.Lines[:min(c.line+1, len(t.Lines))], c.line
	line := t.line()
	t.Byte = min(c.byte+1, len(line))
	return t.question(t.Byte, len(line), "")
}

// reach is how many lines above the cursor the call may begin.
const reach = 40

// noCalls are words before a bracket that calls nothing.
var noCalls = map[string]bool{
	"and": true, "as": true, "assert": true, "await": true, "case": true, "del": true, "elif": true, "else": true, "except": true, "for": true, "from": true,
	"if": true, "import": true, "in": true, "is": true, "lambda": true, "match": true, "not": true, "or": true, "raise": true, "return": true, "while": true,
	"with": true, "yield": true,
}

var (
	defining  = regexp.MustCompile(`\b(def|class)\s+\w+$`)
	byKeyword = regexp.MustCompile(`^\s*([\pL_][\pL\pN_]*)\s*=([^=]|$)`)
)

// open is a bracket that is not closed before the cursor.
type open struct {
	bracket    byte
	line, byte int
	commas     int
	from       int // where the argument that the cursor is in begins, on its line
	fromLine   int
}

// call finds the call around the cursor.
func (t Text) call() (call, bool) {
	var stack []open
	for n := max(t.Line-reach, 0); n <= t.Line && n < len(t.Lines) && n < len(t.States); n++ {
		line := t.Lines[n]
		if n == t.Line {
			line = line[:t.Byte]
		}
		t.States[n].Scan(line, func(from, to int) {
			for i := from; i < to; i++ {
				switch c := line[i]; c {
				case '(', '[', '{':
					stack = append(stack, open{c, n, i, 0, i + 1, n})
				case ')', ']', '}':
					stack = stack[:max(len(stack)-1, 0)]
				case ',':
					if len(stack) > 0 {
						top := &stack[len(stack)-1]
						top.commas, top.from, top.fromLine = top.commas+1, i+1, n
					}
				}
			}
		})
	}
	for i := len(stack) - 1; i >= 0; i-- {
		if o := stack[i]; o.bracket == '(' && calls(t.Lines[o.line][:o.byte]) {
			c := call{line: o.line, byte: o.byte, callee: t.Lines[o.line][:o.byte], argument: o.commas}
			if given := byKeyword.FindStringSubmatch(t.argument(o)); given != nil {
				c.keyword = given[1]
			}
			return c, true
		}
	}
	return call{}, false
}

// argument is what is written of the argument that the cursor is in, on the line where it begins.
func (t Text) argument(o open) string {
	line := t.Lines[o.fromLine]
	if o.fromLine == t.Line {
		line = line[:t.Byte]
	}
	return line[min(o.from, len(line)):]
}

// calls tells whether a bracket behind this text calls something.
func calls(head string) bool {
	last, _ := utf8.DecodeLastRuneInString(head)
	if head == "" || last != ')' && last != ']' && !isWord(last) || defining.MatchString(head) {
		return false
	}
	word := head[wordStart(head, len(head)):]
	first, _ := utf8.DecodeRuneInString(word)
	return !noCalls[word] && !unicode.IsDigit(first)
}

// signature is how something is called, taken apart: name(parameters) -> returns.
type signature struct {
	name       string
	parameters []string
	returns    string
}

func parse(text string) signature {
	opening := strings.IndexByte(text, '(')
	if opening < 0 {
		return signature{}
	}
	s := signature{name: text[:opening]}
	depth, from := 0, opening+1
	var quote rune
	escaped := false
	add := func(to int) {
		if part := strings.TrimSpace(text[from:to]); part != "" {
			s.parameters = append(s.parameters, part)
		}
	}
	for i, r := range text {
		switch {
		case quote != 0:
			if !escaped && r == quote {
				quote = 0
			}
			escaped = r == '\\' && !escaped
		case r == '\'' || r == '"':
			quote = r
		case strings.ContainsRune("([{", r):
			depth++
		case r == ']' && depth == 1: // of an optional parameter
			add(i)
			from = i + 1
		case strings.ContainsRune(")]}", r):
			if depth--; depth == 0 {
				add(i)
				s.returns = text[i+1:]
				return s
			}
		case r == ',' && depth == 1:
			add(i)
			from = i + 1
		}
	}
	add(len(text))
	return s
}

var optional = regexp.MustCompile(`\[, *(\w+)(=?)`)

// forms are the ways in which something is called: its signature's, and those that its docs begin with, as many builtins' do.
func forms(i Info) []signature {
	all := []signature{parse(i.Signature)}
	for n, line := range strings.Split(i.Doc, "\n") {
		if name := all[0].name + "("; !strings.HasPrefix(line, name) {
			if n == 0 {
				break
			}
			continue
		}
		line = optional.ReplaceAllStringFunc(line, func(s string) string {
			if s = ", " + strings.TrimLeft(s, "[, "); !strings.HasSuffix(s, "=") {
				s += "=…"
			}
			return s
		})
		s := parse(line)
		s.returns = ""
		all = append(all, s)
	}
	return all
}

// form is the first that has a parameter for the argument that is being given, and which; or the first, and -1.
func (c call) form() (s signature, current int) {
	for _, s := range c.forms {
		if current := s.current(c.argument, c.keyword); current >= 0 {
			return s, current
		}
	}
	if len(c.forms) > 0 {
		return c.forms[0], -1
	}
	return signature{}, -1
}

// current is the parameter that an argument is for, -1 when there is none.
func (s signature) current(argument int, keyword string) int {
	position, variable := 0, false
	rest := -1
	for i, p := range s.parameters {
		name := strings.TrimSpace(strings.FieldsFunc(p, func(r rune) bool { return r == '=' || r == ':' })[0])
		switch {
		case strings.HasPrefix(p, "**"):
			rest = i
		case keyword != "":
			if name == keyword {
				return i
			}
		case p == "/":
		case strings.HasPrefix(p, "*"):
			if variable = true; p != "*" {
				return i
			}
		case !variable:
			if position == argument {
				return i
			}
			position++
		}
	}
	if keyword != "" {
		return rest
	}
	return -1
}

// Hint is the line that says how the call at the cursor is made, at most width columns: with the parameter that is being given
// marked, and always in view. It is empty outside of calls.
func (m Model) Hint(width int) string {
	s, current := m.call.form()
	if len(s.parameters) == 0 && s.name == "" || width < 10 {
		return ""
	}
	before := s.name + "("
	marked, after := "", ""
	for i, p := range s.parameters {
		comma := ""
		if i > 0 {
			comma = ", "
		}
		switch {
		case i < current || current < 0:
			before += comma + p
		case i == current:
			before += comma
			marked = p
		default:
			after += comma + p
		}
	}
	after += ")" + s.returns
	marked = ansi.Truncate(marked, width-2, "…")
	room := width - ansi.StringWidth(marked)
	if w := ansi.StringWidth(before); w+min(ansi.StringWidth(after), 2) > room {
		keep := max(room-2, 0)
		before = ansi.TruncateLeft(before, max(w-keep+1, 0), "…")
	}
	after = ansi.Truncate(after, max(width-ansi.StringWidth(before)-ansi.StringWidth(marked), 0), "…")
	mark := ""
	if marked != "" {
		mark = m.theme.Open(themes.Accent) + "\x1b[1;4m" + marked + "\x1b[m"
	}
	return m.theme.Paint(themes.Muted, before) + mark + m.theme.Paint(themes.Muted, after)
}
