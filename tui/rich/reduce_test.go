package rich

import (
	"image"
	"image/color"
	"image/draw"
	"testing"
)

func TestThinLinesStandOutInFewPixels(t *testing.T) {
	for _, c := range []struct{ paper, ink color.Gray }{{color.Gray{255}, color.Gray{0}}, {color.Gray{10}, color.Gray{250}}} {
		plot := image.NewRGBA(image.Rect(0, 0, 360, 360))
		draw.Draw(plot, plot.Bounds(), image.NewUniform(c.paper), image.Point{}, draw.Src)
		for x := range 360 {
			plot.Set(x, 184, c.ink) // one of nine rows that become one
		}
		small := reduced(plot, 40, 40, nil)
		line, beside := int(small.RGBAAt(20, 20).R), int(small.RGBAAt(20, 22).R)
		if beside != int(c.paper.Y) || (line-beside)*(int(c.ink.Y)-beside) <= 0 || max(line-beside, beside-line) < 75 {
			t.Errorf("a line of %d on %d becomes %d on %d", c.ink.Y, c.paper.Y, line, beside)
		}
	}
}

func TestPhotographsAreOnlyScaled(t *testing.T) {
	photo := image.NewRGBA(image.Rect(0, 0, 320, 320))
	for i := range 320 * 320 {
		photo.Set(i%320, i/320, color.RGBA{uint8(i % 320), uint8(i / 320), uint8(i / 640), 255})
	}
	small := reduced(photo, 40, 40, nil)
	if got := small.RGBAAt(20, 20); max(int(got.R), 164)-min(int(got.R), 164) > 6 || max(int(got.G), 164)-min(int(got.G), 164) > 6 {
		t.Errorf("%v", got)
	}
}
