package rich

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/ansi/kitty"
)

// Pictures are known to the terminal by ids that are a colour of the palette; the first 16 colours may be sent in another
// form than as a number, which placeholders do not know.
const (
	firstID          = 16
	lastID           = 255
	mostPlaceholders = 255 // rows and columns that can be numbered, and more than any screen has
)

// sent are the sequences by which the terminal gets a picture and where its placeholders show it. It was drawn here: the
// terminal unpacks nothing that somebody else packed.
func sent(img image.Image, id, columns, rows int) (string, error) {
	var data bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&data, img); err != nil {
		return "", err
	}
	encoded := base64Of(data.Bytes())
	var b strings.Builder
	for first := true; first || encoded != ""; first = false {
		part := encoded[:min(len(encoded), kitty.MaxChunkSize)]
		encoded = encoded[len(part):]
		more := "m=0"
		if encoded != "" {
			more = "m=1"
		}
		options := []string{more, "q=2"}
		if first {
			options = append(options, "a=T", "U=1", "f=100", fmt.Sprintf("i=%d", id), "p=1", fmt.Sprintf("c=%d", columns), fmt.Sprintf("r=%d", rows))
		}
		b.WriteString(ansi.KittyGraphics([]byte(part), options...))
	}
	return b.String(), nil
}

func base64Of(data []byte) string { return base64.StdEncoding.EncodeToString(data) }

// placeholders are the rows of text that the terminal shows a picture in place of.
func placeholders(id, columns, rows int) []string {
	out := make([]string, rows)
	for y := range out {
		var b strings.Builder
		fmt.Fprintf(&b, "\x1b[38;5;%dm", id)
		for x := range columns {
			b.WriteRune(kitty.Placeholder)
			b.WriteRune(kitty.Diacritic(y))
			b.WriteRune(kitty.Diacritic(x))
		}
		b.WriteString(reset)
		out[y] = b.String()
	}
	return out
}

// forgotten makes the terminal give the memory of a picture back.
func forgotten(id int) string {
	return ansi.KittyGraphics(nil, "a=d", "d=I", fmt.Sprintf("i=%d", id), "q=2")
}
