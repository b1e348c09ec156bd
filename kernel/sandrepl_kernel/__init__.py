"""The program that holds a sandbox's Python namespace.

It runs cells, journals all that happens, and answers clients over a WebSocket or through files; PROTOCOL.md is its
contract. It draws nothing, formats nothing for a terminal and depends on nothing but the standard library.

Two threads share the work, so that no lock is ever held where user code or a signal handler may run:

* the main thread runs cells, one at a time, and only *emits*: it appends to a deque, which is atomic;
* the I/O thread alone owns the journal, the sockets and the inbox. It never touches a user's object.

Modules are imported as late as they are needed: a kernel starts in the time of a bare interpreter, or nearly.
"""
