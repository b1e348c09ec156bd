package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// measured is what was measured so far, and of what.
type measured struct {
	apps  []application // ours first
	keys  int
	runs  int
	rows  []row // in the order of their first values
	taken map[taken][]float64
}

// A row of the table.
type row struct {
	what  string
	unit  string // ms unless said
	tail  bool   // its 99th percentile matters too
	reach string // what is to be reached, in words
}

type taken struct{ row, app string }

func (m *measured) add(r row, app string, value float64) {
	if !slices.ContainsFunc(m.rows, func(other row) bool { return other.what == r.what }) {
		m.rows = append(m.rows, r)
	}
	at := taken{r.what, app}
	m.taken[at] = append(m.taken[at], value)
}

// report prints a line for each row: what each application took, and ours as a part of IPython's.
func (m *measured) report(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprint(table, "median, and 99th percentile where one is given\t")
	for _, app := range m.apps {
		fmt.Fprint(table, app.name, "\t")
	}
	fmt.Fprintln(table, "ratio to IPython\tto reach")
	for _, r := range m.rows {
		fmt.Fprint(table, r.what, "\t")
		for _, app := range m.apps {
			fmt.Fprint(table, r.format(m.taken[taken{r.what, app.name}]), "\t")
		}
		ratio := "–"
		if a, b := m.taken[taken{r.what, ours}], m.taken[taken{r.what, "IPython"}]; len(a) > 0 && len(b) > 0 {
			ratio = fmt.Sprintf("%.3f", part(a, 0.5)/part(b, 0.5))
		}
		fmt.Fprint(table, ratio, "\t", r.reach, "\n")
	}
	return table.Flush()
}

func (r row) format(values []float64) string {
	if len(values) == 0 {
		return "–"
	}
	unit, digits := "ms", 1
	if r.unit != "" {
		unit = r.unit
	}
	if unit == "%" {
		digits = 3
	}
	if r.tail {
		return fmt.Sprintf("%.*f / %.*f %s", digits, part(values, 0.5), digits, part(values, 0.99), unit)
	}
	return fmt.Sprintf("%.*f %s", digits, part(values, 0.5), unit)
}

// part is the value that this part of the values is no greater than.
func part(values []float64, of float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(int(of*float64(len(sorted))), len(sorted)-1)]
}
