package rich

import (
	"bytes"
	"fmt"
	"image"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi/sixel"
	"pgregory.net/rapid"

	"github.com/sandrepl/sandrepl/themes"
)

var pixels = regexp.MustCompile(`\x1b7\x1b\[(\d+)D(?:\x1b\[(\d+)A)?(\x1bP[^\x1b]*\x1b\\|\x1b\]1337;[^\x07]*\x07)\x1b8`)

// shownIn draws a picture of 40 × 40 pixels as 4 × 2 cells of a terminal, and returns its placeholders.
func shownIn(t *testing.T, protocol Protocol) (*Gallery, *Output, *bytes.Buffer, []string) {
	t.Helper()
	g := NewGallery()
	t.Cleanup(g.Close)
	g.SetTerminal(Terminal{Protocol: protocol, CellWidth: 10, CellHeight: 20})
	d := g.Draw(Bundle{Data: map[string]string{"image/png": encodedPNG(t, 40, 40)}})
	d.Rows(themes.Dark(), 60)
	if message := g.Next().(DrawnMsg); message.Raw != "" {
		t.Fatalf("it sends %q beside the frame", message.Raw)
	}
	rows := d.Rows(themes.Dark(), 60)
	if len(rows) != 2 || strings.Count(rows[0], placeholder) != 4 {
		t.Fatalf("%q", rows)
	}
	var terminal bytes.Buffer
	out := g.Output(os.Stdout)
	out.writer = &terminal
	return g, out, &terminal, rows
}

func TestPixelsStandInThePlaceOfPlaceholders(t *testing.T) {
	for _, protocol := range []Protocol{Sixel, ITerm} {
		_, out, terminal, rows := shownIn(t, protocol)
		frame := "\x1b[H\x1b[1mabove\x1b[m\r\n" + rows[0] + "side\r\n" + rows[1] + "side\r\nbelow"
		if _, err := fmt.Fprint(out, frame); err != nil {
			t.Fatal(err)
		}
		got := terminal.String()
		found := pixels.FindAllStringSubmatch(got, -1)
		if len(found) != 1 || found[0][1] != "4" || found[0][2] != "1" {
			t.Fatalf("%d pictures: %.200q", len(found), got)
		}
		rest := pixels.ReplaceAllString(got, "")
		color := regexp.MustCompile(`\x1b\[38;5;\d+m`).FindString(rows[0])
		if want := "\x1b[H\x1b[1mabove\x1b[m\r\n" + color + "    \x1b[mside\r\n" + color + "    \x1b[mside\r\nbelow"; rest != want {
			t.Errorf("beside them:\n%q\n%q", rest, want)
		}
		if protocol == Sixel {
			_, data, _ := strings.Cut(found[0][3], "q")
			img, err := (&sixel.Decoder{}).Decode(strings.NewReader(strings.TrimSuffix(data, "\x1b\\")))
			if err != nil || img.Bounds() != image.Rect(0, 0, 40, 40) {
				t.Errorf("%v, %v", img.Bounds(), err)
			}
		} else if !strings.Contains(found[0][3], "width=4;height=2;preserveAspectRatio=0;inline=1") {
			t.Errorf("%.100q", found[0][3])
		}
	}
}

func TestOnlyWhatIsWrittenAnewIsDrawn(t *testing.T) {
	_, out, terminal, rows := shownIn(t, Sixel)
	color, row, _ := strings.Cut(rows[1], placeholder)
	_, rest, _ := strings.Cut(row, placeholder) // over the second to the fourth cell there was a dialog
	second := placeholder + rest
	fmt.Fprint(out, color+second)
	found := pixels.FindAllStringSubmatch(terminal.String(), -1)
	if len(found) != 1 || found[0][1] != "3" || found[0][2] != "" || !strings.Contains(found[0][3], `"1;1;30;20`) {
		t.Errorf("%q", found)
	}
	terminal.Reset()
	fmt.Fprint(out, "\x1b[38;5;250m"+second+"\x1b[0;1;38:5:17m"+placeholder+"x") // another's, and one without a place
	if got := terminal.String(); strings.Contains(got, "\x1b7") || !strings.Contains(got, placeholder+"x") {
		t.Errorf("%q", got)
	}
}

