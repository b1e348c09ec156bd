package rich

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	_ "image/gif" // the forms of pictures that are read
	_ "image/jpeg"
	_ "image/png"
	"io"
	"strings"

	"golang.org/x/image/draw"

	"github.com/sandrepl/sandrepl/themes"
)

const (
	maxPixels = 50_000_000
	maxBytes  = 32 << 20
)

// pictures are the forms of one, the best first.
var pictures = []string{"image/png", "image/jpeg", "image/gif"}

// A picture is one that was looked at and not yet unpacked.
type picture struct {
	mime          string
	width, height int // pixels
	wide, high    int // pixels in which it wants to be shown
}

// pictureOf finds a bundle's. An error says why there is one that cannot be shown.
func pictureOf(b Bundle) (*picture, error) {
	for _, mime := range pictures {
		encoded, ok := b.Data[mime]
		if !ok {
			continue
		}
		if base64.StdEncoding.DecodedLen(len(encoded)) > maxBytes {
			return nil, fmt.Errorf("%s of %d MiB: pictures of up to %d MiB are shown", mime, len(encoded)>>20, maxBytes>>20)
		}
		config, _, err := image.DecodeConfig(base64.NewDecoder(base64.StdEncoding, strings.NewReader(encoded)))
		if err != nil {
			return nil, fmt.Errorf("%s that cannot be read: %s", mime, safeError(err))
		}
		p := &picture{mime: mime, width: config.Width, height: config.Height}
		if p.width <= 0 || p.height <= 0 || p.width > maxPixels || p.height > maxPixels/p.width {
			return nil, fmt.Errorf("%s of %d × %d pixels: pictures of up to %d million are shown", mime, p.width, p.height, maxPixels/1_000_000)
		}
		p.wide, p.high = p.width, p.height
		if wide, high := asked(b.Metadata, mime); wide > 0 && high > 0 {
			p.wide, p.high = wide, high
		}
		return p, nil
	}
	return nil, nil
}

func safeError(err error) string { return strings.ReplaceAll(safe(err.Error()), "\n", " ") }

// asked is the size that metadata ask for, of this form or of all.
func asked(metadata map[string]any, mime string) (width, height int) {
	if of, ok := metadata[mime].(map[string]any); ok {
		metadata = of
	}
	number := func(name string) int {
		n, _ := metadata[name].(float64)
		if n < 1 || n > 100_000 {
			return 0
		}
		return int(n)
	}
	return number("width"), number("height")
}

// unpack reads the picture's pixels, which are encoded in base64.
func (p *picture) unpack(encoded string) (image.Image, error) {
	data, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, strings.NewReader(encoded)))
	if err != nil {
		return nil, err
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if size := img.Bounds(); size.Dx() > p.width || size.Dy() > p.height { // it says another size than before
		return nil, fmt.Errorf("its size is not what it says")
	}
	return img, nil
}

// fit is how many cells the picture takes of those there are: its aspect stays, and no pixel is made larger than the
// protocol's least, or than it asks to be.
func (p *picture) fit(t Terminal, columns, rows int) (width, height int) {
	columns, rows = min(max(columns, 1), mostPlaceholders), min(max(rows, 1), mostPlaceholders)
	cellWidth, cellHeight := t.cell()
	natural := float64(p.wide) / float64(cellWidth)
	if !t.Protocol.pixels() { // a cell is one pixel wide there: the more the better, up to the picture's own
		natural = float64(max(p.width, 1))
	}
	aspect := float64(p.high) / float64(p.wide) * float64(cellWidth) / float64(cellHeight) // rows a column
	w := min(natural, float64(columns))
	if w*aspect > float64(rows) {
		w = float64(rows) / aspect
	}
	width = min(max(int(w+0.5), 1), columns)
	height = min(max(int(w*aspect+0.5), 1), rows)
	return width, height
}

// scaled draws an image anew in that many pixels. What it lets through shows the background.
func scaled(img image.Image, width, height int, ground color.Color) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	if ground != nil {
		draw.Draw(out, out.Bounds(), image.NewUniform(ground), image.Point{}, draw.Src)
	}
	var scaler draw.Interpolator = draw.CatmullRom
	if size := img.Bounds(); size.Dx() <= width && size.Dy() <= height {
		scaler = draw.NearestNeighbor
	} else if size.Dx()*size.Dy() > 8_000_000 {
		scaler = draw.ApproxBiLinear
	}
	scaler.Scale(out, out.Bounds(), img, img.Bounds(), draw.Over, nil)
	return out
}

// halves draws two pixels a cell.
func halves(img *image.RGBA) []string {
	size := img.Bounds()
	rows := make([]string, 0, size.Dy()/2)
	for y := 0; y+1 < size.Dy(); y += 2 {
		var b strings.Builder
		var top, bottom color.RGBA
		for x := range size.Dx() {
			t, u := img.RGBAAt(x, y), img.RGBAAt(x, y+1)
			if x == 0 || t != top {
				fmt.Fprintf(&b, "\x1b[38;2;%d;%d;%dm", t.R, t.G, t.B)
			}
			if x == 0 || u != bottom {
				fmt.Fprintf(&b, "\x1b[48;2;%d;%d;%dm", u.R, u.G, u.B)
			}
			top, bottom = t, u
			b.WriteString("▀")
		}
		b.WriteString(reset)
		rows = append(rows, b.String())
	}
	return rows
}

// letters draws one pixel a cell: the more of a letter's ink, the further from the background.
func letters(img *image.RGBA, dark bool) []string {
	const ink = " .:-=+*#%@"
	size := img.Bounds()
	rows := make([]string, 0, size.Dy())
	for y := range size.Dy() {
		row := make([]byte, size.Dx())
		for x := range row {
			grey := int(color.GrayModel.Convert(img.RGBAAt(x, y)).(color.Gray).Y)
			if !dark {
				grey = 255 - grey
			}
			row[x] = ink[grey*(len(ink)-1)/255]
		}
		rows = append(rows, string(row))
	}
	return rows
}

// ground is what shows through a picture.
func ground(theme themes.Theme) color.Color {
	if c := theme.Color(themes.Background); c != nil {
		return c
	}
	if theme.Dark {
		return color.Black
	}
	return color.White
}
