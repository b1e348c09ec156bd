//go:build linux || darwin

package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/sandrepl/sandrepl/client"
)

const (
	// maxOutput is what is kept of a command's stdout, and of its stderr.
	maxOutput = 32 << 20
	// maxArgument is a little under what Linux takes as one argument (MAX_ARG_STRLEN, with its NUL).
	maxArgument = 128<<10 - 1
	// outputGrace is how long output is awaited after the command ended, when something it left behind holds its pipes.
	outputGrace = 300 * time.Millisecond
)

// findShell prefers bash, as clients of the Worker API do.
func findShell() string {
	for _, path := range []string{"/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash"} {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	if path, err := exec.LookPath("bash"); err == nil {
		return path
	}
	return "/bin/sh"
}

func (s *initServer) exec(w http.ResponseWriter, r *http.Request) {
	var request client.ExecRequest
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
		refuse(http.StatusBadRequest, "the request is not JSON: %v", err).write(w)
		return
	}
	// Reading to the end lets the HTTP server watch for a client that gives up.
	_, _ = io.Copy(io.Discard, r.Body)
	result, err := s.run(r.Context(), request.Command)
	if err != nil {
		refuse(http.StatusInternalServerError, "run the command: %v", err).write(w)
		return
	}
	reply(w, http.StatusOK, result)
}

// run executes a shell command; when ctx ends first, so does the command with its whole group.
func (s *initServer) run(ctx context.Context, command string) (*client.ExecResponse, error) {
	argv, script, err := s.arguments(command)
	if err != nil {
		return nil, err
	}
	if script != nil {
		defer func() { _ = script.Close() }()
	}
	nothing, err := os.Open(os.DevNull)
	if err != nil {
		return nil, err
	}
	defer func() { _ = nothing.Close() }()
	stdout, err := newCapture()
	if err != nil {
		return nil, err
	}
	stderr, err := newCapture()
	if err != nil {
		return nil, errors.Join(err, stdout.abandon())
	}
	files := []*os.File{nothing, stdout.write, stderr.write}
	if script != nil {
		files = append(files, script)
	}
	process, err := s.spawn.start(argv, s.config.Environment, files)
	stdout.begin()
	stderr.begin()
	if err != nil {
		return nil, explainFork(err)
	}
	stop := context.AfterFunc(ctx, process.kill)
	status := <-process.exit
	stop()
	return result(status, stdout, stderr), nil
}

// arguments runs a command of any size: one too large for an argument is read from an unnamed file.
func (s *initServer) arguments(command string) ([]string, *os.File, error) {
	if len(command) <= maxArgument {
		return []string{s.shell, "-c", command}, nil, nil
	}
	script, err := os.CreateTemp(s.config.Tmp, ".command-*")
	if err != nil {
		return nil, nil, fmt.Errorf("store a large command: %w", err)
	}
	err = errors.Join(os.Remove(script.Name()), storeCommand(script, command))
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("store a large command: %w", err), script.Close())
	}
	return []string{s.shell, "-c", ". /dev/fd/3"}, script, nil
}

// storeCommand puts the descriptor's end first, so that the command's own processes do not inherit it.
func storeCommand(script *os.File, command string) error {
	if _, err := io.WriteString(script, "exec 3<&-\n"+command); err != nil {
		return err
	}
	_, err := script.Seek(0, io.SeekStart)
	return err
}

func explainFork(err error) error {
	if errors.Is(err, syscall.EAGAIN) {
		return fmt.Errorf("%w: the sandbox has as many processes as it may: end some, or destroy it", err)
	}
	return err
}

func result(status syscall.WaitStatus, stdout, stderr *capture) *client.ExecResponse {
	grace, cancel := context.WithTimeout(context.Background(), outputGrace)
	defer cancel()
	out, outCut := stdout.take(grace)
	errs, errsCut := stderr.take(grace)
	if outCut {
		errs += cutNotice("stdout")
	}
	if errsCut {
		errs += cutNotice("stderr")
	}
	code := status.ExitStatus()
	if status.Signaled() {
		code = 128 + int(status.Signal())
	}
	return &client.ExecResponse{Stdout: out, Stderr: errs, ExitCode: code, Success: code == 0}
}

func cutNotice(stream string) string {
	return fmt.Sprintf("\n[%s was cut: a command's reply holds its first %d MiB; redirect the rest to a file]\n", stream, maxOutput>>20)
}

// capture reads one of a command's outputs. What comes after it was taken, from a process left in the
// background, is read and dropped, so that writing does not kill that process.
type capture struct {
	write *os.File
	read  *os.File
	ended chan struct{}

	mu    sync.Mutex
	kept  []byte
	cut   bool
	taken bool
}

func newCapture() (*capture, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	return &capture{read: read, write: write, ended: make(chan struct{})}, nil
}

func (c *capture) abandon() error { return errors.Join(c.read.Close(), c.write.Close()) }

// begin reads from here on; the writing end is the command's alone.
func (c *capture) begin() {
	_ = c.write.Close()
	go func() {
		defer close(c.ended)
		defer func() { _ = c.read.Close() }()
		buffer := make([]byte, 64<<10)
		for {
			n, err := c.read.Read(buffer)
			c.keep(buffer[:n])
			if err != nil {
				return
			}
		}
	}()
}

func (c *capture) keep(chunk []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.taken {
		return
	}
	if room := maxOutput - len(c.kept); len(chunk) > room {
		chunk, c.cut = chunk[:room], true
	}
	c.kept = append(c.kept, chunk...)
}

// take gives what was written until the output ended or grace did.
func (c *capture) take(grace context.Context) (text string, cut bool) {
	select {
	case <-c.ended:
	case <-grace.Done():
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	text, cut = strings.ToValidUTF8(string(c.kept), "\uFFFD"), c.cut
	c.taken, c.kept = true, nil
	return text, cut
}
