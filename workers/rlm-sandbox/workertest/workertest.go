// Package workertest runs the Worker for Go's tests: in workerd, Cloudflare's runtime, with the SDK's own Durable Object, on
// top of containers that are sandboxes of an embedded server (test/standin says how). It needs what `npm ci` installs and no
// account, Docker or Node. It is for tests alone.
package workertest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// M runs a test binary's tests, and then ends the Worker that they started.
type M struct{ *testing.M }

// Run is [testing.M.Run].
func (m M) Run() int {
	code := m.M.Run()
	shared.Lock()
	defer shared.Unlock()
	if shared.worker == nil {
		return code
	}
	if err := shared.worker.end(); err != nil {
		fmt.Fprintln(os.Stderr, "end the Worker:", err)
		return max(code, 1)
	}
	return code
}

// shared is the test binary's one Worker.
var shared struct {
	sync.Mutex
	worker *worker
	err    error
}

// Through is the URL of a Worker whose containers are the sandboxes of the embedded server at a URL of loopback, and whose
// AUTH_TOKEN is token ("" for none). The first call starts it. Where the Worker's packages are not installed there is
// none, which the test's log says; with CI set that fails the test.
func Through(t testing.TB, server, token string) (workerURL string, ok bool) {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.worker == nil && shared.err == nil {
		shared.worker, shared.err = start()
	}
	switch {
	case errors.Is(shared.err, errNotInstalled) && os.Getenv("CI") == "":
		t.Log(shared.err)
		return "", false
	case shared.err != nil:
		t.Fatal(shared.err)
	}
	upstream, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	if token == "" {
		token = "-"
	}
	return fmt.Sprintf("http://127.0.0.1:%d/%s/%s", shared.worker.port, upstream.Port(), token), true
}

var errNotInstalled = errors.New("nothing runs through the Worker here: install its packages by `npm ci` in workers/rlm-sandbox (it needs Node 18 or later)")

// worker is a workerd that serves the stand-in.
type worker struct {
	port int
	end  func() error
}

func start() (_ *worker, err error) {
	home, err := moduleRoot()
	if err != nil {
		return nil, err
	}
	home = filepath.Join(home, "workers", "rlm-sandbox")
	esbuild, err := native(home, "@esbuild", "*", "bin", "esbuild")
	if err != nil {
		return nil, err
	}
	workerd, err := native(home, "@cloudflare", "workerd-*", "bin", "workerd")
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "worker")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(folder))
		}
	}()
	bundle := exec.Command(esbuild, filepath.Join(home, "test", "standin", "embedded.ts"), "--bundle", "--format=esm",
		"--external:node:*", "--external:cloudflare:*", "--log-level=warning", "--outfile="+filepath.Join(folder, "worker.js"))
	if out, err := bundle.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("bundle the Worker: %w\n%s", err, out)
	}
	config, err := os.ReadFile(filepath.Join(home, "workertest", "worker.capnp"))
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "worker.capnp"), config, 0o600)
	}
	if err == nil {
		err = os.Mkdir(filepath.Join(folder, "storage"), 0o700)
	}
	if err != nil {
		return nil, fmt.Errorf("prepare the Worker: %w", err)
	}
	port, end, err := serve(workerd, folder)
	if err != nil {
		return nil, err
	}
	return &worker{port, end}, nil
}

// serve runs workerd until end is called or this process is gone, however that came: a shell waits for the end of its
// input, which is ours, ends workerd then, and removes the folder.
func serve(workerd, folder string) (port int, end func() error, err error) {
	says, control, err := os.Pipe()
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = says.Close() }()
	command := exec.Command("sh", "-c", `folder=$1; shift; "$@" & exec 3>&-; cat >/dev/null; kill $!; wait $!; rm -rf "$folder"`, "sh",
		folder, workerd, "serve", "--control-fd=3", "--directory-path=storage="+filepath.Join(folder, "storage"), filepath.Join(folder, "worker.capnp"))
	var log bytes.Buffer
	command.Stderr, command.ExtraFiles = &log, []*os.File{control}
	alive, err := command.StdinPipe()
	if err == nil {
		err = command.Start()
	}
	err = errors.Join(err, control.Close())
	if err != nil {
		return 0, nil, fmt.Errorf("start workerd: %w", err)
	}
	end = func() error { return errors.Join(alive.Close(), command.Wait()) }
	if err := says.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		return 0, nil, errors.Join(err, end())
	}
	line, err := bufio.NewReader(says).ReadBytes('\n')
	var event struct {
		Port int `json:"port"`
	}
	if err == nil {
		err = json.Unmarshal(line, &event)
	}
	if err != nil {
		err = errors.Join(err, end())
		return 0, nil, fmt.Errorf("start workerd: %w\n%s", err, log.Bytes())
	}
	return event.Port, end, nil
}

// native finds a program that npm installed for this platform; the scripts beside it would need Node.
func native(home string, pattern ...string) (string, error) {
	found, err := filepath.Glob(filepath.Join(append([]string{home, "node_modules"}, pattern...)...))
	if err != nil || len(found) == 0 {
		return "", errNotInstalled
	}
	return found[0], nil
}

// moduleRoot is the folder of go.mod, above the package whose test this is.
func moduleRoot() (string, error) {
	folder, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
		if folder == filepath.Dir(folder) {
			return "", errors.New("no go.mod above this test's folder")
		}
		folder = filepath.Dir(folder)
	}
	return "", err
}
