package tui

import (
	"fmt"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

func TestTheEndOfALongCellIsTold(t *testing.T) {
	for _, c := range []struct {
		how     string
		blurred bool
		took    time.Duration
		want    string
	}{
		{"bell", true, 11 * time.Second, "\a"},
		{"osc9", true, 75 * time.Second, "\x1b]9;A cell ended after 1m15s in box\a"},
		{"osc777", true, 11 * time.Second, "\x1b]777;notify;sandrepl;A cell ended after 11s in box\a"},
		{"off", true, time.Minute, ""},
		{"bell", false, time.Minute, ""},
		{"bell", true, 9 * time.Second, ""},
	} {
		m := New(Options{SandboxID: "box", Screen: Screen{Notifications: c.how}})
		m.queue.end()
		var next tea.Model = m
		if c.blurred {
			next, _ = m.Update(tea.BlurMsg{})
		}
		cmd := next.(Model).notify(c.took, false)
		got := ""
		if cmd != nil {
			got = fmt.Sprint(cmd().(tea.RawMsg).Msg)
		}
		if got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
		if back, _ := next.Update(tea.FocusMsg{}); back.(Model).notify(time.Hour, false) != nil {
			t.Errorf("%+v: told to who looks", c)
		}
	}
}