func TestAForgetfulTerminalIsPaintedAnew(t *testing.T) {
	g, out, _, rows := shownIn(t, Sixel)
	g.SetTerminal(Terminal{Protocol: Sixel, CellWidth: 10, CellHeight: 20, Forgetful: Forgets("XTerm(379)")})
	for range mostParts {
		fmt.Fprint(out, rows[0])
	}
	select {
	case <-g.drawn:
		t.Fatal("it is painted anew too early")
	default:
	}
	fmt.Fprint(out, rows[1])
	if message := g.Next().(DrawnMsg); !message.Repaint {
		t.Fatal("it is not painted anew")
	}
	fmt.Fprint(out, "\x1b[H\x1b[2J"+rows[0]+"\r\n"+rows[1])
	select {
	case <-g.drawn:
		t.Fatal("it is painted anew twice")
	default:
	}
}

func TestTheRestOfAFramePassesAsItIs(t *testing.T) {
	_, out, terminal, _ := shownIn(t, Sixel)
	rapid.Check(t, func(t *rapid.T) {
		frame := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"a", "é", "日", "\x1b", "\x1b[", "\x1b[38;5;", "\x1b[1;48:2::1:2:3m", "m", ";", "\x1b[12;40H", "\x1b]8;;http://a\x1b\\", placeholder, "\r\n", "\x1bP", "\U0010EEED"})).Draw(t, "frame"), "")
		terminal.Reset()
		if n, err := out.Write([]byte(frame)); n != len(frame) || err != nil || terminal.String() != frame {
			t.Fatalf("%d, %v\n%q\n%q", n, err, frame, terminal.String())
		}
	})
}

func TestOldPicturesAreGivenUp(t *testing.T) {
	var s sheets
	for id := firstID; id <= lastID; id++ {
		dropped := s.keep(id, &sheet{protocol: ITerm, img: image.NewRGBA(image.Rect(0, 0, 1000, 1000)), width: 1, height: 1, encoded: map[image.Rectangle]string{}})
		if len(dropped) > 0 && dropped[0] != id-maxSheets/4_000_000 {
			t.Fatalf("%d gives up %v", id, dropped)
		}
	}
	if s.size > maxSheets || s.part(firstID, image.Rect(0, 0, 1, 1)) != "" || s.part(lastID, image.Rect(0, 0, 1, 1)) == "" || s.part(lastID, image.Rect(0, 0, 1001, 1)) != "" {
		t.Errorf("%d bytes", s.size)
	}
}

func TestDetectByWhatTheTerminalSays(t *testing.T) {
	known := Terminal{CellWidth: 8, CellHeight: 16}
	for _, c := range []struct {
		version, wanted string
		sixel           bool
		terminal        Terminal
		want            Protocol
	}{
		{"kitty(0.41.1)", "", false, known, Kitty}, {"kitty(0.26.5)", "", false, known, Halves}, {"kitty", "", false, known, Kitty}, {"ghostty 1.2", "", true, known, Kitty},
		{"iTerm2 3.5.0", "", true, known, ITerm}, {"WezTerm 20240203", "", true, known, ITerm}, {"XTerm(379)", "", true, known, Sixel}, {"XTerm(379)", "", false, known, Halves},
		{"foot(1.13.1)", "", true, Terminal{}, Halves}, {"XTerm(379)", "kitty", false, known, Kitty}, {"kitty(0.41.1)", "blocks", true, known, Halves}, {"", "sixel", false, known, Sixel},
	} {
		got := Detect(Signs{Getenv: func(string) string { return "" }, Version: c.version, Colours: 256, Sixel: c.sixel, Wanted: c.wanted}, c.terminal)
		if got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}
