package rich

import (
	"image"
	"image/color"
)

// reduced draws a picture in very few pixels. A drawing on one ground, as a plot is, would lose its thin lines and small
// letters to that ground: there, what stands out from it counts more. Anything else is only scaled.
func reduced(img image.Image, width, height int, ground color.Color) *image.RGBA {
	const finer = 8 // pixels of the picture for one that is drawn, at most, in each direction
	size := img.Bounds()
	if size.Dx() < 2*width || size.Dy() < 2*height {
		return scaled(img, width, height, ground)
	}
	fine := scaled(img, min(size.Dx(), width*finer), min(size.Dy(), height*finer), ground)
	paper, plain := groundOf(fine)
	if !plain {
		return scaled(fine, width, height, nil)
	}
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	wide, high := fine.Bounds().Dx(), fine.Bounds().Dy()
	for y := range height {
		for x := range width {
			out.SetRGBA(x, y, standing(fine, image.Rect(x*wide/width, y*high/height, (x+1)*wide/width, (y+1)*high/height), paper))
		}
	}
	return out
}

// groundOf finds the colour that a large part of a picture has.
func groundOf(img *image.RGBA) (ground color.RGBA, found bool) {
	const (
		bits = 4 // of each channel that are looked at
		part = 0.35
	)
	var counts [1 << (3 * bits)]int
	index := func(c color.RGBA) int {
		return int(c.R>>(8-bits))<<(2*bits) | int(c.G>>(8-bits))<<bits | int(c.B>>(8-bits))
	}
	size := img.Bounds()
	most := 0
	for y := range size.Dy() {
		for x := range size.Dx() {
			c := img.RGBAAt(x, y)
			i := index(c)
			if counts[i]++; counts[i] > counts[most] {
				most, ground = i, c
			}
		}
	}
	return ground, float64(counts[most]) >= part*float64(size.Dx()*size.Dy())
}

// standing is the colour of some pixels, in which each counts by how far it stands out from the ground.
func standing(img *image.RGBA, of image.Rectangle, ground color.RGBA) color.RGBA {
	const least = 16 // what the ground itself counts; 255 is the most that one can stand out
	far := func(a, b uint8) int {
		return max(int(a)-int(b), int(b)-int(a))
	}
	r, g, b, all := 0, 0, 0, 0
	for y := of.Min.Y; y < of.Max.Y; y++ {
		for x := of.Min.X; x < of.Max.X; x++ {
			c := img.RGBAAt(x, y)
			weight := least + max(far(c.R, ground.R), far(c.G, ground.G), far(c.B, ground.B))
			r, g, b, all = r+weight*int(c.R), g+weight*int(c.G), b+weight*int(c.B), all+weight
		}
	}
	return color.RGBA{uint8(r / all), uint8(g / all), uint8(b / all), 255}
}
