// Package kernel carries the Python program that holds a sandbox's namespace, as one zip application, and the Go
// types of what it writes and reads on the wire. PROTOCOL.md is the contract of both. The package runs nothing and
// talks to nobody: getting the archive into a sandbox and speaking to the kernel is the session's work.
package kernel

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"slices"
	"sync"
	"time"
)

// Protocol is the version of PROTOCOL.md that this package and its kernel speak.
const Protocol = 1

//go:embed __main__.py sandrepl_kernel/*.py sandrepl_kernel/*/*.py
var sources embed.FS

// Ensure is what `python3 -c` is given, with an archive's path after it, to do what `python3 PATH ensure` does: that
// imports runpy first, which up to Python 3.10 costs a fifth of the start.
const Ensure = `import sys; sys.path.insert(0, sys.argv[1]); from sandrepl_kernel.launch import run; run(["ensure"])`

// Archive returns the kernel as a zip application: run it with `python3 kernel-HASH.pyz ensure`. The bytes depend on
// the sources alone, so that every build of them has the same Hash. Callers must not change what they get.
func Archive() []byte { return packed().archive }

// Hash returns the first 12 hex digits of the archive's SHA-256.
func Hash() string { return packed().hash }

type pack struct {
	archive []byte
	hash    string
}

var packed = sync.OnceValue(func() pack {
	archive, err := build(sources)
	if err != nil {
		panic("kernel: pack the embedded sources: " + err.Error()) // they are in the binary: nothing outside can break this
	}
	sum := sha256.Sum256(archive)
	return pack{archive, hex.EncodeToString(sum[:])[:12]}
})

// first are the modules that run before a start is over: as they are not compressed, zlib is loaded only later.
var first = []string{
	"__main__.py", "sandrepl_kernel/__init__.py", "sandrepl_kernel/launch.py", "sandrepl_kernel/birth.py",
	"sandrepl_kernel/descriptors.py", "sandrepl_kernel/files.py",
}

// build packs the sources in the order of their names (WalkDir's) with one fixed time.
func build(sources fs.FS) ([]byte, error) {
	var buffer bytes.Buffer
	archive := zip.NewWriter(&buffer)
	err := fs.WalkDir(sources, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(sources, path)
		if err != nil {
			return err
		}
		method := zip.Deflate
		if slices.Contains(first, path) {
			method = zip.Store
		}
		header := &zip.FileHeader{Name: path, Method: method, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
		file, err := archive.CreateHeader(header)
		if err != nil {
			return err
		}
		_, err = file.Write(data)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	return buffer.Bytes(), nil
}
