package rich

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/sandrepl/sandrepl/themes"
)

const (
	maxCells = 10_000 // of one table
	maxSpan  = 100    // columns or rows that one cell may take
)

// parseHTML reads a fragment or a page. It never fails: what is no HTML is text.
func parseHTML(source string) *html.Node {
	if kept, cut := cutSource(source, maxSource); cut > 0 {
		source = kept[:strings.LastIndexByte(kept, '>')+1] // not within a tag
	}
	root, err := html.Parse(strings.NewReader(source))
	if err != nil { // nested beyond reason
		root = &html.Node{Type: html.DocumentNode}
		words := html.NewTokenizer(strings.NewReader(source))
		for kind := words.Next(); kind != html.ErrorToken; kind = words.Next() {
			if kind == html.TextToken {
				root.AppendChild(&html.Node{Type: html.TextNode, Data: string(words.Text()) + " "})
			}
		}
	}
	return root
}

// htmlLines draws a page: its text, its tables, and where its links lead.
func htmlLines(theme themes.Theme, root *html.Node, width int) []string {
	p := page{theme: theme, width: width, looks: looksOf(root)}
	p.children(root, 0)
	p.flush()
	return p.lines
}

// tabular tells what of a page is tables: the first one, and the length of the text beside them.
func tabular(root *html.Node) (first *html.Node, beside int) {
	for n := range root.Descendants() {
		switch {
		case n.DataAtom == atom.Table && first == nil:
			first = n
		case n.Type == html.TextNode && !within(n, atom.Table, atom.Style, atom.Script, atom.Head):
			beside += len(strings.TrimSpace(n.Data))
		}
	}
	return first, beside
}

func within(n *html.Node, atoms ...atom.Atom) bool {
	for up := range n.Ancestors() {
		for _, a := range atoms {
			if up.DataAtom == a {
				return true
			}
		}
	}
	return false
}

// A page is being drawn.
type page struct {
	theme  themes.Theme
	width  int
	inline strings.Builder
	lines  []string
	lists  int
	looks  looks
}

var dropped = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Head: true, atom.Template: true, atom.Noscript: true, atom.Iframe: true, atom.Object: true, atom.Svg: true,
	atom.Select: true, atom.Textarea: true, atom.Audio: true, atom.Video: true, atom.Canvas: true, atom.Button: true,
}

var blocks = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Section: true, atom.Article: true, atom.Header: true, atom.Footer: true, atom.Main: true, atom.Dl: true, atom.Dt: true,
	atom.Figure: true, atom.Figcaption: true, atom.Details: true, atom.Summary: true, atom.Form: true, atom.Fieldset: true, atom.Address: true,
	atom.Tr: true, atom.Caption: true, atom.Nav: true, atom.Aside: true, atom.Body: true, atom.Center: true,
}

// flush ends the paragraph.
func (p *page) flush() {
	text := strings.TrimSpace(p.inline.String())
	p.inline.Reset()
	if text == "" {
		return
	}
	for line := range strings.SplitSeq(text, "\n") {
		p.lines = append(p.lines, wrap(strings.TrimSpace(line), p.width)...)
	}
}

// gap sets what comes apart from what is there.
func (p *page) gap() {
	p.flush()
	if n := len(p.lines); n > 0 && p.lines[n-1] != "" {
		p.lines = append(p.lines, "")
	}
}

func (p *page) children(n *html.Node, depth int) {
	for c := n.FirstChild; c != nil && len(p.lines) <= maxRows; c = c.NextSibling {
		p.node(c, depth)
	}
}

