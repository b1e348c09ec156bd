// Package session is the stateful REPL layer: one live Python namespace for each
// sandbox_id, over any server of the Worker API. It starts or finds the sandbox's
// kernel, sends it cells, and turns its journal into [Event] values, through lost
// connections and restarts. It knows nothing of terminals; a program without one
// uses it as a library.
package session
