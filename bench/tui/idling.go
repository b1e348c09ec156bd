package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const idleFor = 20 * time.Second

// idling measures what an application takes, and writes, while nobody does anything.
func idling(ctx context.Context, m *measured) error {
	for _, app := range m.apps[:2] {
		err := app.with(ctx, func(t *terminal) error {
			r := row{what: "processor while idle", unit: "%", reach: "< 0.2 %"}
			if err := m.idle(ctx, t, r, app.name); err != nil {
				return err
			}
			if app.name != ours {
				return nil
			}
			if err := app.run(ctx, t, "for i in range(3000): globals()[f'name_{i}'] = [i]"); err != nil {
				return err
			}
			r.what += ", 3,000 variables in the panel"
			return m.idle(ctx, t, r, app.name)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *measured) idle(ctx context.Context, t *terminal, r row, app string) error {
	if err := t.settle(ctx, 2*time.Second); err != nil {
		return err
	}
	before, err := ran(t.command.Process.Pid)
	if err != nil {
		return err
	}
	begin, wrote := time.Now(), t.count()
	select {
	case <-time.After(idleFor):
	case <-ctx.Done():
		return ctx.Err()
	}
	after, err := ran(t.command.Process.Pid)
	m.add(r, app, 100*(after-before).Seconds()/time.Since(begin).Seconds())
	r.what, r.unit, r.reach = "bytes written, "+r.what, "B", "0"
	m.add(r, app, float64(t.count()-wrote))
	return err
}

// ran is how long the process's threads have run. /proc/PID/stat says it too, to a hundredth of a second.
func ran(pid int) (sum time.Duration, err error) {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(threads) == 0 {
		return 0, fmt.Errorf("no threads of process %d", pid)
	}
	for _, thread := range threads {
		text, err := os.ReadFile(thread)
		if err != nil {
			return 0, err
		}
		n, err := strconv.ParseInt(strings.Fields(string(text))[0], 10, 64)
		if err != nil {
			return 0, err
		}
		sum += time.Duration(n)
	}
	return sum, nil
}
