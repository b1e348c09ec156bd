package rich

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/sandrepl/sandrepl/themes"
)

var markdown = goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithParserOptions(
	parser.WithInlineParsers(util.Prioritized(mathParser{}, 150)))).Parser()

// A mathNode is a formula between dollars.
type mathNode struct {
	ast.BaseInline
	source string
}

var kindMath = ast.NewNodeKind("Math")

func (*mathNode) Kind() ast.NodeKind              { return kindMath }
func (n *mathNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

type mathParser struct{}

func (mathParser) Trigger() []byte { return []byte{'$'} }

// Parse reads a formula of one line (or, between two dollars each, of several lines): as elsewhere, the first dollar is
// followed by no space and the last one follows none, so that prices are left alone.
func (mathParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	const most = 2000 // bytes of a formula in its line
	line, _ := block.PeekLine()
	line = line[:min(len(line), most)]
	mark := "$"
	if strings.HasPrefix(string(line), "$$") {
		mark = "$$"
	}
	rest := string(line[len(mark):])
	if end := delimiter(rest, mark); end > 0 {
		inside := rest[:end]
		after := rest[end+len(mark):]
		if mark == "$" && (strings.TrimSpace(inside) != inside || after != "" && after[0] >= '0' && after[0] <= '9') {
			return nil
		}
		block.Advance(len(mark) + end + len(mark))
		return &mathNode{source: inside}
	}
	if mark == "$" {
		return nil
	}
	from, at := block.Position()
	block.Advance(len(mark))
	var b strings.Builder
	for range 200 {
		line, _ := block.PeekLine()
		if line == nil {
			break
		}
		if end := delimiter(string(line), mark); end >= 0 {
			b.Write(line[:end])
			block.Advance(end + len(mark))
			return &mathNode{source: b.String()}
		}
		b.Write(line)
		block.AdvanceLine()
	}
	block.SetPosition(from, at)
	return nil
}

// maxMarkdown is less than of other texts: what is nested costs its parser by the square.
const maxMarkdown = 64 << 10

// deepQuotes are deeper than what is drawn.
var deepQuotes = regexp.MustCompile(`(?m)^((?:[ \t]*>){100})[> \t]+`)

// markdownLines draws markdown.
func markdownLines(theme themes.Theme, source string, width int) []string {
	source, cut := cutSource(source, maxMarkdown)
	bytes := deepQuotes.ReplaceAll([]byte(safe(source)), []byte("$1 "))
	p := prose{theme: theme, width: width, source: bytes}
	p.blocks(markdown.Parse(text.NewReader(bytes)), 0)
	if cut > 0 {
		p.lines = append(p.lines, theme.Paint(themes.Muted, "… more bytes: "+count(cut)))
	}
	return p.lines
}

// A prose is markdown being drawn.
type prose struct {
	theme  themes.Theme
	width  int
	source []byte
	lines  []string
}

func (p *prose) blocks(n ast.Node, depth int) {
	for c := n.FirstChild(); c != nil && len(p.lines) <= maxRows; c = c.NextSibling() {
		if c.PreviousSibling() != nil && !tight(c) {
			p.lines = append(p.lines, "")
		}
		p.block(c, depth+1)
	}
}

// tight tells that a block stands right below the one before it.
func tight(n ast.Node) bool {
	if list, ok := n.Parent().(*ast.List); ok {
		return list.IsTight
	}
	if item, ok := n.Parent().(*ast.ListItem); ok {
		if list, ok := item.Parent().(*ast.List); ok {
			return list.IsTight
		}
	}
	return false
}

func (p *prose) block(n ast.Node, depth int) {
	if depth > maxDepth {
		return
	}
	switch n := n.(type) {
	case *ast.Heading:
		p.paragraph(paint(bold+p.theme.Open(themes.Accent), p.inline(n, depth)))
		if n.Level <= 2 {
			p.lines = append(p.lines, p.theme.Paint(themes.Faint, strings.Repeat(map[int]string{1: "━", 2: "─"}[n.Level], p.width)))
		}
	case *ast.ThematicBreak:
		p.lines = append(p.lines, p.theme.Paint(themes.Faint, strings.Repeat("─", p.width)))
	case *ast.FencedCodeBlock:
		p.code(string(n.Language(p.source)), n)
	case *ast.CodeBlock:
		p.code("", n)
	case *ast.Blockquote:
		bar := p.theme.Paint(themes.Faint, "│") + " "
		p.nested(n, depth, bar, bar)
	case *ast.List:
		number := n.Start
		for item := n.FirstChild(); item != nil && len(p.lines) <= maxRows; item = item.NextSibling() {
			if item.PreviousSibling() != nil && !n.IsTight {
				p.lines = append(p.lines, "")
			}
			mark := "• "
			if isTask(item) {
				mark = ""
			} else if n.IsOrdered() {
				mark = strconv.Itoa(number) + ". "
				number++
			}
			p.nested(item, depth, p.theme.Paint(themes.Muted, mark), strings.Repeat(" ", len([]rune(mark))))
		}
	case *ast.HTMLBlock:
		p.lines = append(p.lines, htmlLines(p.theme, parseHTML(string(n.Lines().Value(p.source))), p.width)...)
	case *extast.Table:
		p.table(n, depth)
	default:
		p.paragraph(p.inline(n, depth))
	}
}

// isTask tells whether an item of a list has a box of its own.
func isTask(item ast.Node) bool {
	if item.FirstChild() == nil {
		return false
	}
	_, box := item.FirstChild().FirstChild().(*extast.TaskCheckBox)
	return box
}

func (p *prose) paragraph(text string) {
	for line := range strings.SplitSeq(text, "\n") {
		p.lines = append(p.lines, wrap(line, p.width)...)
	}
}

func (p *prose) nested(n ast.Node, depth int, first, more string) {
	inner := prose{theme: p.theme, width: columns(p.width, first), source: p.source}
	inner.blocks(n, depth)
	if len(inner.lines) == 0 {
		inner.lines = []string{""}
	}
	p.lines = append(p.lines, indented(inner.lines, first, more)...)
}

func (p *prose) code(language string, n ast.Node) {
	source := strings.TrimSuffix(string(n.Lines().Value(p.source)), "\n")
	for _, line := range p.theme.Code(language, source) {
		p.lines = append(p.lines, indented(hardWrap(line, columns(p.width, "  ")), "  ", "  ")...)
	}
}

func (p *prose) table(n *extast.Table, depth int) {
	var t table
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		var line []cell
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			one := cell{text: strings.Join(strings.Fields(p.inline(c, depth)), " ")}
			if c, ok := c.(*extast.TableCell); ok {
				one.right = c.Alignment == extast.AlignRight
			}
			line = append(line, one)
		}
		if row.Kind() == extast.KindTableHeader {
			t.head = append(t.head, line)
		} else {
			t.rows = append(t.rows, line)
		}
	}
	p.lines = append(p.lines, t.lines(p.theme, p.width)...)
}

