// Package bench measures sandrepl beside what people use today: ipykernel through
// jupyter_client, jupyter console, and a script written and run for every cell. It is no
// test of speed: machines differ, so what counts is the ratio of two medians of one run.
package bench
