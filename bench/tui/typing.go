package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// settled is how long nothing is written by an application that is at rest.
const settled = 300 * time.Millisecond

// program is a cell of that many lines, the last of which is still being typed.
func program(lines int) string {
	var b strings.Builder
	for i := range lines - 1 {
		switch i % 4 {
		case 0:
			fmt.Fprintf(&b, "def function_%d(first, second=None):\n", i)
		case 1:
			b.WriteString("    '''What it does, é.'''\n")
		case 2:
			b.WriteString("    rows = {name: [len(v) for v in values] for name, values in first.items()}\n")
		default:
			fmt.Fprintf(&b, "    return f\"{rows!r} of {second}: {%d:.2f}\"  # all\n", i)
		}
	}
	return b.String() + "value = "
}

// typing measures from a key to its echo, in cells of several sizes.
func typing(ctx context.Context, m *measured) error {
	for _, lines := range []int{1, 200, 1000} {
		r := row{what: fmt.Sprintf("key to echo, cell of %d lines", lines), tail: true}
		if lines == 200 {
			r.reach = "≤ 8.3 ms, ratio ≤ 0.25"
		}
		bytes := row{what: fmt.Sprintf("bytes written for a key, cell of %d lines", lines), unit: "B"}
		for _, app := range m.apps[:3] {
			err := app.with(ctx, func(t *terminal) error {
				if err := fill(ctx, t, program(lines)); err != nil {
					return err
				}
				return m.type_(ctx, t, r, bytes, app.name, "xq")
			})
			if err != nil {
				return err
			}
		}
	}
	// A name that goes on and on keeps a popup with completions open.
	r := row{what: "key to echo, cell of 200 lines, popup open", tail: true, reach: "≤ 8.3 ms"}
	bytes := row{what: "bytes written for a key, popup open", unit: "B"}
	name := strings.Repeat("pu", burst)
	for _, app := range m.apps[:3] {
		if app.name == "IPython" {
			continue // it has none that opens by itself
		}
		err := app.with(ctx, func(t *terminal) error {
			if err := app.run(ctx, t, name+"_end = "+name+"_and = 1"); err != nil {
				return err
			}
			if err := fill(ctx, t, program(200)); err != nil {
				return err
			}
			return m.type_(ctx, t, r, bytes, app.name, "pu")
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func fill(ctx context.Context, t *terminal, text string) error {
	if _, err := t.press(ctx, paste(text), "what was pasted", func() bool {
		return strings.Contains(t.screen.String(), text[strings.LastIndexByte(text, '\n')+1:])
	}); err != nil {
		return err
	}
	return t.settle(ctx, settled)
}

// burst is how many letters are typed before they are erased again.
const burst = 20

// type_ types letters at the cursor and erases them, at a typist's uneven pace, which falls in step with no clock.
func (m *measured) type_(ctx context.Context, t *terminal, r, bytes row, app, letters string) error {
	before := t.count()
	keys := (m.keys + 2*burst - 1) / (2 * burst) * 2 * burst // all that is typed is erased
	for n := range keys {
		key := string(letters[n%len(letters)])
		if n%(2*burst) >= burst {
			key = backspace
		}
		took, err := t.echo(ctx, key)
		if err != nil {
			return err
		}
		m.add(r, app, milliseconds(took))
		time.Sleep(15*time.Millisecond + time.Duration(rand.Int64N(int64(30*time.Millisecond)))) //nolint:gosec // a pace, no secret
	}
	if bytes.what != "" {
		m.add(bytes, app, float64(t.count()-before)/float64(keys))
	}
	return nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// flooded measures from a key to its echo while a cell prints as fast as it can; only ours takes keys then.
func flooded(ctx context.Context, m *measured) error {
	app := m.apps[0]
	return app.with(ctx, func(t *terminal) error {
		none := row{}
		if err := m.type_(ctx, t, row{what: "key to echo, nothing runs", tail: true}, none, app.name, "xq"); err != nil {
			return err
		}
		for _, flood := range []struct{ what, cell string }{
			{"lines flood", `while True: print("%060d" % 7)`},
			{"coloured lines flood", `while True: print("\x1b[32mINFO\x1b[0m loss \x1b[1m.1\x1b[0m 漢")`},
			{"a progress bar floods", `while True: print("\r 42%|███▏   |", end="", flush=True)`},
		} {
			if err := fill(ctx, t, flood.cell); err != nil {
				return err
			}
			if _, err := t.press(ctx, "\r", "busy", func() bool { return strings.Contains(t.screen.String(), "busy 1") }); err != nil {
				return err
			}
			r := row{what: "key to echo, " + flood.what, tail: true, reach: "p99 < 25 ms"}
			if err := m.type_(ctx, t, r, none, app.name, "xq"); err != nil {
				return err
			}
			if _, err := t.press(ctx, "\x03", "the end of the flood", func() bool { return strings.Contains(t.screen.String(), "idle") }); err != nil {
				return err
			}
			if err := t.settle(ctx, settled); err != nil {
				return err
			}
		}
		return nil
	})
}
