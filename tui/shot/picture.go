package shot

import (
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/ansi/kitty"
)

func isPlaceholder(text string) bool { return strings.HasPrefix(text, string(kitty.Placeholder)) }

// pictures are those that a screen shows.
type pictures struct {
	of    func(id int) *Picture
	known map[int]*Picture
}

// draw draws the part of a picture that a run of placeholders stands for, and tells whether it did.
func (p pictures) draw(out io.Writer, r run, top int) bool {
	id, indexed := r.style.Fg.(ansi.IndexedColor)
	place := []rune(r.text)
	if !isPlaceholder(r.text) || p.of == nil || !indexed || len(place) < 3 {
		return false
	}
	picture, known := p.known[int(id)]
	if !known {
		picture = p.of(int(id))
		p.known[int(id)] = picture
		if picture != nil {
			fmt.Fprintf(out, `<defs><image id="picture%d" width="%d" height="%d" preserveAspectRatio="none" href="data:image/png;base64,%s"/></defs>`+"\n",
				id, picture.Columns, picture.Rows, base64.StdEncoding.EncodeToString(picture.PNG))
		}
	}
	row, rowKnown := diacritics()[place[1]]
	column, columnKnown := diacritics()[place[2]]
	if picture == nil || !rowKnown || !columnKnown {
		return false
	}
	fmt.Fprintf(out, `<svg x="%.1f" y="%d" width="%.1f" height="%d" viewBox="%d %d %d 1" preserveAspectRatio="none"><use href="#picture%d"/></svg>`+"\n",
		margin+float64(r.at)*cellWidth, top, float64(r.width)*cellWidth, cellHeight, column, row, r.width, id)
	return true
}

// mostNumbered is how many rows and columns placeholders can number.
const mostNumbered = 255

var diacritics = sync.OnceValue(func() map[rune]int {
	numbers := map[rune]int{}
	for i := range mostNumbered {
		numbers[kitty.Diacritic(i)] = i
	}
	return numbers
})
