// Package wire holds the Worker API as examples: requests, and the replies that
// every server gives them. README.md describes the format. It is for tests alone.
package wire

import "embed"

// Files are the stories, one *.json each.
//
//go:embed *.json
var Files embed.FS
