// Program kernel measures the kernel beside ipykernel, protocol to protocol: each is started with the same
// interpreter and driven over its own sockets, in turns, and the medians stand in a table. It is no test of speed: it
// fails only when something does not run.
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
	"slices"
	"text/tabwriter"
	"time"
)

// rows are what is measured, in the order of each round. What is taken is in seconds or bytes.
var rows = []struct {
	name, what string
	unit       float64
	format     string
}{
	{"start", "start, until it can be sent a cell", 1e-3, "%.1f ms"},
	{"memory", "memory of it after a pass cell, resident", 1 << 20, "%.1f MiB"},
	{"pass", "a pass cell", 1e-3, "%.2f ms"},
	{"output", "first output of a cell that goes on", 1e-3, "%.2f ms"},
	{"attributes", "completion of np.", 1e-3, "%.2f ms"},
	{"names", "completion among 10,000 names", 1e-3, "%.2f ms"},
	{"interrupt", "interrupt of a busy loop", 1e-3, "%.2f ms"},
	{"lines", "200,000 lines", 1e-3, "%.0f ms"},
}

// The cells are the same on both sides.
const (
	setup   = "import numpy as np\nfor i in range(10_000): globals()[f'name_{i}'] = i\n"
	outputs = "print('first')\nimport time; time.sleep(0.02)"
	busy    = "print('runs')\nwhile True: pass"
	lines   = "for i in range(200_000): print('%060d' % i)"
)

// A subject is a kernel and what talks to it.
type subject interface {
	take(ctx context.Context, row string) (float64, error)
	close() error
}

func main() {
	python := flag.String("python", "/usr/bin/python3", "the `interpreter` of both; it has ipykernel, jupyter_client and numpy")
	rounds := flag.Int("rounds", 11, "how often each row is measured")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *python, *rounds, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "bench/kernel: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, python string, rounds int, out io.Writer) (err error) {
	ours, err := newOurs(ctx, python)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ours.close()) }()
	theirs, err := newTheirs(ctx, python)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, theirs.close()) }()

	var taken [2]map[string][]float64
	for side, subject := range []subject{ours, theirs} {
		taken[side] = map[string][]float64{}
		for _, row := range rows { // what a first time costs is not what is compared
			if _, err := measure(ctx, subject, row.name); err != nil {
				return err
			}
		}
	}
	var bare []float64
	for range rounds {
		took, err := bareStart(ctx, python)
		if err != nil {
			return err
		}
		bare = append(bare, took)
		for _, row := range rows {
			for side, subject := range []subject{ours, theirs} {
				value, err := measure(ctx, subject, row.name)
				if err != nil {
					return err
				}
				taken[side][row.name] = append(taken[side][row.name], value)
			}
		}
	}
	if err := report(out, taken[0], taken[1]); err != nil {
		return err
	}
	least := median(bare)
	_, err = fmt.Fprintf(out, "beside `python3 -c pass`, which takes %.1f ms, our start takes %.2f times as long until clients can connect, %.2f until it answers\n",
		least/1e-3, median(ours.ready)/least, median(taken[0]["start"])/least)
	return err
}

// bareStart takes the interpreter alone: what no kernel can start in less than.
func bareStart(ctx context.Context, python string) (float64, error) {
	begin := time.Now()
	err := exec.CommandContext(ctx, python, "-c", "pass").Run()
	return time.Since(begin).Seconds(), err
}

func measure(ctx context.Context, s subject, row string) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	value, err := s.take(ctx, row)
	if err != nil {
		return 0, fmt.Errorf("measure %s: %w", row, err)
	}
	return value, nil
}

func report(out io.Writer, ours, theirs map[string][]float64) error {
	table := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "medians\tsandrepl\tipykernel\tratio")
	for _, row := range rows {
		a, b := median(ours[row.name]), median(theirs[row.name])
		format := "%s\t" + row.format + "\t" + row.format + "\t%.3f\n"
		fmt.Fprintf(table, format, row.what, a/row.unit, b/row.unit, a/b)
	}
	return table.Flush()
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
