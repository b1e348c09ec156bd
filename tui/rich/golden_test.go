package rich

import (
	"strconv"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
	"github.com/sandrepl/sandrepl/tui/golden"
)

// forms are one text of each form, with what each can have.
var forms = []struct {
	text string
	draw func(themes.Theme, string, int) []string
}{
	{"# Plan\n\nSome **bold**, *light* and `code`, a [link](https://example.org) and $x_1^2$:\n\n- one\n  - two\n- [x] done\n\n| name | n |\n|:-----|--:|\n| ada | 1 |\n| bob | 20 |\n\n> said\n\n```python\nfor x in range(3):\n    print(x)\n```\n", markdownLines},
	{`$\frac{-b \pm \sqrt{b^2-4ac}}{2a}$`, latexLines},
	{"<table border=1><thead><tr><th></th><th>name</th><th>score</th></tr></thead><tbody><tr><th>0</th><td>ada</td><td>0.5</td></tr><tr><th>1</th><td>日本</td><td>12</td></tr></tbody></table><p>2 rows × 2 columns</p>",
		func(t themes.Theme, s string, w int) []string { return htmlLines(t, parseHTML(s), w) }},
	{`{"name": "ada", "scores": [1, 2.5, null, true], "empty": {}}`, jsonLines},
}

func TestViews(t *testing.T) {
	view := func(theme themes.Theme, width int) string {
		var all []string
		for _, form := range forms {
			all = append(all, strings.Join(fitted(theme, form.draw(theme, form.text, width), width), "\n"))
		}
		return strings.Join(all, "\n\n")
	}
	for _, width := range []int{24, 50, 120} {
		golden.Check(t, "forms-"+strconv.Itoa(width), ansi.Strip(view(themes.Dark(), width)))
	}
	golden.Check(t, "forms-dark", view(themes.Dark(), 60))
	golden.Check(t, "forms-light", view(themes.Light(), 60))
}