// inline is the text of a node's children, with their styles; a line of it ends where the author ended it.
func (p *prose) inline(n ast.Node, depth int) string {
	if depth > maxDepth {
		return ""
	}
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		b.WriteString(p.span(c, depth+1))
	}
	return b.String()
}

func (p *prose) span(n ast.Node, depth int) string {
	switch n := n.(type) {
	case *ast.Text:
		text := string(n.Segment.Value(p.source))
		if !n.IsRaw() {
			text = safe(string(util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences([]byte(text))))))
			text = strings.ReplaceAll(text, "\n", " ")
		}
		switch {
		case n.HardLineBreak():
			text += "\n"
		case n.SoftLineBreak():
			text += " "
		}
		return text
	case *ast.String:
		return safe(string(n.Value))
	case *ast.CodeSpan:
		return p.theme.Paint(themes.String, p.inline(n, depth))
	case *ast.Emphasis:
		if n.Level > 1 {
			return paint(bold, p.inline(n, depth))
		}
		return paint(italic, p.inline(n, depth))
	case *extast.Strikethrough:
		return paint(struck, p.inline(n, depth))
	case *extast.TaskCheckBox:
		if n.IsChecked {
			return "☑ "
		}
		return "☐ "
	case *ast.Link:
		return p.link(p.inline(n, depth), string(n.Destination))
	case *ast.AutoLink:
		return p.link(safe(string(n.Label(p.source))), string(n.URL(p.source)))
	case *ast.Image:
		return p.theme.Paint(themes.Muted, "["+or(p.inline(n, depth), "image")+"]")
	case *ast.RawHTML:
		var raw strings.Builder
		for i := range n.Segments.Len() {
			at := n.Segments.At(i)
			raw.Write(at.Value(p.source))
		}
		if strings.HasPrefix(strings.ToLower(raw.String()), "<br") {
			return "\n"
		}
		return ""
	case *mathNode:
		return paint(italic, strings.ReplaceAll(safe(Math(n.source)), "\n", " "))
	}
	return p.inline(n, depth)
}

func (p *prose) link(label, to string) string {
	shown := paint(underline+p.theme.Open(themes.Accent), label)
	to = strings.TrimSpace(safe(to))
	if (strings.HasPrefix(to, "https://") || strings.HasPrefix(to, "http://")) && label != to && !strings.ContainsAny(to, " \n") {
		shown += " " + p.theme.Paint(themes.Muted, "<"+to+">")
	}
	return shown
}
