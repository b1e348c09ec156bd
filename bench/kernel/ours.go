package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"github.com/sandrepl/sandrepl/kernel"
)

// ours starts kernels from the archive, each in a folder of its own, and measures on the first.
type ours struct {
	python, root, archive string
	main                  *talk
	ready                 []float64 // how long each start took until the kernel could be connected to, seconds
}

func newOurs(ctx context.Context, python string) (*ours, error) {
	root, err := os.MkdirTemp("", "bench-kernel")
	if err != nil {
		return nil, err
	}
	o := &ours{python: python, root: root, archive: filepath.Join(root, "kernel-"+kernel.Hash()+".pyz")}
	err = os.WriteFile(o.archive, kernel.Archive(), 0o600)
	if err == nil {
		o.main, err = o.start(ctx)
	}
	if err == nil {
		err = o.main.run(ctx, setup, nil)
	}
	if err != nil {
		return nil, errors.Join(err, o.close())
	}
	return o, nil
}

func (o *ours) close() error {
	var err error
	if o.main != nil {
		err = o.main.end()
	}
	return errors.Join(err, os.RemoveAll(o.root))
}

func (o *ours) take(ctx context.Context, row string) (float64, error) {
	begin := time.Now()
	var err error
	switch row {
	case "start", "memory":
		return o.fresh(ctx, row)
	case "pass":
		err = o.main.run(ctx, "pass", nil)
	case "output":
		var took time.Duration
		err = o.main.run(ctx, outputs, func() error { took = time.Since(begin); return nil })
		return took.Seconds(), err
	case "attributes":
		err = o.main.complete(ctx, "np.", "zeros")
	case "names":
		err = o.main.complete(ctx, "name_", "name_0") // the reply has a thousand of them
	case "interrupt":
		err = o.main.run(ctx, busy, func() error {
			begin = time.Now()
			_, err := o.main.send(ctx, kernel.MethodInterrupt, struct{}{})
			return err
		})
	case "lines":
		o.main.lines = 0
		if err = o.main.run(ctx, lines, nil); err == nil && o.main.lines != 200_000 {
			err = fmt.Errorf("got %d lines", o.main.lines)
		}
	}
	return time.Since(begin).Seconds(), err
}

// fresh measures on a kernel of its own.
func (o *ours) fresh(ctx context.Context, row string) (float64, error) {
	begin := time.Now()
	t, err := o.start(ctx)
	took := time.Since(begin).Seconds()
	if err != nil {
		return 0, err
	}
	if row == "memory" {
		if err = t.run(ctx, "pass", nil); err == nil {
			took, err = resident(t.pid)
		}
	}
	return took, errors.Join(err, t.end())
}

// start is a start as clients do it: ensure, connect, hello.
func (o *ours) start(ctx context.Context) (*talk, error) {
	command := exec.CommandContext(ctx, o.python, "-c", kernel.Ensure, o.archive)
	command.Env = append(os.Environ(), "SANDREPL_DIR="+filepath.Join(o.root, uuid.NewString()))
	begin := time.Now()
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("start the kernel: %w: %s", err, out)
	}
	o.ready = append(o.ready, time.Since(begin).Seconds())
	at, err := kernel.ParseConnection(out)
	if err != nil {
		return nil, err
	}
	socket, _, err := websocket.Dial(ctx, "ws://"+net.JoinHostPort(at.Host, strconv.Itoa(at.Port))+"/", nil)
	if err != nil {
		return nil, errors.Join(err, syscall.Kill(at.PID, syscall.SIGKILL))
	}
	socket.SetReadLimit(-1)
	t := &talk{socket: socket, pid: at.PID}
	hello := map[string]any{"secret": at.Secret, "journal": at.Journal, "after": at.Last}
	data, err := json.Marshal(map[string]any{"method": "hello", "params": hello})
	if err == nil {
		err = socket.Write(ctx, websocket.MessageText, data)
	}
	if err == nil {
		_, _, err = socket.Read(ctx)
	}
	return t, err
}

// A talk is a connection to a kernel.
type talk struct {
	socket *websocket.Conn
	pid    int
	torn   []byte // the start of an event whose end has not come
	lines  int    // of output
}

func (t *talk) end() error {
	_ = t.socket.CloseNow()
	return syscall.Kill(t.pid, syscall.SIGKILL)
}

func (t *talk) send(ctx context.Context, method kernel.Method, params any) (id string, err error) {
	id = uuid.NewString()
	data, err := json.Marshal(map[string]any{"id": id, "method": method, "params": params})
	if err != nil {
		return "", err
	}
	return id, t.socket.Write(ctx, websocket.MessageText, data)
}

// run sends a cell and reads until the kernel is idle; printed, if any, is called at its first output.
func (t *talk) run(ctx context.Context, code string, printed func() error) error {
	id, err := t.send(ctx, kernel.MethodExecute, map[string]any{"code": code})
	for err == nil {
		var kind websocket.MessageType
		var data []byte
		if kind, data, err = t.socket.Read(ctx); err != nil || kind != websocket.MessageText {
			continue
		}
		whole := slices.Concat(t.torn, data)
		end := bytes.LastIndexByte(whole, '\n') + 1
		t.torn = slices.Clone(whole[end:])
		for line := range bytes.Lines(whole[:end]) {
			var event kernel.Event
			if event, err = kernel.ParseEvent(line); err != nil {
				return err
			}
			var idle bool
			if idle, err = t.read(event, id, &printed); idle || err != nil {
				return err
			}
		}
	}
	return err
}

func (t *talk) read(event kernel.Event, id string, printed *func() error) (idle bool, err error) {
	if event.Parent != id {
		return false, nil
	}
	body, err := event.Decode()
	if err != nil {
		return false, err
	}
	switch body := body.(type) {
	case kernel.Stream:
		t.lines += strings.Count(body.Text, "\n")
		if first := *printed; first != nil {
			*printed = nil
			return false, first()
		}
	case kernel.Status:
		return body.State == kernel.StateIdle, nil
	}
	return false, nil
}

func (t *talk) complete(ctx context.Context, code, wanted string) error {
	id, err := t.send(ctx, kernel.MethodComplete, kernel.CodeParams{Code: code, Cursor: len(code)})
	for err == nil {
		var kind websocket.MessageType
		var data []byte
		if kind, data, err = t.socket.Read(ctx); err != nil {
			break
		}
		if kind == websocket.MessageText { // what the last cell changed, which comes after its end
			t.torn = append(t.torn, data...)
			t.torn = t.torn[bytes.LastIndexByte(t.torn, '\n')+1:]
			continue
		}
		var reply kernel.Reply
		var content kernel.Completion
		if err = json.Unmarshal(data, &reply); err != nil || reply.To != id {
			continue
		}
		if err = json.Unmarshal(reply.Content, &content); err != nil {
			break
		}
		if !slices.ContainsFunc(content.Matches, func(m kernel.Match) bool { return m.Text == wanted }) {
			err = fmt.Errorf("%s is not among %d completions of %s: %s", wanted, len(content.Matches), code, content.Error)
		}
		return err
	}
	return err
}

func resident(pid int) (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kilobytes, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	value, err := strconv.ParseFloat(kilobytes, 64)
	return value * 1024, err
}
