package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCtrlCEmptiesTheLine(t *testing.T) {
	k := &keyFilter{from: strings.NewReader("abc\x03def\x03")}
	got, err := io.ReadAll(k)
	if want := "abc" + emptyLine; err != nil || string(got) != want || !k.interrupted.Load() {
		t.Errorf("%q, %v, interrupted: %v", got, err, k.interrupted.Load())
	}
}

func TestEarlierLines(t *testing.T) {
	var e earlierLines
	for _, line := range []string{"a", "", "b", "b", "a"} {
		e.Add(line)
	}
	if diff := cmp.Diff(earlierLines{"a", "b", "a"}, e); diff != "" || e.At(0) != "a" || e.At(1) != "b" {
		t.Error(diff)
	}
}

// TestAnInterruptDropsNoLineThatComesAfterIt: the terminal itself drops the one that was being typed.
func TestAnInterruptDropsNoLineThatComesAfterIt(t *testing.T) {
	in, out := io.Pipe()
	l := &lineReader{in: bufio.NewReader(in)}
	seen := make(chan os.Signal, 1) // each is dispatched to all that want it before the next is sent
	signal.Notify(seen, os.Interrupt)
	defer signal.Stop(seen)
	interrupt := func() error {
		done := make(chan error, 1)
		go func() {
			_, err := l.read(context.Background())
			done <- err
		}()
		for {
			_ = syscall.Kill(os.Getpid(), syscall.SIGINT)
			<-seen
			select {
			case err := <-done:
				return err
			case <-time.After(100 * time.Millisecond): // it did not listen yet
			}
		}
	}
	if err := interrupt(); !errors.Is(err, errInterrupted) {
		t.Fatal(err)
	}
	go func() { _, _ = io.WriteString(out, "1 + 1\n") }()
	if line, err := l.read(context.Background()); line != "1 + 1\n" || err != nil {
		t.Errorf("%q, %v", line, err)
	}
	if err := interrupt(); !errors.Is(err, errInterrupted) {
		t.Fatal(err)
	}
	if err := interrupt(); errors.Is(err, errInterrupted) {
		t.Error("a second interrupt does not leave")
	}
	_ = out.Close()
	<-l.pending
}
