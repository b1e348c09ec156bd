package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/session"
)

// BenchmarkCell is the round trip of a cell that does nothing, in a namespace that is already there.
func BenchmarkCell(b *testing.B) {
	b.Run("connect", func(b *testing.B) { benchmarkCell(b, session.Connect) })
	b.Run("poll", func(b *testing.B) { benchmarkCell(b, session.Poll) })
	b.Run("spawn", benchmarkSpawn)
	b.Run("ipykernel", func(b *testing.B) { ipykernel(b, "pass") })
}

// BenchmarkFirstResult is the time from an id that was never used to its first result, on a server that runs.
func BenchmarkFirstResult(b *testing.B) {
	b.Run("sandrepl", benchmarkFirstResult)
	b.Run("ipykernel", func(b *testing.B) { ipykernel(b, "first") })
}

func open(ctx context.Context, transport session.Transport) (*session.Session, error) {
	return session.Open(ctx, session.Options{Worker: client.Options{URL: serverURL}, Transport: transport})
}

func benchmarkCell(b *testing.B, transport session.Transport) {
	s, err := open(b.Context(), transport)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	pass := func(ctx context.Context) (time.Duration, error) {
		begin := time.Now()
		result, err := s.Run(ctx, "pass")
		if err == nil && result.Status != session.OK {
			err = fmt.Errorf("the cell ended with %s", result.Status)
		}
		return time.Since(begin), err
	}
	if _, err := pass(b.Context()); err != nil { // the startup is not a cell's
		b.Fatal(err)
	}
	measure(b, pass)
}

// benchmarkSpawn is what a client without a kernel does: write the cell as a script, and run it.
func benchmarkSpawn(b *testing.B) {
	c, err := client.New(client.Options{URL: serverURL})
	if err != nil {
		b.Fatal(err)
	}
	id := session.NewSandboxID()
	measure(b, func(ctx context.Context) (time.Duration, error) {
		begin := time.Now()
		if err := c.Write(ctx, id, "/tmp/cell.py", "pass\n"); err != nil {
			return 0, err
		}
		result, err := c.Exec(ctx, id, "python3 /tmp/cell.py")
		if err == nil && result.ExitCode != 0 {
			err = fmt.Errorf("python3: %s", result.Stderr)
		}
		return time.Since(begin), err
	})
}

func benchmarkFirstResult(b *testing.B) {
	c, err := client.New(client.Options{URL: serverURL})
	if err != nil {
		b.Fatal(err)
	}
	measure(b, func(ctx context.Context) (time.Duration, error) {
		begin := time.Now()
		s, err := open(ctx, session.Connect)
		if err != nil {
			return 0, err
		}
		result, err := s.Run(ctx, "1 + 1")
		took := time.Since(begin)
		if err == nil && result.Value != "2" {
			err = fmt.Errorf("1 + 1 gave %q, %s", result.Value, result.Status)
		}
		s.Close()
		return took, errors.Join(err, c.Destroy(ctx, s.Info().SandboxID))
	})
}

// ipykernel measures by time_ipykernel.py: it has the clock, so that talking to it costs its kernel nothing.
func ipykernel(b *testing.B, what string) {
	command := exec.CommandContext(b.Context(), "/usr/bin/python3", "time_ipykernel.py")
	in, err := command.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	var said strings.Builder
	command.Stderr = &said
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		_ = in.Close()
		_, _ = io.Copy(io.Discard, out)
		if err := command.Wait(); err != nil {
			b.Errorf("time_ipykernel.py: %v (Debian: apt-get install python3-ipykernel)\n%s", err, said.String())
		}
	}()
	lines := bufio.NewScanner(out)
	once := func(context.Context) (time.Duration, error) {
		if _, err := fmt.Fprintln(in, what); err != nil {
			return 0, err
		}
		if !lines.Scan() {
			return 0, errors.New("time_ipykernel.py ended early")
		}
		seconds, err := strconv.ParseFloat(lines.Text(), 64)
		return time.Duration(seconds * float64(time.Second)), err
	}
	if _, err := once(b.Context()); err != nil {
		b.Fatal(err)
	}
	measure(b, once)
}
