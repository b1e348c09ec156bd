package rich

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sandrepl/sandrepl/themes"
)

// noise is a picture that no other is like, and that packs badly.
func noise(t *testing.T, seed uint64) Bundle {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	img := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for i := range img.Pix {
		img.Pix[i] = byte(random.Uint32())
	}
	var packed bytes.Buffer
	if err := png.Encode(&packed, img); err != nil {
		t.Fatal(err)
	}
	return Bundle{Data: map[string]string{"image/png": base64.StdEncoding.EncodeToString(packed.Bytes()), "text/plain": "<Figure>"}}
}

// looked is what a drawing shows once it is drawn.
func looked(t *testing.T, d *Drawing) []string {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		if rows := d.Rows(themes.Dark(), 60); rows[0] != "" {
			return rows
		}
		if time.Now().After(deadline) {
			t.Fatal("it was never drawn")
		}
	}
}

func TestManyPicturesStayWithinTheirBudgets(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	g := NewGallery()
	defer g.Close()
	g.attic.memory, g.memory = 100<<10, 200<<10
	var all []*Drawing
	var first []string
	for n := range 60 {
		d := g.Draw(noise(t, uint64(n)))
		rows := looked(t, d)
		if n == 0 {
			first = rows
		}
		all = append(all, d)
	}
	budgets := func() {
		t.Helper()
		g.mu.Lock()
		defer g.mu.Unlock()
		held := 0
		for _, d := range all {
			for _, row := range d.rows {
				held += len(row)
			}
		}
		if g.attic.used > g.attic.memory || g.used > g.memory || held != g.used {
			t.Errorf("sources: %d bytes of %d; rows: %d of %d, %d held", g.attic.used, g.attic.memory, g.used, g.memory, held)
		}
	}
	budgets()
	if all[0].rows != nil {
		t.Error("the rows of the first are still there")
	}
	if !slices.Equal(looked(t, all[0]), first) {
		t.Error("the first picture is not what it was")
	}
	budgets()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("the temporary file has a name: %v %v", left, err)
	}
	if got := all[0].Text(); got != "<Figure>" {
		t.Errorf("its text is %q", got)
	}
}

func TestWhatNobodyDrawsIsNotSaved(t *testing.T) {
	a := newAttic(10<<10, sourceFile)
	defer a.close()
	forms := map[string]string{"text/plain": strings.Repeat("x", 4<<10)}
	shown := a.put(forms)
	for range 100 {
		a.put(forms) // a picture that takes the place of the one before it, again and again
		runtime.GC()
	}
	if a.size > 3*int64(shown.length) {
		t.Errorf("%d bytes were saved", a.size)
	}
	if got, err := a.get(shown); err != nil || got["text/plain"] != forms["text/plain"] {
		t.Errorf("what is shown reads %v, %v", got, err)
	}
}

func TestAPictureThatIsLostSaysWhy(t *testing.T) {
	g := NewGallery()
	defer g.Close()
	g.attic = newAttic(1, 0)
	d := g.Draw(noise(t, 1))
	g.Draw(noise(t, 2))
	if rows := strings.Join(looked(t, d), " "); !strings.Contains(rows, "limit") {
		t.Errorf("it shows %q", rows)
	}
	if !strings.Contains(d.Text(), "limit") {
		t.Errorf("its text is %q", d.Text())
	}
}
