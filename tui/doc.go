// Package tui is the terminal application: the root model that routes messages between
// the components below it and the session. Everything that comes from a sandbox passes
// [sanitize] here, once, before a component sees it.
package tui
