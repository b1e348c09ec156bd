// Package shot draws a terminal's screen (text with SGR colours, as a view or `tmux capture-pane -p -e` has it) as an SVG. It
// draws what a terminal shows, cell by cell; it is not a recorder, and knows nothing of the program whose screen it is.
package shot

import (
	"bufio"
	"fmt"
	"html"
	"image/color"
	"io"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// The look of the terminal: sizes in pixels, and the colours of cells that name none.
const (
	cellWidth  = 8.4
	cellHeight = 18
	fontSize   = 14
	margin     = 14
	titleBar   = 30
)

// A Look is what cells wear that name no colour; nil colours are a dark terminal's, or a light one's.
type Look struct {
	Dark                   bool
	Foreground, Background color.Color
	Pictures               func(id int) *Picture // what the terminal shows in the place of kitty's placeholders; nil where it is not known
}

// A Picture is one that placeholders stand for, and how many cells it takes.
type Picture struct {
	PNG           []byte
	Columns, Rows int
}

func (l Look) complete() Look {
	fg, bg := color.Color(color.RGBA{0xd6, 0xd9, 0xe3, 0xff}), color.Color(color.RGBA{0x17, 0x19, 0x22, 0xff})
	if !l.Dark {
		fg, bg = color.RGBA{0x23, 0x26, 0x2d, 0xff}, color.RGBA{0xfb, 0xfb, 0xf9, 0xff}
	}
	l.Foreground, l.Background = or(l.Foreground, fg), or(l.Background, bg)
	return l
}

// Draw writes the picture of a screen.
func Draw(to io.Writer, screen string, look Look) error {
	look = look.complete()
	lines := uv.NewStyledString(strings.TrimRight(screen, "\n")).Lines(ansi.GraphemeWidth)
	columns := 0
	for _, line := range lines {
		columns = max(columns, len(line))
	}
	width := float64(columns)*cellWidth + 2*margin
	height := len(lines)*cellHeight + titleBar + margin
	out := bufio.NewWriter(to)
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.1f %d" width="%.0f" height="%d">`+"\n", width, height, width, height)
	fmt.Fprintf(out, `<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", hex(look.Background))
	for i, light := range []string{"#f4655c", "#f5bd4f", "#61c554"} {
		fmt.Fprintf(out, `<circle cx="%d" cy="%d" r="5.5" fill="%s"/>`+"\n", margin+7+i*19, titleBar/2, light)
	}
	fmt.Fprintf(out, `<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="%d" xml:space="preserve">`+"\n", fontSize)
	pictures := pictures{of: look.Pictures, known: map[int]*Picture{}}
	for y, line := range lines {
		for _, r := range runs(line) {
			if !pictures.draw(out, r, titleBar+y*cellHeight) {
				r.draw(out, look, titleBar+y*cellHeight)
			}
		}
	}
	fmt.Fprintln(out, "</g>\n</svg>")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write the picture: %w", err)
	}
	return nil
}

// A run is a stretch of cells of one style.
type run struct {
	at, width int
	text      string
	style     uv.Style
}

// runs splits a line where its style changes, and around everything but ASCII: a font may draw that in another width.
func runs(line uv.Line) []run {
	var all []run
	x, width := 0, 0 // of a cell on the screen
	for _, cell := range line {
		if cell.Width == 0 && cell.Content == "" { // the right half of the one before, where there is a cell for it
			continue
		}
		x, width = x+width, max(1, cell.Width)
		text := cell.Content
		if text == "" {
			text = " "
		}
		if last := len(all) - 1; last >= 0 && cell.Style.Equal(&all[last].style) && isASCII(text) && isASCII(all[last].text) {
			all[last].text += text
			all[last].width++
			continue
		}
		if last := len(all) - 1; last >= 0 && cell.Style.Equal(&all[last].style) && isPlaceholder(text) && isPlaceholder(all[last].text) {
			all[last].text += text
			all[last].width++
			continue
		}
		all = append(all, run{at: x, width: width, text: text, style: cell.Style})
	}
	return all
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > '~' })
}

func (r run) draw(out io.Writer, look Look, top int) {
	fg, bg := or(r.style.Fg, look.Foreground), or(r.style.Bg, look.Background)
	if r.style.Attrs&uv.AttrReverse != 0 {
		fg, bg = bg, fg
	}
	x, width := margin+float64(r.at)*cellWidth, float64(r.width)*cellWidth
	if hex(bg) != hex(look.Background) {
		fmt.Fprintf(out, `<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/>`+"\n", x, top, width, cellHeight, hex(bg))
	}
	if strings.TrimSpace(r.text) == "" {
		return
	}
	if r.text == "▀" { // the pixel of a picture
		fmt.Fprintf(out, `<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s" shape-rendering="crispEdges"/>`+"\n", x, top, width, cellHeight/2, hex(fg))
		return
	}
	if isPlaceholder(r.text) { // the terminal's own picture, which is not to be had from it
		fmt.Fprintf(out, `<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s" opacity="0.15"/>`+"\n", x, top, width, cellHeight, hex(look.Foreground))
		return
	}
	if r.text == "│" || r.text == "─" { // a font's own would leave gaps between cells
		x1, y1, x2, y2 := x, float64(top)+cellHeight/2, x+width, float64(top)+cellHeight/2
		if r.text == "│" {
			x1, y1, x2, y2 = x+width/2, float64(top), x+width/2, float64(top+cellHeight)
		}
		fmt.Fprintf(out, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s"/>`+"\n", x1, y1, x2, y2, hex(fg))
		return
	}
	fmt.Fprintf(out, `<text x="%.1f" y="%.1f" textLength="%.1f" lengthAdjust="spacingAndGlyphs" fill="%s"%s>%s</text>`+"\n",
		x, float64(top)+cellHeight*0.74, width, hex(fg), attributes(r.style), html.EscapeString(r.text))
}

func attributes(s uv.Style) string {
	var all strings.Builder
	if s.Attrs&uv.AttrBold != 0 {
		all.WriteString(` font-weight="bold"`)
	}
	if s.Attrs&uv.AttrItalic != 0 {
		all.WriteString(` font-style="italic"`)
	}
	if s.Attrs&uv.AttrFaint != 0 {
		all.WriteString(` opacity="0.6"`)
	}
	if s.Underline != 0 {
		all.WriteString(` text-decoration="underline"`)
	}
	return all.String()
}

func or(c, otherwise color.Color) color.Color {
	if c == nil {
		return otherwise
	}
	return c
}

func hex(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}
