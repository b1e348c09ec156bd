// Program tui measures the terminal application beside IPython, ptpython and jupyter console: each is the real thing in a
// pseudo-terminal, and gets the same keys. It is no test of speed: it fails only when something does not run.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// sections are what is measured, in order.
var sections = []struct {
	name string
	take func(context.Context, *measured) error
}{
	{"typing", typing},
	{"flood", flooded},
	{"start", starting},
	{"lines", printing},
	{"idle", idling},
}

func main() {
	binary := flag.String("binary", "", "the sandrepl to measure; built from here when empty")
	only := flag.String("only", "", "the `sections` to measure, comma-separated: typing, flood, start, lines, idle")
	keys := flag.Int("keys", 200, "how many keys are pressed for each row")
	runs := flag.Int("runs", 9, "how often each application is started")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *binary, strings.FieldsFunc(*only, func(r rune) bool { return r == ',' }), *keys, *runs, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "bench/tui: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, binary string, only []string, keys, runs int, out io.Writer) (err error) {
	home, err := os.MkdirTemp("", "bench-tui")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(home)) }()
	if binary == "" {
		binary = filepath.Join(home, "sandrepl")
		if err := build(ctx, binary); err != nil {
			return err
		}
	}
	m := &measured{apps: applications(home, binary), keys: keys, runs: runs, taken: map[taken][]float64{}}
	stop := m.apps[0].command(context.WithoutCancel(ctx), "stop")
	defer func() {
		if out, failed := stop.CombinedOutput(); failed != nil {
			err = errors.Join(err, fmt.Errorf("sandrepl stop: %w\n%s", failed, out))
		}
	}()
	// The first start makes its background server, and every application its folders.
	for _, app := range m.apps {
		if err := app.with(ctx, func(*terminal) error { return nil }); err != nil {
			return err
		}
	}
	for _, section := range sections {
		if len(only) > 0 && !slices.Contains(only, section.name) {
			continue
		}
		began := time.Now()
		if err := section.take(ctx, m); err != nil {
			return errors.Join(fmt.Errorf("measure %s: %w", section.name, err), m.report(out))
		}
		fmt.Fprintf(os.Stderr, "%s took %s; load %s\n", section.name, time.Since(began).Round(time.Second), load())
	}
	return m.report(out)
}

// build makes the binary as users get it.
func build(ctx context.Context, to string) error {
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", to, ".")
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("build sandrepl (bench/tui is run from the module's folder): %w\n%s", err, out)
	}
	return nil
}

// load is what else the machine does: how many programs want to run, over the last minute.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(text), " ")
	return first
}
