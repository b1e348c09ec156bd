package export

import (
	"encoding/json"
	"io"
	"regexp"
	"strings"
)

// IPython writes a notebook of nbformat 4.5.
func (n *Notebook) IPython(w io.Writer) error {
	cells := make([]any, 0, len(n.cells))
	for _, c := range n.cells {
		cells = append(cells, c.ipynb())
	}
	language := map[string]any{"name": "python", "file_extension": ".py", "mimetype": "text/x-python", "pygments_lexer": "ipython3"}
	if n.python != "" {
		language["version"] = n.python
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	return encoder.Encode(map[string]any{
		"nbformat": 4, "nbformat_minor": 5, "cells": cells,
		"metadata": map[string]any{
			"kernelspec":    map[string]any{"name": "python3", "display_name": "Python 3", "language": "python"},
			"language_info": language,
		},
	})
}

var notOfIDs = regexp.MustCompile(`[^A-Za-z0-9_-]`)

func (c *cell) ipynb() map[string]any {
	metadata := map[string]any{}
	if c.author != "" && c.author != "user" {
		metadata["tags"] = []string{c.author}
	}
	outputs := make([]any, 0, len(c.outputs))
	for _, o := range c.outputs {
		outputs = append(outputs, o.ipynb(c))
	}
	id := notOfIDs.ReplaceAllString(c.id, "-")
	return map[string]any{
		"cell_type": "code", "id": id[:min(len(id), 64)], "metadata": metadata, "source": lines(c.code),
		"execution_count": countOrNull(c.count), "outputs": outputs,
	}
}

func (o *output) ipynb(c *cell) map[string]any {
	switch o.kind {
	case "error":
		trace := o.failure.Traceback
		if trace == nil {
			trace = []string{}
		}
		return map[string]any{"output_type": "error", "ename": o.failure.Name, "evalue": o.failure.Value, "traceback": trace}
	case "display", "result":
		metadata := o.metadata
		if metadata == nil {
			metadata = map[string]any{}
		}
		out := map[string]any{"output_type": "display_data", "data": bundle(o.data), "metadata": metadata}
		if o.kind == "result" {
			out["output_type"], out["execution_count"] = "execute_result", countOrNull(c.count)
		}
		return out
	}
	return map[string]any{"output_type": "stream", "name": o.kind, "text": lines(o.text)}
}

// bundle is a value's forms as nbformat has them: JSON as itself, text as lines, pictures as base64.
func bundle(data map[string]string) map[string]any {
	out := map[string]any{}
	for form, content := range data {
		switch {
		case form == "application/json" || strings.HasSuffix(form, "+json"):
			if json.Valid([]byte(content)) {
				out[form] = json.RawMessage(content)
				continue
			}
			out[form] = content
		case strings.HasPrefix(form, "image/") && form != "image/svg+xml":
			out[form] = content
		default:
			out[form] = lines(content)
		}
	}
	return out
}

func countOrNull(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

// lines are what nbformat's multi-line strings are: each line with its newline.
func lines(s string) []string {
	parts := strings.SplitAfter(s, "\n")
	if parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	if parts == nil {
		parts = []string{}
	}
	return parts
}
