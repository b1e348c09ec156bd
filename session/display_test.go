package session_test

import (
	"testing"

	"github.com/sandrepl/sandrepl/session"
)

// TestValuesShowInTheirForms displays a value with a picture, shows others in its place, and clears what was shown.
func TestValuesShowInTheirForms(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, r := open(t, w, session.Options{})
		run(t, s, `
class Picture:
    def __repr__(self): return "a picture"
    def _repr_png_(self): return b"\x89PNG", {"width": 3}
handle = display(Picture(), display_id="here")
handle.update("done")
print("gone")
display(clear=True)
Picture()`, session.OK)
		const png = "iVBORw=="
		shown := r.wait(t, "display", is(func(session.Display) bool { return true })).Body.(session.Display)
		size, _ := shown.Metadata["image/png"].(map[string]any)
		if shown.Data["image/png"] != png || shown.Data["text/plain"] != "a picture" || size["width"] != 3.0 || shown.Transient.DisplayID != "here" {
			t.Errorf("shown: %+v", shown)
		}
		update := r.wait(t, "update", is(func(session.DisplayUpdate) bool { return true })).Body.(session.DisplayUpdate)
		if update.Data["text/plain"] != "'done'" || update.Transient.DisplayID != "here" {
			t.Errorf("update: %+v", update)
		}
		r.wait(t, "clear", is(func(c session.ClearOutput) bool { return c.Wait }))
		value := r.wait(t, "value", is(func(session.Value) bool { return true })).Body.(session.Value)
		if value.Data["image/png"] != png || session.PlainText(value.Data) != "a picture" {
			t.Errorf("value: %+v", value)
		}
	})
}

// TestLargePicturesArrive shows pictures larger than what one read of the journal brings, and one that is too large.
func TestLargePicturesArrive(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, r := open(t, w, session.Options{})
		result := run(t, s, `
display({"image/png": "x" * (12 << 20)}, raw=True)
display({"image/png": "x" * (17 << 20), "text/plain": "too large"}, raw=True)`, session.OK)
		r.wait(t, "large picture", is(func(d session.Display) bool { return len(d.Data["image/png"]) == 12<<20 }))
		r.wait(t, "its text alone", is(func(d session.Display) bool { return len(d.Data) == 1 && d.Data["text/plain"] == "too large" }))
		if !contains(result.Stderr, "image/png left out") {
			t.Errorf("stderr: %q", result.Stderr)
		}
	})
}
