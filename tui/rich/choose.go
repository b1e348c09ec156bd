package rich

import (
	"strings"

	"golang.org/x/net/html"

	"github.com/sandrepl/sandrepl/themes"
)

// A painter draws a text form within a width.
type painter func(theme themes.Theme, width int) []string

// wordy chooses what of a bundle is drawn as text, nil where its plain text says it best.
func wordy(data map[string]string) painter {
	plain, hasPlain := data["text/plain"]
	nameless := !hasPlain || strings.HasPrefix(plain, "<") && strings.HasSuffix(strings.TrimSpace(plain), ">")
	rows := strings.Contains(strings.TrimSpace(plain), "\n")
	of := func(form func(themes.Theme, string, int) []string, source string) painter {
		return func(theme themes.Theme, width int) []string { return form(theme, source, width) }
	}
	if source, ok := data["text/markdown"]; ok && strings.TrimSpace(source) != "" {
		return of(markdownLines, source)
	}
	if source, ok := data["text/latex"]; ok && !rows && strings.TrimSpace(source) != "" { // rows are a formula that is drawn already
		if _, isTable := data["text/html"]; !isTable {
			return of(latexLines, source)
		}
	}
	if source, ok := data["text/html"]; ok && strings.TrimSpace(source) != "" {
		if page := pageOf(source, plain, nameless, rows); page != nil {
			return page
		}
	}
	if source, ok := data["application/json"]; ok && nameless {
		return of(jsonLines, source)
	}
	if source, ok := data["image/svg+xml"]; ok && nameless {
		return of(svgLines, source)
	}
	return nil
}

// pageOf draws HTML where it says more than the plain text does: a page for what has no text of its own, and a table where
// all of its columns fit. A page that would take long to read is only read where there is no other form.
func pageOf(source, plain string, nameless, rows bool) painter {
	const (
		muchBeside = 200
		long       = 128 << 10
	)
	if nameless {
		if root := parseHTML(source); len(source) <= long && plain != "" && !says(root) {
			return nil
		}
		return func(theme themes.Theme, width int) []string { return htmlLines(theme, parseHTML(source), width) }
	}
	if !rows || !strings.Contains(source, "<table") || len(source) > long {
		return nil
	}
	root := parseHTML(source)
	first, beside := tabular(root)
	if first == nil || beside > muchBeside || len(readTable(first, nil).rows) == 0 {
		return nil
	}
	return func(theme themes.Theme, width int) []string {
		if !readTable(first, nil).fits(width) {
			return strings.Split(strings.TrimRight(safe(plain), "\n"), "\n")
		}
		return htmlLines(theme, root, width)
	}
}

// says tells whether anything of a page would be seen.
func says(root *html.Node) bool {
	return len(strings.Join(htmlLines(themes.Dark(), root, 80), "")) > 0
}
