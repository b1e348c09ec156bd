// Package sandbox is the embedded server: the Worker API on this machine. Each
// sandbox has files and processes of its own, kept apart by Linux namespaces.
//
// Who does what. The Server checks requests (token, origin, sizes, ids) and passes
// them on. Each sandbox has an init process, which is this same binary
// re-executed: it builds the sandbox's root, gives up every privilege, then executes,
// reads and writes for the server over a unix socket. So an init outlives its
// server, and the next server finds it by that socket. An untrusted program inside can
// do no more than its init, which is as confined as the program.
//
// What is shared with the host: the network (pip must work, so a sandbox reaches what the
// machine reaches, loopback included), the clock, the kernel. A sandbox is a wall
// against accidents and curious programs, not against an exploit of the kernel.
//
// It is not a client, and it knows nothing of Python beyond where the interpreter lives.
package sandbox
