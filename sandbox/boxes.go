package sandbox

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/sandrepl/sandrepl/client"
)

// boxes are the sandboxes of one state folder, each made at its first use and made once.
type boxes struct {
	dir    string
	launch launcher
	log    *slog.Logger

	mu  sync.Mutex
	all map[string]*entry
}

// entry is a sandbox or one in the making; box and err are set when ready is closed.
type entry struct {
	ready chan struct{}
	box   *box
	err   error
}

const removedPrefix = "removed-"

// openBoxes adopts what is alive in dir and removes what is not.
func openBoxes(dir string, launch launcher, log *slog.Logger) (*boxes, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the sandboxes' folder: %w", err)
	}
	folders, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("look for sandboxes: %w", err)
	}
	b := &boxes{dir: dir, launch: launch, log: log, all: map[string]*entry{}}
	for _, folder := range folders {
		path := filepath.Join(dir, folder.Name())
		box, err := adopt(path)
		if err != nil {
			log.Info("sandbox is gone", "folder", path, "reason", err)
			if err := b.discard(path); err != nil {
				log.Error("sandbox's files not removed", "error", err)
			}
			continue
		}
		e := &entry{ready: make(chan struct{}), box: box}
		close(e.ready)
		b.all[box.ID] = e
		go b.watch(e)
	}
	return b, nil
}

// wish is what a request asks of a sandbox beside its id.
type wish struct {
	existing bool   // one that is there, or none
	python   string // the interpreter that a new one gets; "" is the server's
}

var errNoPython = errors.New("the Python that it is to have cannot be used")

var errNoSandbox = errors.New("there is none, and one that exists was asked for")

// use gives the sandbox, made now if there is none.
func (b *boxes) use(ctx context.Context, id string, w wish) (*box, error) {
	b.mu.Lock()
	e, ok := b.all[id]
	if !ok && !w.existing {
		e = &entry{ready: make(chan struct{})}
		b.all[id] = e
		go b.make(id, w.python, e) // on its own: a client that gives up must not break it for others
	}
	b.mu.Unlock()
	if e == nil {
		return nil, errNoSandbox
	}
	return e.wait(ctx)
}

func (e *entry) wait(ctx context.Context) (*box, error) {
	select {
	case <-e.ready:
		return e.box, e.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (b *boxes) make(id, python string, e *entry) {
	var launch launcher
	if launch, e.err = b.launch.with(python); e.err != nil {
		e.err = fmt.Errorf("%w: %w", errNoPython, e.err)
	} else {
		e.box, e.err = launch.create(id, b.folder(id))
	}
	if e.err != nil {
		b.forget(id, e)
		e.err = errors.Join(e.err, b.discard(b.folder(id)))
	}
	close(e.ready)
	if e.err == nil {
		b.watch(e)
	}
}

// watch waits until the sandbox's init is gone, for whatever reason, and cleans up after it.
func (b *boxes) watch(e *entry) {
	if released := e.box.wait(); released {
		return
	}
	if err := b.discard(e.box.dir); err != nil {
		b.log.Error("sandbox's files not removed", "sandbox", e.box.ID, "error", err)
	}
	b.forget(e.box.ID, e)
	close(e.box.cleaned)
}

func (b *boxes) forget(id string, e *entry) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.all[id] == e {
		delete(b.all, id)
	}
}

// destroy ends a sandbox and returns when its files are gone. One that is not there is as good as destroyed.
func (b *boxes) destroy(ctx context.Context, id string) error {
	b.mu.Lock()
	e, ok := b.all[id]
	b.mu.Unlock()
	if !ok {
		return nil
	}
	box, err := e.wait(ctx)
	if err != nil {
		return err
	}
	return box.destroy(ctx)
}

func (b *boxes) destroyAll(ctx context.Context) error {
	var errs []error
	for _, id := range b.ids() {
		if err := b.destroy(ctx, id); err != nil {
			errs = append(errs, fmt.Errorf("destroy sandbox %q: %w", id, err))
		}
	}
	return errors.Join(errs...)
}

func (b *boxes) list(ctx context.Context) []client.SandboxInfo {
	infos := []client.SandboxInfo{}
	for _, id := range b.ids() {
		b.mu.Lock()
		e, ok := b.all[id]
		b.mu.Unlock()
		if !ok {
			continue
		}
		if box, err := e.wait(ctx); err == nil {
			infos = append(infos, box.info(ctx))
		}
	}
	slices.SortFunc(infos, func(x, y client.SandboxInfo) int {
		return cmp.Or(cmp.Compare(x.Created, y.Created), strings.Compare(x.ID, y.ID))
	})
	return infos
}

func (b *boxes) ids() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	ids := make([]string, 0, len(b.all))
	for id := range b.all {
		ids = append(ids, id)
	}
	return ids
}

func (b *boxes) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.all)
}

// ofOther finds a sandbox, left by an earlier server, that is not kept apart in the way given.
func (b *boxes) ofOther(isolation Isolation) (id string, found bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, e := range b.all {
		if e.box.Isolated != (isolation == Namespaces) {
			return id, true
		}
	}
	return "", false
}

// release lets go of the sandboxes, alive, once those in the making are made.
func (b *boxes) release() {
	for _, id := range b.ids() {
		b.mu.Lock()
		e, ok := b.all[id]
		b.mu.Unlock()
		if !ok {
			continue
		}
		if box, err := e.wait(context.Background()); err == nil {
			box.release()
		}
	}
}

// folder is named by a hash: an id may be "..", and a unix socket's path must be short.
func (b *boxes) folder(id string) string {
	sum := sha256.Sum256([]byte(id))
	return filepath.Join(b.dir, hex.EncodeToString(sum[:8]))
}

// discard removes a dead sandbox's folder. It is moved out of the way first, so that
// the id is free at once and a removal that breaks off is finished by the next server.
func (b *boxes) discard(dir string) error {
	if !strings.HasPrefix(filepath.Base(dir), removedPrefix) {
		moved := filepath.Join(b.dir, removedPrefix+rand.Text())
		if err := os.Rename(dir, moved); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return fmt.Errorf("put aside the sandbox's folder: %w", err)
		}
		dir = moved
	}
	if os.RemoveAll(dir) == nil {
		return nil
	}
	if err := openFolders(dir); err != nil { // a program may have left folders that nobody may list
		return err
	}
	return os.RemoveAll(dir)
}

// openFolders makes every folder under dir removable, and follows no link out of it.
func openFolders(dir string) (err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("open the sandbox's folder: %w", err)
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	var open func(folder string) error
	open = func(folder string) error {
		if err := root.Chmod(folder, 0o700); err != nil {
			return err
		}
		entries, err := fs.ReadDir(root.FS(), folder)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if entry.IsDir() {
				if err := open(filepath.Join(folder, entry.Name())); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return open(".")
}
