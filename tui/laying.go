package tui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// lay puts a box over a screen, its top left corner at a column and a row. What is under it is cut; half of a wide character
// is a space. What would be outside of the screen is not drawn.
func lay(screen, box string, x, y, width int) string {
	rows := strings.Split(screen, "\n")
	for i, line := range strings.Split(box, "\n") {
		if at := y + i; at >= 0 && at < len(rows) {
			rows[at] = layRow(rows[at], ansi.Truncate(line, max(width-x, 0), ""), x)
		}
	}
	return strings.Join(rows, "\n")
}

// layRow puts a part of a row in the place of what is there. Each of the three parts begins without colours.
func layRow(row, part string, x int) string {
	end, all := x+ansi.StringWidth(part), ansi.StringWidth(row)
	left := ansi.Truncate(row, x, "")
	if all > end {
		right := ansi.TruncateLeft(row, end, "")
		if ansi.StringWidth(right) > all-end { // it begins within a wide character
			right = ansi.TruncateLeft(row, end+1, "")
		}
		part += "\x1b[m" + strings.Repeat(" ", max(all-end-ansi.StringWidth(right), 0)) + right
	}
	return left + "\x1b[m" + strings.Repeat(" ", max(x-ansi.StringWidth(left), 0)) + part + "\x1b[m"
}
