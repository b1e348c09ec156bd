package export

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// Python writes the code alone, a `# %%` before each cell, as editors know it; what is not Python is a comment.
func (n *Notebook) Python(w io.Writer) error {
	for i, c := range n.cells {
		head := "# %%"
		if c.count > 0 {
			head += fmt.Sprintf(" [%d]", c.count)
		}
		if c.author != "" && c.author != "user" {
			head += " " + c.author
		}
		if i > 0 {
			head = "\n" + head
		}
		if _, err := fmt.Fprintf(w, "%s\n%s\n", head, python(c.code)); err != nil {
			return err
		}
	}
	return nil
}

var (
	command   = regexp.MustCompile(`^\s*([!%][A-Za-z_./!({$~]|[A-Za-z_][\w, ]*=\s*[!%][A-Za-z_./])`)
	question  = regexp.MustCompile(`^\s*[A-Za-z_][\w.]*\?\??\s*$`)
	wholeCell = regexp.MustCompile(`^\s*%%[A-Za-z]`)
)

// python is code with the lines that only a REPL understands made comments, and those that would end the cell. What looks like
// such a comment already becomes one once more, so that [Read] can tell them apart.
func python(code string) string {
	code = trimmed(code)
	all := wholeCell.MatchString(code)
	parts := strings.Split(code, "\n")
	for i, line := range parts {
		if all || isCommented(line) {
			parts[i] = "# " + line
		}
	}
	return strings.Join(parts, "\n")
}

// isCommented tells whether a line is written as a comment, however often it is one already.
func isCommented(line string) bool {
	for {
		if command.MatchString(line) || question.MatchString(line) || wholeCell.MatchString(line) || marker.MatchString(line) {
			return true
		}
		rest, comment := strings.CutPrefix(line, "# ")
		if !comment {
			return false
		}
		line = rest
	}
}

// uncommented is a cell's code as it was before [python]; where another program wrote it, a question is a comment.
func uncommented(lines []string, ours bool) []string {
	lines = slices.Clone(lines)
	first := slices.IndexFunc(lines, func(l string) bool { return strings.TrimSpace(l) != "" })
	if first >= 0 && wholeCell.MatchString(strings.TrimPrefix(lines[first], "# ")) {
		body := lines[first:]
		for len(body) > 0 && strings.TrimSpace(body[len(body)-1]) == "" {
			body = body[:len(body)-1]
		}
		if !slices.ContainsFunc(body, func(l string) bool { return !strings.HasPrefix(l, "#") }) {
			for i, line := range body {
				body[i] = strings.TrimPrefix(strings.TrimPrefix(line, "#"), " ")
			}
			return lines
		}
	}
	for i, line := range lines {
		if rest, comment := strings.CutPrefix(line, "# "); comment && isCommented(rest) && (ours || !question.MatchString(strings.TrimLeft(rest, "# "))) {
			lines[i] = rest
		}
	}
	return lines
}

// Markdown writes code and output as fenced blocks; pictures are part of the file.
func (n *Notebook) Markdown(w io.Writer) error {
	for i, c := range n.cells {
		var b strings.Builder
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(fence("python", strings.TrimRight(c.code, "\n")))
		for _, o := range c.outputs {
			b.WriteString("\n" + o.markdown())
		}
		if _, err := io.WriteString(w, b.String()); err != nil {
			return err
		}
	}
	return nil
}

func (o *output) markdown() string {
	switch o.kind {
	case "error":
		return fence("text", plain(strings.Join(o.failure.Traceback, "\n")))
	case "display", "result":
		for _, form := range []string{"image/png", "image/jpeg", "image/gif"} {
			if picture := o.data[form]; picture != "" {
				return fmt.Sprintf("![%s](data:%s;base64,%s)\n", "output", form, strings.Join(strings.Fields(picture), ""))
			}
		}
		if text := o.data["text/markdown"]; text != "" {
			return strings.TrimRight(text, "\n") + "\n"
		}
		return fence("text", plain(o.plainText()))
	}
	return fence("text", plain(strings.TrimRight(o.text, "\n")))
}

var backticks = regexp.MustCompile("`{3,}")

// fence is a block of text, in a fence longer than any in it.
func fence(language, text string) string {
	mark := "```"
	for _, inside := range backticks.FindAllString(text, -1) {
		if len(inside) >= len(mark) {
			mark = inside + "`"
		}
	}
	return mark + language + "\n" + text + "\n" + mark + "\n"
}

var escapes = regexp.MustCompile(`\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)|\x1b.`)

// plain is text as it is left on a terminal: without escapes, and of what a line overwrote the last.
func plain(text string) string {
	parts := strings.Split(escapes.ReplaceAllString(text, ""), "\n")
	for i, line := range parts {
		line = strings.TrimRight(line, "\r")
		parts[i] = line[strings.LastIndexByte(line, '\r')+1:]
	}
	return strings.Join(parts, "\n")
}
