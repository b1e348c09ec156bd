package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A cell that prints a million lines. Its value shows that it is over; the cell's own text does not hold it.
const (
	million = 1_000_000
	lines   = `[print("%060d" % i) for i in range(1_000_000)] and "fin" + "ished"`
)

// printing measures a million lines: until the next prompt, then the way through them, and what they take.
func printing(ctx context.Context, m *measured) error {
	prompt := row{what: "1,000,000 lines, until the next prompt", reach: "ratio < 1"}
	for _, app := range m.apps {
		err := app.with(ctx, func(t *terminal) error {
			if err := fill(ctx, t, lines); err != nil {
				return err
			}
			t.emulate(app.name == ours)
			took, err := t.sends(ctx, "\r", "'finished'", app.idle)
			if err != nil {
				return err
			}
			m.add(prompt, app.name, milliseconds(took))
			if app.name != ours {
				return nil
			}
			if err := t.settle(ctx, settled); err != nil {
				return err
			}
			if err := m.memory(t, row{what: "resident after 1,000,000 lines", unit: "MiB", reach: "< 120 MiB"}); err != nil {
				return err
			}
			if err := m.reading(ctx, t); err != nil {
				return err
			}
			return m.memory(t, row{what: "resident after reading in them", unit: "MiB", reach: "< 120 MiB"})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// memory takes what the application's process has in memory.
func (m *measured) memory(t *terminal, r row) error {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", t.command.Process.Pid))
	if err != nil {
		return err
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	number := strings.Fields(rest)
	if len(number) == 0 {
		return fmt.Errorf("no VmRSS in %s", status)
	}
	kib, err := strconv.Atoi(number[0])
	m.add(r, ours, float64(kib)/1024)
	return err
}

// What moves in the transcript.
const (
	pageUp, pageDown = "\x1b[5~", "\x1b[6~"
	toTop, toEnd     = "\x1b[1;3H", "\x1b[1;3F"
	find             = "\x1b/"
	browse, unfold   = "\x0f", "l"
)

var printed = regexp.MustCompile(`\b0{50,}(\d+)\b`)

// shown are the numbers of the lines on the screen: of some of them, in order, or none while a frame is half drawn.
func (t *terminal) shown() (first, last int, whole bool) {
	all := printed.FindAllStringSubmatch(t.screen.String(), -1)
	for i, found := range all {
		n, _ := strconv.Atoi(found[1])
		if i == 0 {
			first, last = n, n-1
		}
		if n != last+1 {
			return 0, 0, false
		}
		last = n
	}
	return first, last, len(all) > 0
}

// reading measures from a key to the frame that it brings.
func (m *measured) reading(ctx context.Context, t *terminal) error {
	frame := func(r row, keys string, is func(first, last int) bool) error {
		t.mu.Lock()
		was, _, whole := t.shown()
		t.mu.Unlock()
		if !whole {
			was = -1
		}
		took, err := t.press(ctx, keys, r.what, func() bool {
			first, last, whole := t.shown()
			return whole && first != was && is(first, last)
		})
		if err != nil {
			return err
		}
		m.add(r, ours, milliseconds(took))
		return t.settle(ctx, 30*time.Millisecond)
	}
	any := func(int, int) bool { return true }
	if err := frame(row{what: "unfolding 1,000,000 lines"}, browse+unfold, any); err != nil {
		return err
	}
	if _, err := t.press(ctx, browse+toEnd, "the end", func() bool { _, last, _ := t.shown(); return last == million-1 }); err != nil {
		return err
	}
	scroll := row{what: "scrolling by a page in 1,000,000 lines", tail: true, reach: "≤ 16.7 ms"}
	for range m.keys / 2 {
		if err := frame(scroll, pageUp, any); err != nil {
			return err
		}
	}
	for range m.keys / 4 {
		if err := frame(scroll, pageDown, any); err != nil {
			return err
		}
	}
	jump := row{what: "jumping from end to top and back", tail: true, reach: "≤ 16.7 ms"}
	for range m.keys / 4 {
		if err := frame(jump, toTop, func(first, _ int) bool { return first == 0 }); err != nil {
			return err
		}
		if err := frame(jump, toEnd, func(_, last int) bool { return last == million-1 }); err != nil {
			return err
		}
	}
	return m.searching(ctx, t)
}

// searching looks for what stands in the middle, key by key, until all of its places are known.
func (m *measured) searching(ctx context.Context, t *terminal) error {
	key := row{what: "searching 1,000,000 lines, a key of what is looked for", tail: true, reach: "≤ 16.7 ms"}
	all := row{what: "searching 1,000,000 lines, until all places are counted"}
	shows := func(text string) func() bool {
		return func() bool { return strings.Contains(t.screen.String(), text) }
	}
	if _, err := t.press(ctx, find, "the search", shows("/▏")); err != nil {
		return err
	}
	const text = "0777777"
	for range 4 {
		var took time.Duration
		for n := 1; n <= len(text); n++ {
			var err error
			if took, err = t.press(ctx, text[n-1:n], "the text that is looked for", shows("/"+text[:n]+"▏")); err != nil {
				return err
			}
			m.add(key, ours, milliseconds(took))
			time.Sleep(30 * time.Millisecond)
		}
		begin := time.Now()
		at, err := t.await(ctx, "1 of 1 lines · ")
		if err != nil {
			return err
		}
		m.add(all, ours, milliseconds(at.Sub(begin)+30*time.Millisecond+took))
		for n := len(text) - 1; n >= 0; n-- {
			if took, err = t.press(ctx, backspace, "the text that is looked for", shows("/"+text[:n]+"▏")); err != nil {
				return err
			}
			m.add(key, ours, milliseconds(took))
			time.Sleep(30 * time.Millisecond)
		}
	}
	return nil
}
