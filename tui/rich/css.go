package rich

import (
	"fmt"
	"image/color"
	"strconv"
	"strings"

	"golang.org/x/image/colornames"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A look is what of CSS a table's cell shows: colours, and whether it is bold. Nil is the theme's.
type look struct {
	text, ground color.Color
	bold         bool
}

// looks are those that a page's style sheets give to single elements, by their ids, as pandas' Styler does.
type looks map[string]look

const maxLooks = 10_000

// looksOf reads the style sheets of a page.
func looksOf(root *html.Node) looks {
	all := looks{}
	for n := range root.Descendants() {
		if n.DataAtom != atom.Style || n.FirstChild == nil {
			continue
		}
		for rule := range strings.SplitSeq(n.FirstChild.Data, "}") {
			selectors, declarations, ok := strings.Cut(rule, "{")
			if !ok || len(all) > maxLooks {
				continue
			}
			for selector := range strings.SplitSeq(selectors, ",") {
				if id, ok := strings.CutPrefix(strings.TrimSpace(selector), "#"); ok && !strings.ContainsAny(id, " .:>[") {
					all[id] = all[id].with(declarations)
				}
			}
		}
	}
	return all
}

// of is the look of an element, its own style included.
func (l looks) of(n *html.Node) look { return l[attribute(n, "id")].with(attribute(n, "style")) }

func (l look) with(declarations string) look {
	for declaration := range strings.SplitSeq(declarations, ";") {
		name, value, _ := strings.Cut(declaration, ":")
		value = strings.ToLower(strings.TrimSpace(value))
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "color":
			l.text = cssColour(value)
		case "background-color", "background":
			l.ground = cssColour(value)
		case "font-weight":
			l.bold = value == "bold" || value == "bolder" || len(value) == 3 && value >= "600"
		}
	}
	return l
}

// open is the sequence that turns the look on. A ground without a colour of its text gets black or white, whichever reads.
func (l look) open() string {
	open := ""
	text := l.text
	if l.ground != nil {
		r, g, b, _ := l.ground.RGBA()
		if text == nil && 299*r+587*g+114*b > 1000*0x8000 {
			text = color.Black
		} else if text == nil {
			text = color.White
		}
		open += fmt.Sprintf("\x1b[48;2;%d;%d;%dm", r>>8, g>>8, b>>8)
	}
	if text != nil {
		r, g, b, _ := text.RGBA()
		open += fmt.Sprintf("\x1b[38;2;%d;%d;%dm", r>>8, g>>8, b>>8)
	}
	if l.bold {
		open += bold
	}
	return open
}

// cssColour reads a colour by its name or its numbers; nil is none, or one that is written in another way.
func cssColour(value string) color.Color {
	if named, ok := colornames.Map[value]; ok {
		return named
	}
	if digits, ok := strings.CutPrefix(value, "#"); ok {
		if len(digits) == 3 {
			digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
		}
		if n, err := strconv.ParseUint(digits, 16, 32); err == nil && len(digits) == 6 {
			return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255}
		}
		return nil
	}
	var r, g, b uint8
	if n, _ := fmt.Sscanf(strings.ReplaceAll(value, " ", ""), "rgb(%d,%d,%d)", &r, &g, &b); n == 3 {
		return color.RGBA{r, g, b, 255}
	}
	return nil
}
