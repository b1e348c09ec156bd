package tui

import (
	"image/color"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/tui/transcript"
)

// TestAnything: whatever is pressed, clicked and dragged at whatever size, the screen has its lines, none wider than it, and
// the cursor is on it.
func TestAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := New(Options{SandboxID: "repl-1492e902", Worker: "this machine", Screen: Screen{Remember: func(State) error { return nil }}})
		defer m.queue.end()
		m.status = m.status.opened(session.Info{SandboxID: "repl-1492e902", Python: "3.11.7", Transport: session.Connect})
		for i := range rapid.IntRange(0, 6).Draw(t, "cells") {
			id := string(rune('a' + i))
			m.transcript = m.transcript.Begin(id, transcript.Input{Number: i + 1, Code: "print('日本語')", At: time.Unix(0, 0)})
			m.transcript = m.transcript.Append(id, transcript.Stdout, strings.Repeat("a line of output 👩\u200d🚀\n", i*9)).Finish(id, transcript.OK, time.Second)
		}
		width, height := 80, 24
		do := func(msg tea.Msg) {
			next, _ := m.Update(msg)
			m = next.(Model)
			view := m.View()
			lines := strings.Split(view.Content, "\n")
			if len(lines) > height {
				t.Fatalf("%d lines on %d×%d after %#v", len(lines), width, height, msg)
			}
			for _, l := range lines {
				if w := ansi.StringWidth(l); w > width {
					t.Fatalf("%d columns on %d×%d after %#v: %q", w, width, height, msg, l)
				}
			}
			if c := view.Cursor; c != nil && (c.X >= max(width, 2) || c.Y >= max(height, 1)) {
				t.Fatalf("the cursor at %d,%d on %d×%d after %#v", c.X, c.Y, width, height, msg)
			}
		}
		do(tea.WindowSizeMsg{Width: width, Height: height})
		keys := []string{"f1", "f2", "f3", "f4", "f6", "f8", "f9", "ctrl+p", "ctrl+r", "ctrl+o", "alt+-", "alt+=", "alt+,", "alt+.", "alt+/", "esc", "esc",
			"enter", "alt+enter", "up", "down", "left", "home", "end", "pgup", "pgdown", "tab", "backspace", "(", "日", "x", "ctrl+s"}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			x, y := rapid.IntRange(0, max(width, 1)).Draw(t, "x"), rapid.IntRange(0, max(height, 1)).Draw(t, "y")
			at := tea.Mouse{X: x, Y: y, Button: tea.MouseLeft}
			switch rapid.IntRange(0, 6).Draw(t, "kind") {
			case 0:
				width, height = rapid.IntRange(3, 120).Draw(t, "width"), rapid.IntRange(1, 40).Draw(t, "height")
				do(tea.WindowSizeMsg{Width: width, Height: height})
			case 1:
				do(tea.MouseClickMsg(at))
			case 2:
				do(tea.MouseMotionMsg(at))
			case 3:
				do(tea.MouseReleaseMsg(at))
			case 4:
				do(tea.MouseWheelMsg{X: x, Y: y, Button: tea.MouseWheelUp})
			default:
				key := rapid.SampledFrom(keys).Draw(t, "key")
				do(tea.KeyPressMsg{Text: key})
			}
		}
	})
}

func TestAGroundIsKnownByTheTerminalOrItsEnvironment(t *testing.T) {
	m := New(Options{})
	defer m.queue.end()
	dark := func(msgs ...tea.Msg) bool {
		var next tea.Model = m
		for _, msg := range msgs {
			next, _ = next.Update(msg)
		}
		return next.(Model).look.theme.Dark
	}
	light, black := tea.EnvMsg{"COLORFGBG=0;default;15"}, tea.EnvMsg{"COLORFGBG=15;0"}
	if !dark() || dark(light) || !dark(black) || dark(light, tea.ColorProfileMsg{Profile: colorprofile.ANSI256}) {
		t.Error("COLORFGBG is not kept to")
	}
	if !dark(light, tea.BackgroundColorMsg{Color: color.Black}) || dark(black, tea.BackgroundColorMsg{Color: color.White}) {
		t.Error("the terminal's answer does not come before its environment")
	}
}
