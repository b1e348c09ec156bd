package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// initName is the name (argv[0]) under which this binary runs as a sandbox's init.
const initName = "sandrepl-init"

// The files that an init inherits.
const (
	configFD = 3 + iota
	listenerFD
	readyFD
	firstTreeFD // and on: the trees to mount, when the launcher opened them
)

// readyWord is what an init says when it serves; anything else is why it could not.
const readyWord = "ready"

// initConfig is all that an init is told.
type initConfig struct {
	Isolated    bool     `json:"isolated"`
	Tmp         string   `json:"tmp"` // the folders, as the init sees them
	Workspace   string   `json:"workspace"`
	Environment []string `json:"environment"`
	Root        root     `json:"root"` // what to see, when isolated
}

// launcher makes sandboxes.
type launcher struct {
	isolation Isolation
	python    interpreter
	others    *interpreters
}

// with is the launcher of sandboxes that have another interpreter.
func (l launcher) with(python string) (launcher, error) {
	if python == "" {
		return l, nil
	}
	var err error
	l.python, err = l.others.find(python)
	return l, err
}

// create makes a sandbox in dir, which must not be there yet, and returns when its init serves.
func (l launcher) create(id, dir string) (*box, error) {
	if err := l.makeFolders(dir); err != nil {
		return nil, err
	}
	process, err := l.start(dir)
	if err != nil {
		return nil, err
	}
	box, err := l.settle(dir, record{ID: id, PID: process.Pid, Isolated: l.isolation == Namespaces, Created: time.Now()})
	if err != nil {
		return nil, errors.Join(err, process.Kill())
	}
	return box, nil
}

func (l launcher) settle(dir string, record record) (*box, error) {
	content, err := json.Marshal(record)
	if err != nil {
		return nil, fmt.Errorf("describe the sandbox: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, recordFile), content, 0o600); err != nil {
		return nil, fmt.Errorf("write the sandbox's record: %w", err)
	}
	return adopt(dir)
}

// The folders of a sandbox, under its own.
const (
	tmpFolder       = "tmp"
	workspaceFolder = "workspace"
	homeFolder      = "home"
	commandsFolder  = "bin"
)

func (l launcher) makeFolders(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return fmt.Errorf("make the sandbox's folder: %w", err)
	}
	folders := []string{tmpFolder, workspaceFolder, homeFolder}
	for at := filepath.Join(homeFolder, l.python.userSite()); at != homeFolder; at = filepath.Dir(at) {
		folders = append(folders, at) // Python looks for packages only where there is a folder when it starts
	}
	for _, folder := range folders {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o700); err != nil {
			return fmt.Errorf("make the sandbox's folders: %w", err)
		}
	}
	if err := l.python.writeCommands(filepath.Join(dir, commandsFolder)); err != nil {
		return err
	}
	if l.isolation == None {
		return nil
	}
	for _, folder := range folders {
		if err := giveAway(filepath.Join(dir, folder)); err != nil {
			return fmt.Errorf("hand over the sandbox's folders: %w", err)
		}
	}
	return nil
}

// start runs an init and waits for its word.
func (l launcher) start(dir string) (*os.Process, error) {
	config, trees, err := l.configure(dir)
	if err != nil {
		return nil, err
	}
	defer closeAll(trees)
	told, err := writeConfig(filepath.Join(dir, "init.json"), config)
	if err != nil {
		return nil, err
	}
	defer func() { _ = told.Close() }()
	listener, err := listenOn(filepath.Join(dir, socketFile))
	if err != nil {
		return nil, err
	}
	defer func() { _ = listener.Close() }()
	ready, tell, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make a pipe: %w", err)
	}
	defer func() { _ = ready.Close() }()

	command := initCommand(l.isolation)
	command.ExtraFiles = append([]*os.File{told, listener, tell}, trees...)
	err = command.Start()
	_ = tell.Close()
	if err != nil {
		return nil, explainStart(err)
	}
	go func() { _ = command.Wait() }() // takes the exit status, so that no zombie stays
	return command.Process, awaitReady(ready, command)
}

func awaitReady(ready *os.File, command *exec.Cmd) error {
	if err := ready.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return fmt.Errorf("wait for the sandbox's init: %w", err)
	}
	said, err := io.ReadAll(ready)
	if err == nil && string(said) == readyWord {
		return nil
	}
	_ = command.Process.Kill()
	switch {
	case err != nil:
		return fmt.Errorf("wait for the sandbox's init: %w", err)
	case len(said) == 0:
		return errors.New("the sandbox's init ended without a word: is main's first line a call of sandbox.InitMain?")
	}
	return errors.New(strings.TrimSpace(string(said)))
}

// configure says what the init needs to know, and opens the trees that it could not open by itself.
func (l launcher) configure(dir string) (initConfig, []*os.File, error) {
	config := initConfig{Isolated: l.isolation == Namespaces}
	if !config.Isolated {
		config.Tmp, config.Workspace = filepath.Join(dir, tmpFolder), filepath.Join(dir, workspaceFolder)
		config.Environment = append(l.python.environment(filepath.Join(dir, commandsFolder), filepath.Join(dir, homeFolder)),
			"TMPDIR="+config.Tmp, "SANDREPL_DIR="+filepath.Join(config.Tmp, ".sandrepl"))
		return config, nil, nil
	}
	config.Tmp, config.Workspace = insideTmp, insideWorkspace
	config.Environment = l.python.environment(insideCommands, insideHome)
	config.Root = planRoot(dir, l.python)
	trees, err := config.Root.openForChild()
	return config, trees, err
}

// Where a sandbox's folders are seen from inside.
const (
	insideTmp       = "/tmp"
	insideWorkspace = "/workspace"
	insideHome      = "/home/sandbox"
	insideCommands  = "/opt/sandrepl/bin"
)

func writeConfig(path string, config initConfig) (*os.File, error) {
	content, err := json.Marshal(config)
	if err != nil {
		return nil, fmt.Errorf("describe the sandbox: %w", err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return nil, fmt.Errorf("write the init's configuration: %w", err)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the init's configuration: %w", err)
	}
	return file, nil
}

func closeAll(files []*os.File) {
	for _, file := range files {
		_ = file.Close()
	}
}
