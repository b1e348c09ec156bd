package sandbox

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"
)

// systemFolders hold programs and libraries. Nix and Guix keep theirs in stores.
var systemFolders = []string{"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/gnu/store"}

// systemFiles are what programs ask of /etc, and nothing in them is secret.
var systemFiles = []string{
	"/etc/alternatives", "/etc/ca-certificates", "/etc/ca-certificates.conf", "/etc/fonts", "/etc/gai.conf", "/etc/host.conf",
	"/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime", "/etc/magic", "/etc/matplotlibrc", "/etc/mime.types", "/etc/os-release",
	"/etc/pki/tls", "/etc/pki/ca-trust", "/etc/protocols", "/etc/python3", "/etc/resolv.conf", "/etc/services", "/etc/terminfo", "/etc/timezone",
	"/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/ssl/cert.pem", "/etc/static",
}

var devices = []string{"null", "zero", "full", "random", "urandom", "tty"}

// planRoot is the root of the sandbox in dir.
func planRoot(dir string, python interpreter) root {
	var plan root
	for _, path := range slices.Concat(systemFolders, systemFiles) {
		plan.show(path)
	}
	plan.Binds = append(plan.Binds,
		bind{Source: filepath.Join(dir, tmpFolder), Target: insideTmp, Access: readWrite},
		bind{Source: filepath.Join(dir, workspaceFolder), Target: insideWorkspace, Access: readWrite},
		bind{Source: filepath.Join(dir, homeFolder), Target: insideHome, Access: readWrite},
		bind{Source: filepath.Join(dir, commandsFolder), Target: insideCommands, Access: readOnly})
	for _, path := range python.roots() {
		if !plan.shows(path) {
			plan.Binds = append(plan.Binds, bind{Source: path, Target: path, Access: readOnly})
		}
	}
	for _, name := range devices {
		path := filepath.Join("/dev", name)
		plan.Binds = append(plan.Binds, bind{Source: path, Target: path, Access: device})
	}
	return plan
}

// show adds a path as it is: a link into what is shown stays a link, any other is followed.
func (p *root) show(path string) {
	info, err := os.Lstat(path)
	if err != nil {
		return
	}
	if info.Mode()&os.ModeSymlink != 0 {
		target, err := os.Readlink(path)
		if err != nil {
			return
		}
		absolute := target
		if !filepath.IsAbs(target) {
			absolute = filepath.Join(filepath.Dir(path), target)
		}
		if p.shows(absolute) {
			p.Links = append(p.Links, link{Target: target, Path: path})
			return
		}
		if _, err := os.Stat(path); err != nil {
			return
		}
	}
	p.Binds = append(p.Binds, bind{Source: path, Target: path, Access: readOnly})
}

// shows reports whether a path of the host is to be seen at that same path.
func (p *root) shows(path string) bool {
	return slices.ContainsFunc(p.Binds, func(b bind) bool { return b.Source == b.Target && within(path, b.Target) })
}

// openForChild opens the trees where the init itself could not: root's init runs as a
// user who may not look into root's folders. For anyone else the init opens them.
func (p *root) openForChild() ([]*os.File, error) {
	if !asNobody() {
		return nil, nil
	}
	var trees []*os.File
	for i := range p.Binds {
		fd, err := p.Binds[i].openTree()
		if err != nil {
			closeAll(trees)
			return nil, err
		}
		p.Binds[i].FD = firstTreeFD + len(trees)
		trees = append(trees, os.NewFile(uintptr(fd), p.Binds[i].Source))
	}
	return trees, nil
}

// openTree makes a mount of the source that is attached nowhere yet.
func (b bind) openTree() (int, error) {
	fd, err := unix.OpenTree(unix.AT_FDCWD, b.Source, unix.OPEN_TREE_CLONE|unix.OPEN_TREE_CLOEXEC|unix.AT_RECURSIVE)
	if err != nil {
		return 0, fmt.Errorf("open %s for the sandbox: %w", b.Source, err)
	}
	return fd, nil
}