func (p *page) node(n *html.Node, depth int) {
	if n.Type == html.TextNode {
		p.text(n.Data)
		return
	}
	if n.Type != html.ElementNode && n.Type != html.DocumentNode || dropped[n.DataAtom] || hiddenNode(n) || depth > maxDepth {
		return
	}
	depth++
	switch n.DataAtom {
	case atom.Br:
		p.inline.WriteByte('\n')
	case atom.Hr:
		p.flush()
		p.lines = append(p.lines, p.theme.Paint(themes.Faint, strings.Repeat("─", p.width)))
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		p.gap()
		p.styled(n, depth, bold+p.theme.Open(themes.Accent))
		p.flush()
	case atom.P, atom.Figure:
		p.gap()
		p.children(n, depth)
		p.gap()
	case atom.B, atom.Strong, atom.Th, atom.Dt:
		p.styled(n, depth, bold)
	case atom.I, atom.Em, atom.Cite, atom.Var:
		p.styled(n, depth, italic)
	case atom.U, atom.Ins:
		p.styled(n, depth, underline)
	case atom.S, atom.Del, atom.Strike:
		p.styled(n, depth, struck)
	case atom.Code, atom.Kbd, atom.Samp, atom.Tt:
		p.styled(n, depth, p.theme.Open(themes.String))
	case atom.A:
		p.link(n, depth)
	case atom.Sup, atom.Sub:
		mark := '^'
		if n.DataAtom == atom.Sub {
			mark = '_'
		}
		p.inline.WriteString(script(mark, strings.TrimSpace(safe(words(n)))))
	case atom.Img:
		p.inline.WriteString(p.theme.Paint(themes.Muted, "["+or(strings.TrimSpace(safe(attribute(n, "alt"))), "image")+"]"))
	case atom.Pre:
		p.flush()
		for line := range strings.SplitSeq(strings.Trim(safe(words(n)), "\n"), "\n") {
			p.lines = append(p.lines, wrap(p.theme.Paint(themes.String, line), p.width)...)
		}
	case atom.Ul, atom.Ol:
		p.list(n, depth)
	case atom.Blockquote:
		p.nested(n, depth, p.theme.Paint(themes.Faint, "│")+" ", p.theme.Paint(themes.Faint, "│")+" ")
	case atom.Table:
		p.flush()
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.DataAtom == atom.Caption {
				p.styled(c, depth, italic)
				p.flush()
			}
		}
		p.lines = append(p.lines, readTable(n, p.looks).lines(p.theme, p.width)...)
	case atom.Dd:
		p.nested(n, depth, "  ", "  ")
	default:
		if blocks[n.DataAtom] {
			p.flush()
			p.children(n, depth)
			p.flush()
			return
		}
		p.children(n, depth)
	}
}

// bounded breaks a paragraph that grows beyond reason.
func (p *page) bounded() {
	const long = 8 << 10 // bytes
	if p.inline.Len() > long {
		p.flush()
	}
}

// text adds words; any white space is one space.
func (p *page) text(s string) {
	p.bounded()
	s = safe(s)
	fields := strings.Fields(s)
	if len(fields) == 0 || strings.TrimLeft(s, " \n") != s {
		if at := p.inline.String(); at != "" && !strings.HasSuffix(at, " ") && !strings.HasSuffix(at, "\n") {
			p.inline.WriteByte(' ')
		}
	}
	if len(fields) == 0 {
		return
	}
	p.inline.WriteString(strings.Join(fields, " "))
	if strings.TrimRight(s, " \n") != s {
		p.inline.WriteByte(' ')
	}
}

// styled draws inline children in a style.
func (p *page) styled(n *html.Node, depth int, open string) {
	p.bounded()
	before := p.inline.String()
	p.inline.Reset()
	rows := len(p.lines)
	p.children(n, depth)
	inside := p.inline.String()
	p.inline.Reset()
	if len(p.lines) > rows { // a block stood in it, which came after what was before
		p.lines = append(p.lines[:rows:rows], append(wrap(before, p.width), p.lines[rows:]...)...)
		before = ""
	}
	p.inline.WriteString(before)
	if before != "" && strings.HasPrefix(inside, " ") || strings.TrimSpace(inside) == "" {
		p.inline.WriteString(inside)
		return
	}
	p.inline.WriteString(paint(open, inside))
}

func (p *page) link(n *html.Node, depth int) {
	p.styled(n, depth, underline+p.theme.Open(themes.Accent))
	to := strings.TrimSpace(safe(attribute(n, "href")))
	if (strings.HasPrefix(to, "https://") || strings.HasPrefix(to, "http://")) && strings.TrimSpace(words(n)) != to && !strings.ContainsAny(to, " \n") {
		p.inline.WriteString(" " + p.theme.Paint(themes.Muted, "<"+to+">"))
	}
}

