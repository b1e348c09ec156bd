package client

import (
	"errors"
	"fmt"
	"strings"
)

// Paths of the Worker API.
const (
	PathHealth        = "/health" // and "/"
	PathExec          = "/sandbox/exec"
	PathWrite         = "/sandbox/write"
	PathRead          = "/sandbox/read"
	PathSandboxHealth = "/sandbox/health"
	PathConnect       = "/sandbox/connect"
	PathList          = "/sandbox/list"
	PathDestroy       = "/sandbox"
)

// Features that a server may name in [Health].
const (
	FeatureConnect = "connect"
	FeatureList    = "list"
	FeatureDestroy = "destroy"
	// FeatureExisting says that a request with "If-Match: *" makes no sandbox: where there is none, the answer is 412.
	FeatureExisting = "existing"
)

// HeaderPython names the interpreter that a sandbox gets which the request makes, to a server on this machine.
const HeaderPython = "Sandrepl-Python"

// DefaultSandboxID is the sandbox that /sandbox/health looks at when none is named.
const DefaultSandboxID = "health-check"

// ExecRequest is the body of POST /sandbox/exec.
type ExecRequest struct {
	SandboxID string `json:"sandbox_id"`
	Command   string `json:"command"`
}

// ExecResponse is what a command did; a non-zero exit is a response like any other.
type ExecResponse struct {
	Stdout   string `json:"stdout"`
	Stderr   string `json:"stderr"`
	ExitCode int    `json:"exitCode"`
	Success  bool   `json:"success"`
}

// WriteRequest is the body of POST /sandbox/write.
// A nil Content is a missing field; an empty one is valid and makes an empty file.
type WriteRequest struct {
	SandboxID string  `json:"sandbox_id"`
	Path      string  `json:"path"`
	Content   *string `json:"content,omitempty"`
}

// WriteResponse answers POST /sandbox/write.
type WriteResponse struct {
	Success bool `json:"success"`
}

// ReadResponse answers GET /sandbox/read.
type ReadResponse struct {
	Content string `json:"content"`
	Success bool   `json:"success"`
}

// Health answers GET / and GET /health. Timestamp is in milliseconds since the
// epoch of Unix. Features, Version and Isolation are ours: other Workers leave
// them out. Isolation is the word that --isolation takes.
type Health struct {
	Status    string   `json:"status"`
	Service   string   `json:"service"`
	Timestamp int64    `json:"timestamp"`
	Features  []string `json:"features,omitempty"`
	Version   string   `json:"version,omitempty"`
	Isolation string   `json:"isolation,omitempty"`
}

// SandboxHealth answers GET /sandbox/health of a healthy sandbox; an unhealthy
// one is a 500 with an [ErrorResponse].
type SandboxHealth struct {
	Status   string `json:"status"`
	Python   string `json:"python"`
	ExitCode int    `json:"exitCode"`
}

// SandboxInfo is one row of GET /sandbox/list; times are in milliseconds since the epoch of Unix. Clients are the
// connections by /sandbox/connect that are open.
type SandboxInfo struct {
	ID        string `json:"sandbox_id"`
	Created   int64  `json:"created"`
	LastUsed  int64  `json:"last_used"`
	Processes int    `json:"processes"`
	Clients   int    `json:"clients"`
}

// ListResponse answers GET /sandbox/list. A server sends [] for no sandboxes, not null.
type ListResponse struct {
	Sandboxes []SandboxInfo `json:"sandboxes"`
}

// DestroyResponse answers DELETE /sandbox, which is idempotent, so that it may be
// retried: destroying a sandbox that is not there succeeds.
type DestroyResponse struct {
	Success bool `json:"success"`
}

// ErrorResponse is the body of every reply that is not a success. Each endpoint
// adds its own: Endpoints (404), Success false (write, read), Content "" (read),
// Status "unhealthy" (sandbox health), Code "SESSION_TERMINATED" (the Sandbox SDK's 410).
type ErrorResponse struct {
	Error     string   `json:"error"`
	Endpoints []string `json:"endpoints,omitempty"`
	Status    string   `json:"status,omitempty"`
	Code      string   `json:"code,omitempty"`
	Content   *string  `json:"content,omitempty"`
	Success   *bool    `json:"success,omitempty"`
}

// IDRule says which sandbox ids are valid, in words for people.
const IDRule = "a sandbox_id is 1 to 63 characters of a-z A-Z 0-9 . _ - and neither starts nor ends with -"

// ValidateSandboxID reports why id is not a valid sandbox id, naming the rule.
// "." and ".." are valid ids: a server must not use an id as a folder's name as it is.
func ValidateSandboxID(id string) error {
	switch {
	case id == "":
		return errors.New("the sandbox_id is empty: " + IDRule)
	case len(id) > 63:
		return fmt.Errorf("the sandbox_id is %d bytes long: %s", len(id), IDRule)
	case strings.HasPrefix(id, "-") || strings.HasSuffix(id, "-"):
		return fmt.Errorf("the sandbox_id %q starts or ends with -: %s", id, IDRule)
	}
	for _, r := range id {
		if !isIDRune(r) {
			return fmt.Errorf("the sandbox_id %q contains %q: %s", id, r, IDRule)
		}
	}
	return nil
}

func isIDRune(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return true
	}
	return r == '.' || r == '_' || r == '-'
}
