package shot

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi/kitty"
)

func TestPicturesOfTheTerminalsOwnAreInTheSVG(t *testing.T) {
	row := func(y int) string {
		var b strings.Builder
		for x := 2; x < 5; x++ {
			fmt.Fprintf(&b, "%c%c%c", kitty.Placeholder, kitty.Diacritic(y), kitty.Diacritic(x))
		}
		return b.String()
	}
	screen := "ab\x1b[38;5;17m" + row(1) + "\x1b[m|\n  \x1b[38;5;17m" + row(2) + "\x1b[38;5;18m" + row(0) + "\x1b[m"
	asked := 0
	var out bytes.Buffer
	err := Draw(&out, screen, Look{Pictures: func(id int) *Picture {
		if asked++; id == 17 {
			return &Picture{PNG: []byte("png"), Columns: 10, Rows: 4}
		}
		return nil
	}})
	got := out.String()
	if err != nil || asked != 2 || strings.Count(got, `<use href="#picture17"/>`) != 2 || strings.Count(got, "base64,cG5n") != 1 ||
		!strings.Contains(got, `viewBox="2 1 3 1"`) || !strings.Contains(got, `viewBox="2 2 3 1"`) || !strings.Contains(got, `opacity="0.15"`) {
		t.Errorf("%v, asked %d times:\n%s", err, asked, got)
	}
	for d := xml.NewDecoder(&out); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestWideCharactersTakeTwoCells(t *testing.T) {
	var out strings.Builder
	if err := Draw(&out, "日本|x", Look{Dark: true}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<text x="14.0"`, ">日<", `<text x="30.8"`, ">本<", `<text x="47.6"`, ">|x<"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is not in\n%s", want, out.String())
		}
	}
}
