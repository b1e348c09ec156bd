// Package kernel holds the Python program that runs in the sandbox, as the one file that
// is sent there, and the wire format of its journal (PROTOCOL.md). It sends nothing itself.
package kernel

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"sync"
)

// Protocol is the version of PROTOCOL.md that this package speaks.
const Protocol = 1

//go:embed __main__.py sandrepl_kernel/*.py
var sources embed.FS

// Archive is the zip application: the same bytes at every build from the same sources.
func Archive() []byte { return built().archive }

// Hash names the archive: the first 12 hex digits of its SHA-256.
func Hash() string { return built().hash }

type build struct {
	archive []byte
	hash    string
}

var built = sync.OnceValue(func() build {
	var buffer bytes.Buffer
	z := zip.NewWriter(&buffer)
	err := fs.WalkDir(sources, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		source, err := sources.ReadFile(path)
		if err != nil {
			return err
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: path, Method: zip.Deflate})
		if err != nil {
			return err
		}
		_, err = w.Write(source)
		return err
	})
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic(fmt.Sprintf("build the kernel's archive: %v", err)) // the sources are part of the binary
	}
	sum := sha256.Sum256(buffer.Bytes())
	return build{archive: buffer.Bytes(), hash: hex.EncodeToString(sum[:6])}
})
