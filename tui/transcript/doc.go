// Package transcript shows cells and their output, from the first to the one that is running, in a space that scrolls.
//
// Text must be sanitised before it is given to Append: lines of text with SGR colours, and the few controls that
// progress bars use (carriage return, backspace, erase-in-line), which are interpreted here, one line deep. It is not
// a terminal emulator, it runs nothing, and it keeps no history across sessions.
//
// A Model is a value, but its copies share one append-only log of cells: what is appended to one shows in all. What
// each copy has for itself is its size, theme and position. Like every Bubble Tea component it belongs to one
// goroutine.
//
// Nothing costs time by the length of the log: appending costs by what is appended, a frame by what it shows. Memory
// is bounded: beyond a budget the text is moved to a temporary file, already unlinked, and read back when it is shown.
package transcript
