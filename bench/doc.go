// Package bench measures sandrepl beside what people use today: ipykernel through jupyter_client, and a script written and
// run for every cell; its folders measure a part each, the kernel and the terminal application. It is no test of speed:
// machines differ, so what counts is the ratio of two medians of one run.
package bench
