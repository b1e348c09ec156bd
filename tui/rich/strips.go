package rich

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/ansi/iterm2"
	"github.com/charmbracelet/x/ansi/kitty"
	"github.com/charmbracelet/x/ansi/sixel"
)

// Terminals with sixel or iTerm2's pictures know no placeholders, and a program that draws cells cannot tell when the pixels
// over them are to be drawn again. So such a picture is placeholders too, and the last thing before the terminal, [Output], draws in
// the place of those that are written the pixels that belong there. Whatever makes a cell be written anew (a dialog that
// closes, a scrolled view, a screen that is cleared) brings its pixels back, and what else is written there takes them away.

// maxSheets bounds the pixels that are kept, bytes: the oldest picture is drawn anew when it is seen again.
const maxSheets = 32 << 20

// A sheet is a picture as the screen shows it.
type sheet struct {
	protocol      Protocol
	img           *image.RGBA
	width, height int // pixels of a cell
	encoded       map[image.Rectangle]string
}

// maxEncoded is how many parts of a picture are kept encoded.
const maxEncoded = 12

// sheets are the pictures on the screen and above it, by their placeholders' id.
type sheets struct {
	mu   sync.Mutex
	byID [lastID + 1]*sheet
	size int // bytes

	forgetful bool // the terminal is
	parts     int  // that were drawn since the screen was written as a whole
	asked     bool // for that
}

// mostParts are drawn before a forgetful terminal's screen is written as a whole.
const mostParts = 10

func (s *sheets) setForgetful(forgetful bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forgetful = forgetful
}

// repaint tells, once, that the screen is to be written as a whole.
func (s *sheets) repaint() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	asks := s.forgetful && s.parts > mostParts && !s.asked
	s.asked = s.asked || asks
	return asks
}

// drawn counts what a frame draws.
func (s *sheets) drawn(parts int, whole bool) (due bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if whole {
		s.parts, s.asked = 0, false
	}
	s.parts += parts
	return s.forgetful && s.parts > mostParts && !s.asked
}

// keep takes a picture; ids whose pictures are given up for it are returned.
func (s *sheets) keep(id int, new *sheet) (dropped []int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(id)
	s.byID[id] = new
	s.size += len(new.img.Pix)
	for next := id + 1; s.size > maxSheets; next++ { // those after the newest are the oldest
		if next > lastID {
			next = firstID
		}
		if next == id {
			break
		}
		if s.byID[next] != nil {
			s.drop(next)
			dropped = append(dropped, next)
		}
	}
	return dropped
}

func (s *sheets) none() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.size == 0
}

// forget gives up the picture of an id.
func (s *sheets) forget(id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(id)
}

func (s *sheets) drop(id int) {
	if old := s.byID[id]; old != nil {
		s.size -= len(old.img.Pix)
		s.byID[id] = nil
	}
}

// part is the sequence that draws some of a picture's cells, from where the cursor is; empty where there is no such picture.
func (s *sheets) part(id int, cells image.Rectangle) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id < firstID || id > lastID || s.byID[id] == nil {
		return ""
	}
	return s.byID[id].part(cells)
}

// newSheet takes a picture that is as large as its cells, and encodes it as a whole.
func newSheet(protocol Protocol, img *image.RGBA, width, height int) *sheet {
	s := &sheet{protocol: protocol, img: img, width: width, height: height, encoded: map[image.Rectangle]string{}}
	s.part(image.Rect(0, 0, img.Bounds().Dx()/width, img.Bounds().Dy()/height))
	return s
}

func (s *sheet) part(cells image.Rectangle) string {
	encoded, known := s.encoded[cells]
	if !known {
		if len(s.encoded) > maxEncoded {
			clear(s.encoded)
		}
		encoded = s.encode(cells)
		s.encoded[cells] = encoded
	}
	return encoded
}

func (s *sheet) encode(cells image.Rectangle) string {
	part := image.NewRGBA(image.Rect(0, 0, cells.Dx()*s.width, cells.Dy()*s.height))
	from := image.Pt(cells.Min.X*s.width, cells.Min.Y*s.height)
	if !part.Bounds().Add(from).In(s.img.Bounds()) {
		return ""
	}
	draw.Draw(part, part.Bounds(), s.img, from, draw.Src)
	var data bytes.Buffer
	if s.protocol == Sixel {
		if err := (&sixel.Encoder{}).Encode(&data, part); err != nil {
			return ""
		}
		return ansi.SixelGraphics(0, 1, 0, data.Bytes())
	}
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&data, part); err != nil {
		return ""
	}
	return ansi.ITerm2(iterm2.File{
		Size: int64(data.Len()), Width: iterm2.Cells(cells.Dx()), Height: iterm2.Cells(cells.Dy()), IgnoreAspectRatio: true, Inline: true, DoNotMoveCursor: true,
		Content: []byte(base64Of(data.Bytes())),
	})
}

// PNG is the picture that placeholders of an id stand for, as large as it came, and how many cells it takes; nil without one.
func (g *Gallery) PNG(id int) (data []byte, columns, rows int) {
	g.mu.Lock()
	if id < firstID || id > lastID || g.ids[id] == nil {
		g.mu.Unlock()
		return nil, 0, 0
	}
	d := g.ids[id]
	columns, rows = d.picture.fit(g.terminal, d.at.width, g.height)
	paper := ground(d.at.theme)
	g.mu.Unlock()
	img, err := d.image()
	if err != nil {
		return nil, 0, 0
	}
	var out bytes.Buffer
	if err := png.Encode(&out, scaled(img, d.picture.width, d.picture.height, paper)); err != nil {
		return nil, 0, 0
	}
	return out.Bytes(), columns, rows
}

