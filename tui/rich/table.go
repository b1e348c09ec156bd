package rich

import (
	"regexp"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/dustin/go-humanize"

	"github.com/sandrepl/sandrepl/themes"
)

const (
	between   = 2  // columns of space from one of a table's columns to the next
	leastCell = 10 // columns to which a long cell is cut at first
	mostCell  = 60 // columns of a cell in a table that has more than one
	mostRows  = 200
)

func count(n int) string { return humanize.Comma(int64(n)) }

// A cell is one line of styled text.
type cell struct {
	text  string
	head  bool
	right bool // asked for
	look  look
}

// A table is laid out in columns that are as wide as their cells; what does not fit the width is cut.
type table struct {
	head, rows [][]cell
}

func (t table) columns() int {
	most := 0
	for _, row := range append(t.head[:len(t.head):len(t.head)], t.rows...) {
		most = max(most, len(row))
	}
	return most
}

// widths are the columns' natural ones.
func (t table) widths() []int {
	widths := make([]int, t.columns())
	for _, rows := range [][][]cell{t.head, t.rows} {
		for _, row := range rows {
			for i, c := range row {
				widths[i] = max(widths[i], min(ansi.StringWidth(c.text), max(mostCell, 200/len(widths))))
			}
		}
	}
	return widths
}

func total(widths []int) int {
	sum := -between
	for _, w := range widths {
		sum += w + between
	}
	return sum
}

// fits tells whether nothing has to be cut.
func (t table) fits(width int) bool { return total(t.widths()) <= width }

// lines draws the table within the width.
func (t table) lines(theme themes.Theme, width int) []string {
	if t.columns() == 0 {
		return nil
	}
	widths := shrink(t.widths(), width)
	shown, dropped := choose(widths, width)
	right := t.numeric()
	var out []string
	for _, row := range t.head {
		out = append(out, t.line(theme, row, widths, shown, right, true))
	}
	if len(t.head) > 0 {
		ruled := 0
		for _, i := range shown {
			if i < 0 {
				ruled += 1 + between
			} else {
				ruled += widths[i] + between
			}
		}
		out = append(out, theme.Paint(themes.Faint, strings.Repeat("─", min(max(ruled-between, 1), width))))
	}
	for _, row := range t.rows[:min(len(t.rows), mostRows)] {
		out = append(out, t.line(theme, row, widths, shown, right, false))
	}
	if more := len(t.rows) - mostRows; more > 0 {
		out = append(out, theme.Paint(themes.Muted, "… more rows: "+count(more)))
	}
	if dropped > 0 {
		note := count(len(t.rows)) + " rows × " + count(len(widths)) + " columns, " + count(dropped) + " not shown"
		out = append(out, wrap(theme.Paint(themes.Muted, note), width)...)
	}
	return out
}

func (t table) line(theme themes.Theme, row []cell, widths, shown []int, right []bool, head bool) string {
	var b strings.Builder
	for n, i := range shown {
		if n > 0 {
			b.WriteString(strings.Repeat(" ", between))
		}
		if i < 0 {
			b.WriteString(theme.Paint(themes.Muted, "…"))
			continue
		}
		var c cell
		if i < len(row) {
			c = row[i]
		}
		text := c.text
		if ansi.StringWidth(text) > widths[i] {
			text = ansi.Truncate(text, widths[i], "…")
			if strings.Contains(text, "\x1b") {
				text += reset
			}
		}
		pad := strings.Repeat(" ", max(widths[i]-ansi.StringWidth(text), 0))
		if open := c.look.open(); open != "" && !theme.NoColor() {
			if right[i] || c.right {
				text, pad = pad+text, ""
			} else {
				text, pad = text+pad, ""
			}
			text = paint(open, text)
		}
		switch {
		case head:
			text = paint(bold, text)
		case c.head:
			text = paint(theme.Open(themes.Muted), text)
		}
		if right[i] || c.right {
			b.WriteString(pad + text)
		} else {
			b.WriteString(text + pad)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

var number = regexp.MustCompile(`^[-+−]?[$€£]?(\d[\d,_ ]*)?\.?\d*([eE][-+]?\d+)?\s?[%a-zA-Z]{0,2}$`)

// numeric are the columns in which every cell is a number, or nothing.
func (t table) numeric() []bool {
	right := make([]bool, t.columns())
	for i := range right {
		found := false
		right[i] = true
		for _, row := range t.rows {
			if i >= len(row) {
				continue
			}
			switch text := strings.TrimSpace(ansi.Strip(row[i].text)); {
			case text == "" || text == "NaN" || text == "nan" || text == "NaT" || text == "None" || text == "<NA>" || text == "..." || text == "…":
			case strings.ContainsAny(text, "0123456789") && number.MatchString(text), text == "inf", text == "-inf":
				found = true
			default:
				right[i] = false
			}
		}
		right[i] = right[i] && found
	}
	return right
}

// shrink cuts the widest columns until the table fits, or none is wide any more.
func shrink(widths []int, width int) []int {
	widths = append([]int(nil), widths...)
	for over := total(widths) - width; over > 0; {
		widest, next := 0, leastCell
		for i, w := range widths {
			if w > widths[widest] {
				widest = i
			}
		}
		for i, w := range widths {
			if i != widest && w < widths[widest] {
				next = max(next, w)
			}
		}
		if widths[widest] <= leastCell {
			break
		}
		less := min(over, max(widths[widest]-next, 1))
		widths[widest] -= less
		over -= less
	}
	return widths
}

// choose leaves out columns of the middle, where an ellipsis (-1) stands, until the rest fits.
func choose(widths []int, width int) (shown []int, dropped int) {
	for i := range widths {
		shown = append(shown, i)
	}
	if total(widths) <= width {
		return shown, 0
	}
	if len(widths) == 1 {
		widths[0] = max(width, 1)
		return shown, 0
	}
	used, left, right := 1, 0, len(widths)
	for left < right {
		if next := widths[left] + between; used+next <= width && (left == 0 || left <= len(widths)-right) {
			used += next
			left++
		} else if next := widths[right-1] + between; used+next <= width {
			used += next
			right--
		} else {
			break
		}
	}
	if left == 0 {
		widths[0] = max(width-1-between, 1)
		left = 1
	}
	shown = shown[:left:left]
	shown = append(shown, -1)
	for i := max(right, left); i < len(widths); i++ {
		shown = append(shown, i)
	}
	return shown, max(right, left) - left
}
