package tui_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

func TestFiguresAreDrawnInHalfBlocks(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.shows("idle")
	s.program.Send(tea.ColorProfileMsg{Profile: colorprofile.TrueColor}) // what it is not told of a pipe
	s.paste("import struct, zlib, base64\ndef chunk(k, d): return struct.pack('>I', len(d)) + k + d + struct.pack('>I', zlib.crc32(k + d))\nclass Figure:\n    def _repr_png_(self): return b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 64, 48, 8, 2, 0, 0, 0)) + chunk(b'IDAT', zlib.compress((b'\\0' + b'\\xff\\x80\\x10' * 64) * 48)) + chunk(b'IEND', b'')\nshown = Figure()")
	s.press("\r\r")
	s.shows("idle", "shown")
	s.press("shown" + enter)
	s.until("the picture", func(text string) bool { return strings.Count(text, "▀") >= 60*20 })
	if !strings.Contains(s.sent(), "\x1b[38;2;255;128;16") && !strings.Contains(s.sent(), "255;128;16") {
		t.Error("the picture has other colours")
	}
}