// Output is a terminal's, through which the pictures of a gallery are drawn where the terminal does not do that by itself.
type Output struct {
	terminal *os.File // only what is asked about it is not written
	writer   io.Writer
	sheets   *sheets
	wake     func()
	colour   int // of the foreground, as the terminal has it: a number of the palette, or -1
}

// Output returns what to write to in the terminal's place.
func (g *Gallery) Output(terminal *os.File) *Output {
	return &Output{terminal: terminal, writer: terminal, sheets: &g.sheets, wake: g.wake, colour: -1}
}

// Fd is the terminal's own: with Read and Close it makes an Output a terminal to those who ask.
func (o *Output) Fd() uintptr { return o.terminal.Fd() }

func (o *Output) Read(b []byte) (int, error) { return o.terminal.Read(b) }

// Close closes the terminal.
func (o *Output) Close() error { return o.terminal.Close() }

var placeholder = string(kitty.Placeholder)

// Write passes on what is not a placeholder of a sheet. No sequence and no placeholder is divided between two calls: a frame
// is written as a whole.
func (o *Output) Write(b []byte) (int, error) {
	if o.sheets.none() {
		o.colour = -1
		return o.writer.Write(b)
	}
	out, parts := o.translated(string(b))
	if o.sheets.drawn(parts, strings.Contains(out, ansi.EraseEntireScreen)) {
		o.wake()
	}
	if _, err := io.WriteString(o.writer, out); err != nil {
		return 0, err
	}
	return len(b), nil
}

// A block is placeholders of a picture, written row by row.
type block struct {
	id    int
	cells image.Rectangle
	after int // the piece after its last row, which draws it
}

func (o *Output) translated(s string) (out string, parts int) {
	var pieces []string
	var b block
	end := func() { // draws the block
		if b.after == 0 {
			return
		}
		pixels := o.sheets.part(b.id, b.cells)
		if pixels != "" {
			up := ""
			if rows := b.cells.Dy() - 1; rows > 0 {
				up = fmt.Sprintf("\x1b[%dA", rows)
			}
			parts++
			pieces[b.after] = fmt.Sprintf("\x1b7\x1b[%dD%s%s\x1b8", b.cells.Dx(), up, pixels)
		}
		b = block{}
	}
	for s != "" {
		n := 0
		for n < len(s) && s[n] != 0x1b && !strings.HasPrefix(s[n:], placeholder) {
			n++
		}
		if n == 0 && s[0] == 0x1b {
			n = o.follow(s)
		}
		if n > 0 {
			pieces = append(pieces, s[:n])
			s = s[n:]
			continue
		}
		row, column, size := placed(s)
		if size == 0 {
			pieces = append(pieces, placeholder)
			s = s[len(placeholder):]
			continue
		}
		run, columns := size, 1
		for {
			r, c, size := placed(s[run:])
			if size == 0 || r != row || c != column+columns {
				break
			}
			run += size
			columns++
		}
		s = s[run:]
		next := image.Rect(column, row, column+columns, row+1)
		if below := b.cells.Max.Y == row && b.cells.Min.X == column && b.cells.Max.X == column+columns; b.after > 0 && b.id == o.colour && below {
			b.cells.Max.Y++
		} else {
			end()
			b = block{id: o.colour, cells: next}
		}
		// The cells are made blank, for what they had; the pixels come when the block's last row is written.
		pieces = append(pieces, strings.Repeat(" ", columns), "")
		b.after = len(pieces) - 1
	}
	end()
	return strings.Join(pieces, ""), parts
}

// follow keeps the foreground's colour up with a sequence at the beginning of s, and tells how long it is: a byte for what
// cannot change it.
func (o *Output) follow(s string) int {
	if len(s) < 2 || s[1] != '[' {
		return 1
	}
	end := 2
	for end < len(s) && s[end] >= 0x20 && s[end] < 0x40 {
		end++
	}
	if end == len(s) || s[end] != 'm' {
		return min(end+1, len(s))
	}
	params := strings.Split(strings.ReplaceAll(s[2:end], ":", ";"), ";")
	for i := 0; i < len(params); i++ {
		number, _ := strconv.Atoi(params[i])
		switch {
		case (number == 38 || number == 48 || number == 58) && i+2 < len(params) && params[i+1] == "5":
			if number == 38 {
				o.colour, _ = strconv.Atoi(params[i+2])
			}
			i += 2
		case number == 38 || number == 48 || number == 58:
			if number == 38 {
				o.colour = -1
			}
			i += 4
		case number == 0, number >= 30 && number <= 39, number >= 90 && number <= 97:
			o.colour = -1
		}
	}
	return end + 1
}

// placed reads a placeholder: which of the picture's cells it is. Its size is 0 for one without a place.
func placed(s string) (row, column, size int) {
	rest, ok := strings.CutPrefix(s, placeholder)
	if !ok {
		return 0, 0, 0
	}
	r, n := utf8.DecodeRuneInString(rest)
	c, k := utf8.DecodeRuneInString(rest[n:])
	numbers := diacritics()
	row, known := numbers[r]
	column, also := numbers[c]
	if !known || !also {
		return 0, 0, 0
	}
	return row, column, len(placeholder) + n + k
}

var diacritics = sync.OnceValue(func() map[rune]int {
	numbers := map[rune]int{}
	for i := range mostPlaceholders {
		numbers[kitty.Diacritic(i)] = i
	}
	return numbers
})
