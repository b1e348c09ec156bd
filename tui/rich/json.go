package rich

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/sandrepl/sandrepl/themes"
)

// jsonLines draws JSON with a line for each member; what is too deep for that, or none, as it is.
func jsonLines(theme themes.Theme, source string, width int) []string {
	var out bytes.Buffer
	if len(source) <= maxSource && nesting(source) <= maxDepth && json.Indent(&out, []byte(source), "", "  ") == nil {
		source = out.String()
	}
	source, cut := cutSource(source, maxSource)
	var lines []string
	for _, line := range theme.Code("json", safe(source)) {
		if lines = append(lines, hardWrap(line, width)...); len(lines) > maxRows {
			break
		}
	}
	if cut > 0 {
		lines = append(lines, theme.Paint(themes.Muted, "… more bytes: "+count(cut)))
	}
	return lines
}

// nesting is at least how deep JSON is nested.
func nesting(s string) int {
	depth, most := 0, 0
	for i := range len(s) {
		switch s[i] {
		case '{', '[':
			depth++
			most = max(most, depth)
		case '}', ']':
			depth--
		}
	}
	return most
}

// svgLines name a drawing that is not drawn: its title and its size, where it says them.
func svgLines(theme themes.Theme, source string, width int) []string {
	const most = 64 << 10
	source = source[:min(len(source), most)]
	what := "SVG picture"
	if w, h := svgAttribute(source, "width"), svgAttribute(source, "height"); w != "" && h != "" {
		what += ", " + w + " × " + h
	}
	if _, rest, ok := strings.Cut(source, "<title>"); ok {
		if title, _, ok := strings.Cut(rest, "</title>"); ok {
			what += ": " + strings.Join(strings.Fields(safe(title)), " ")
		}
	}
	return wrap(theme.Paint(themes.Muted, "["+what+"]"), width)
}

func svgAttribute(source, name string) string {
	_, tag, ok := strings.Cut(source, "<svg")
	if !ok {
		return ""
	}
	tag, _, _ = strings.Cut(tag, ">")
	_, value, ok := strings.Cut(tag, " "+name+`="`)
	if !ok {
		return ""
	}
	value, _, _ = strings.Cut(value, `"`)
	return safe(value[:min(len(value), 20)])
}
