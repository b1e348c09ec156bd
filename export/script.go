package export

import (
	"regexp"
	"slices"
	"strings"

	"github.com/sandrepl/sandrepl/themes"
)

var (
	// marker is what stands above a cell, as VS Code, Spyder, jupytext and nbconvert write it, and [Notebook.Python] does.
	marker  = regexp.MustCompile(`^#\s*(?:%%+(?:\s+(.*)|\[.*)?|<codecell>.*|In ?\[[\d ]*\]:?\s*)$`)
	content = regexp.MustCompile(`\[([^\]]*)\]`) // what a cell's marker says that the cell is, or its number
	setting = regexp.MustCompile(`\s*\b[\w.-]+\s*=\s*(?:"[^"]*"|\[[^\]]*\]|\{[^}]*\}|\S+)`)
	coding  = regexp.MustCompile(`^#.*?coding[:=]`)
)

// scriptSteps are the cells of Python: by its markers or, without any, by the blank lines between its top-level statements.
func scriptSteps(source string) []Step {
	lines := withoutPreamble(strings.Split(unix(source), "\n"))
	first := slices.IndexFunc(lines, marker.MatchString)
	if first < 0 {
		return blocks(lines)
	}
	steps := opening(lines[:first])
	for from := first; from < len(lines); {
		to := from + 1
		for to < len(lines) && !marker.MatchString(lines[to]) {
			to++
		}
		step := marked(lines[from], lines[from+1:to])
		if step.Text != "" {
			steps = append(steps, step)
		}
		from = to
	}
	return steps
}

// withoutPreamble leaves out what is for others than Python's readers: how to run the file, its encoding, jupytext's header.
func withoutPreamble(lines []string) []string {
	if strings.HasPrefix(lines[0], "#!") {
		lines = lines[1:]
	}
	if len(lines) > 0 && coding.MatchString(lines[0]) {
		lines = lines[1:]
	}
	if len(lines) > 0 && lines[0] == "# ---" {
		end := slices.Index(lines[1:], "# ---") + 1
		if end > 0 && !slices.ContainsFunc(lines[:end], func(l string) bool { return !strings.HasPrefix(l, "#") }) {
			lines = lines[end+1:]
		}
	}
	return lines
}

// marked is the cell below a marker.
func marked(mark string, lines []string) Step {
	head := marker.FindStringSubmatch(mark)[1]
	kind := content.FindStringSubmatch(head)
	step := Step{Title: strings.Join(strings.Fields(content.ReplaceAllString(setting.ReplaceAllString(head, ""), "")), " ")}
	switch {
	case kind != nil && kind[1] == "raw":
		return Step{}
	case kind != nil && (kind[1] == "markdown" || kind[1] == "md"):
		step.Prose, step.Text = true, trimmed(prose(lines))
	default:
		ours := kind != nil && strings.Trim(kind[1], "0123456789") == "" // others do not number cells there
		step.Text = trimmed(strings.Join(uncommented(lines, ours), "\n"))
	}
	return step
}

// prose is markdown out of the comments, or the string, that it stands in.
func prose(lines []string) string {
	if text, ok := docstring(lines); ok {
		return text
	}
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = line
		if rest, ok := strings.CutPrefix(line, "#"); ok {
			out[i] = strings.TrimPrefix(rest, " ")
		}
	}
	return strings.Join(out, "\n")
}

// docstring is the text of lines that are one string of many lines, and comments above it.
func docstring(lines []string) (string, bool) {
	for len(lines) > 0 && (strings.TrimSpace(lines[0]) == "" || strings.HasPrefix(lines[0], "#")) {
		lines = lines[1:]
	}
	text := strings.TrimLeft(strings.TrimSpace(strings.Join(lines, "\n")), "rR")
	for _, quotes := range []string{`"""`, "'''"} {
		inside, opens := strings.CutPrefix(text, quotes)
		if inside, closes := strings.CutSuffix(inside, quotes); opens && closes && !strings.Contains(inside, quotes) {
			return trimmed(inside), true
		}
	}
	return "", false
}

// opening is what stands above the first cell.
func opening(lines []string) []Step {
	if text, ok := docstring(lines); ok && text != "" {
		return []Step{{Text: text, Prose: true}}
	}
	if text := trimmed(strings.Join(lines, "\n")); text != "" {
		return []Step{{Text: text}}
	}
	return nil
}

// blocks are the top-level statements of a script, each with what stands right below it.
func blocks(lines []string) []Step {
	var steps []Step
	from, blank := 0, -1               // where the block began, and the first blank line below its latest statement
	hasCode, decorated := false, false // the block; its latest statement
	var r reader
	end := func(lines []string) {
		if len(steps) == 0 {
			steps = opening(lines)
		} else if text := trimmed(strings.Join(lines, "\n")); text != "" {
			steps = append(steps, Step{Text: text})
		}
	}
	for i, line := range lines {
		text := strings.TrimSpace(line)
		begins := r.begins()
		if begins && (text == "" || text[0] == '#') {
			if text == "" && blank < 0 {
				blank = i
			}
			continue
		}
		if begins {
			indented := line[0] == ' ' || line[0] == '\t'
			if hasCode && blank >= 0 && !indented && !decorated && !goesOn.MatchString(line) {
				end(lines[from:blank])
				from = blank
			}
			hasCode, decorated = true, line[0] == '@'
		}
		blank = -1
		r.read(line)
	}
	end(lines[from:])
	return steps
}

var goesOn = regexp.MustCompile(`^(?:else|elif|except|finally)\b`)

// A reader knows where a line of Python begins a statement.
type reader struct {
	state     themes.LineState
	brackets  int
	backslash bool
}

func (r *reader) begins() bool { return !r.state.InString() && r.brackets == 0 && !r.backslash }

func (r *reader) read(line string) {
	r.backslash = false
	r.state, _ = r.state.Scan(line, func(from, to int) {
		for _, c := range line[from:to] {
			switch c {
			case '(', '[', '{':
				r.brackets++
			case ')', ']', '}':
				r.brackets = max(r.brackets-1, 0)
			}
		}
		r.backslash = to == len(line) && line[to-1] == '\\'
	})
}