func (p *page) list(n *html.Node, depth int) {
	p.flush()
	next := 1
	if start, err := strconv.Atoi(attribute(n, "start")); err == nil {
		next = start
	}
	p.lists++
	for c := n.FirstChild; c != nil && len(p.lines) <= maxRows; c = c.NextSibling {
		if c.DataAtom != atom.Li {
			continue
		}
		mark := "• "
		if n.DataAtom == atom.Ol {
			mark = strconv.Itoa(next) + ". "
			next++
		}
		p.nested(c, depth, mark, strings.Repeat(" ", len([]rune(mark))))
	}
	p.lists--
}

// nested draws children beside a prefix.
func (p *page) nested(n *html.Node, depth int, first, more string) {
	p.flush()
	inner := page{theme: p.theme, width: columns(p.width, first), looks: p.looks}
	inner.children(n, depth)
	inner.flush()
	for len(inner.lines) > 0 && inner.lines[len(inner.lines)-1] == "" {
		inner.lines = inner.lines[:len(inner.lines)-1]
	}
	p.lines = append(p.lines, indented(inner.lines, first, more)...)
}

// readTable reads rows and cells, with what spans several of them left blank after the first.
func readTable(n *html.Node, looks looks) table {
	var t table
	reserved := map[int]int{} // rows that a cell from above still takes, by column
	cells := 0
	for row := range n.Descendants() {
		if row.DataAtom != atom.Tr || owner(row) != n || cells > maxCells {
			continue
		}
		var line []cell
		heads := true
		skip := func() {
			for reserved[len(line)] > 0 {
				reserved[len(line)]--
				line = append(line, cell{})
			}
		}
		for c := row.FirstChild; c != nil; c = c.NextSibling {
			if c.DataAtom != atom.Td && c.DataAtom != atom.Th || hiddenNode(c) {
				continue
			}
			skip()
			wide, high := span(c, "colspan"), span(c, "rowspan")
			for i := range wide {
				if cells++; cells > maxCells {
					break
				}
				if high > 1 {
					reserved[len(line)] = high - 1
				}
				content := cell{head: c.DataAtom == atom.Th, look: looks.of(c)}
				if i == 0 {
					content.text = strings.Join(strings.Fields(safe(words(c))), " ")
					content.right = strings.Contains(attribute(c, "style"), "right")
				}
				line = append(line, content)
			}
			heads = heads && c.DataAtom == atom.Th
		}
		skip()
		switch {
		case len(line) == 0:
		case heads && (within(row, atom.Thead) || len(t.rows) == 0):
			t.head = append(t.head, line)
		default:
			t.rows = append(t.rows, line)
		}
	}
	return t
}

// owner is the table that a row is of.
func owner(row *html.Node) *html.Node {
	for up := range row.Ancestors() {
		if up.DataAtom == atom.Table {
			return up
		}
	}
	return nil
}

func span(n *html.Node, name string) int {
	wanted, err := strconv.Atoi(attribute(n, name))
	if err != nil {
		return 1
	}
	return min(max(wanted, 1), maxSpan)
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hiddenNode(n *html.Node) bool {
	for _, a := range n.Attr {
		if a.Key == "hidden" || a.Key == "style" && strings.Contains(strings.ReplaceAll(a.Val, " ", ""), "display:none") {
			return true
		}
	}
	return false
}

// apart are the elements whose text does not run on in what stands beside them.
var apart = map[atom.Atom]bool{atom.Td: true, atom.Th: true, atom.Tr: true, atom.Li: true, atom.P: true, atom.Div: true, atom.Table: true}

// words are the text of a node, as it is.
func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		switch {
		case d.Type == html.TextNode && !within(d, atom.Script, atom.Style):
			b.WriteString(d.Data)
		case d.DataAtom == atom.Br:
			b.WriteByte('\n')
		case apart[d.DataAtom] && b.Len() > 0:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
