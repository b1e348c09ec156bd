package rich

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
	"github.com/sandrepl/sandrepl/tui/sanitize"
)

const (
	maxSource = 256 << 10 // bytes of a text form that are read; the rest is told to be there
	maxRows   = 5000      // of any drawing
	maxDepth  = 100       // of anything nested
)

const (
	reset     = "\x1b[m"
	bold      = "\x1b[1m"
	italic    = "\x1b[3m"
	underline = "\x1b[4m"
	struck    = "\x1b[9m"
)

var noControls = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\b", "", "\t", "    ")

// safe is text without any control but newlines: neither colours nor erasing.
func safe(s string) string {
	clean := true
	for i := range len(s) {
		if (s[i] < 0x20 && s[i] != '\n') || s[i] >= 0x7f {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var border sanitize.Output
	s = border.Write(s)
	if strings.IndexByte(s, 0x1b) >= 0 {
		s = ansi.Strip(s)
	}
	return noControls.Replace(s)
}

// cutSource bounds a text form; cut tells how many bytes are left out.
func cutSource(s string, most int) (kept string, cut int) {
	if len(s) <= most {
		return s, 0
	}
	return strings.ToValidUTF8(s[:most], ""), len(s) - most
}

// wrap breaks styled text into lines of at most width columns, at spaces where it can.
func wrap(s string, width int) []string {
	width = max(width, 1)
	if ansi.StringWidth(s) <= width && !strings.Contains(s, "\n") {
		return []string{s}
	}
	lines := strings.Split(lipgloss.Wrap(s, width, " "), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
		if ansi.StringWidth(line) > width {
			lines[i] = ansi.Truncate(line, width, "")
		}
	}
	return lines
}

// paint styles text that may hold styles of its own, which end with a reset.
func paint(open, s string) string {
	if open == "" || s == "" {
		return s
	}
	return open + strings.ReplaceAll(s, reset, reset+open) + reset
}

// indented puts a prefix before each line; the first has its own.
func indented(lines []string, first, more string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		prefix := more
		if i == 0 {
			prefix = first
		}
		out[i] = prefix + line
	}
	return out
}

// columns is the width left beside a prefix.
func columns(width int, prefix string) int { return max(width-ansi.StringWidth(prefix), 1) }

// fitted cuts what no layout could bring down to the width, and the rows beyond the most.
func fitted(theme themes.Theme, lines []string, width int) []string {
	if more := len(lines) - maxRows; more > 0 {
		lines = append(lines[:maxRows:maxRows], theme.Paint(themes.Muted, "… more lines: "+count(more)))
	}
	for i, line := range lines {
		if ansi.StringWidth(line) > width {
			lines[i] = ansi.Truncate(line, width, "…")
		}
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	if len(lines) == 0 {
		return []string{""}
	}
	return lines
}

// hardWrap breaks a line of code where the width ends.
func hardWrap(s string, width int) []string {
	if ansi.StringWidth(s) <= width {
		return []string{s}
	}
	return wrapCode(s, width)
}

func wrapCode(s string, width int) []string {
	const long = 1 << 10 // bytes beyond which colours are not worth looking for where each row begins
	if len(s) > long {
		return strings.Split(ansi.Hardwrap(ansi.Strip(s), width, true), "\n")
	}
	var out []string
	for total, from := ansi.StringWidth(s), 0; from < total; from += width {
		part := ansi.Cut(s, from, from+width)
		if strings.Contains(part, "\x1b") {
			part += reset
		}
		out = append(out, part)
	}
	return out
}
