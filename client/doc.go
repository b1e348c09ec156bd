// Package client speaks the Worker API over HTTP: one method an endpoint, with
// authentication, retries of what is safe to repeat, and errors that a caller
// can tell apart. Its wire types are the ones that the embedded server answers with.
//
// It is not a session: it knows nothing of Python, kernels or cells.
package client
