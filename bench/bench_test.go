package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"text/tabwriter"
	"time"
)

// The two things that every benchmark here needs: the binary, and its server.
var (
	binary    string
	serverURL string
)

// taken are the times that benchmarks measured, by their names.
var taken = map[string][]time.Duration{}

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return fail(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	binary = filepath.Join(dir, "sandrepl")
	if err := build(binary); err != nil {
		return fail(err)
	}
	stop, err := serve(filepath.Join(dir, "state"))
	if err != nil {
		return fail(err)
	}
	code := m.Run()
	if err := stop(); err != nil {
		return fail(err)
	}
	if len(taken) > 0 {
		report(os.Stdout)
	}
	return code
}

func fail(err error) int {
	fmt.Fprintf(os.Stderr, "bench: %v\n", err)
	return 1
}

// build makes the binary as users get it.
func build(to string) error {
	command := exec.Command("go", "build", "-trimpath", "-o", to, "..")
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("build sandrepl: %w\n%s", err, out)
	}
	return nil
}

// serve runs the embedded server in a process of its own, and returns how to end it with its sandboxes.
func serve(state string) (stop func() error, err error) {
	command := exec.Command(binary, "serve", "--listen", "127.0.0.1:0", "--state-dir", state)
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read the server's address: %w", err), command.Process.Kill(), command.Wait())
	}
	_, serverURL, _ = strings.Cut(strings.TrimSpace(line), "serves ")
	return func() error {
		remove := exec.Command(binary, "rm", "--all", "--worker-url", serverURL)
		remove.Stderr = os.Stderr
		err := remove.Run()
		return errors.Join(err, command.Process.Signal(syscall.SIGTERM), command.Wait())
	}, nil
}

// measure calls once for every round of the benchmark; it returns the time that counts.
func measure(b *testing.B, once func(context.Context) (time.Duration, error)) {
	b.Helper()
	var times []time.Duration
	for b.Loop() {
		d, err := once(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		times = append(times, d)
	}
	slices.Sort(times)
	taken[strings.TrimPrefix(b.Name(), "Benchmark")] = times
	b.ReportMetric(milliseconds(median(times)), "median-ms")
	b.ReportMetric(milliseconds(times[len(times)*95/100]), "p95-ms")
	b.ReportMetric(0, "ns/op") // it has what is outside of the clock too
}

func median(sorted []time.Duration) time.Duration { return sorted[len(sorted)/2] }

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// compared are the table's rows: ours, what it stands beside, and the ratio to reach.
var compared = []struct {
	what, ours, peer, reach string
}{
	{"a pass cell, connect / ipykernel", "Cell/connect", "Cell/ipykernel", "≤ 0.25"},
	{"a pass cell, connect / write and spawn", "Cell/connect", "Cell/spawn", "≤ 0.10"},
	{"a pass cell, poll / ipykernel", "Cell/poll", "Cell/ipykernel", ""},
	{"a pass cell, poll / write and spawn", "Cell/poll", "Cell/spawn", ""},
	{"first result in a new sandbox / in a new ipykernel", "FirstResult/sandrepl", "FirstResult/ipykernel", "ours < 250 ms"},
}

// report prints the table; a row whose benchmarks were not both run is left out.
func report(out io.Writer) {
	table := tabwriter.NewWriter(out, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\nmedians\tsandrepl\tpeer\tratio\tto reach\t")
	for _, row := range compared {
		ours, peer := taken[row.ours], taken[row.peer]
		if len(ours) == 0 || len(peer) == 0 {
			continue
		}
		a, b := median(ours), median(peer)
		fmt.Fprintf(table, "%s\t%.2f ms\t%.2f ms\t%.3f\t%s\t\n", row.what, milliseconds(a), milliseconds(b), float64(a)/float64(b), row.reach)
	}
	_ = table.Flush()
}
