package export

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sandrepl/sandrepl/session"
)

func code(texts ...string) []Step {
	var steps []Step
	for _, text := range texts {
		steps = append(steps, Step{Text: text})
	}
	return steps
}

func TestReadScripts(t *testing.T) {
	for name, c := range map[string]struct {
		source string
		want   []Step
	}{
		"markers": {"import a\n\n# %% Load the data\nx = 1\n\n#%%\ny = 2\n# %%% sub\nz = 3\n",
			[]Step{{Text: "import a"}, {Title: "Load the data", Text: "x = 1"}, {Text: "y = 2"}, {Title: "sub", Text: "z = 3"}}},
		"markdown": {"# %% [markdown]\n# # Title\n#\n# - *a*\n\n# %% [md]\n\"\"\"\nwords\n\"\"\"\n# %% [raw]\n# no\n# %% End [markdown] key=\"a\"\n# b",
			[]Step{{Text: "# Title\n\n- *a*", Prose: true}, {Text: "words", Prose: true}, {Title: "End", Text: "b", Prose: true}}},
		"jupytext": {"# ---\n# jupyter:\n#   jupytext:\n#     formats: ipynb,py:percent\n# ---\n\n# %% tags=[\"a\", \"b\"] slideshow={\"slide_type\": \"slide\"}\n# %matplotlib inline\n# !ls\nx = 1  # %% no\n# Ready?\n",
			code("%matplotlib inline\n!ls\nx = 1  # %% no\n# Ready?")},
		"a cell of another language":    {"# %%\n# %%bash\n# echo a\n#\n# echo b\n\n# %%\n# %%time is said to help\nx = 1", code("%%bash\necho a\n\necho b", "%%time is said to help\nx = 1")},
		"nbconvert":                     {"#!/usr/bin/env python\n# coding: utf-8\n\n# In[1]:\n\n\nimport a\n\n\n# In[ ]:\n\n\nprint(a)\n", code("import a", "print(a)")},
		"blank lines":                   {"import a\nimport b\n\nx = 1\n", code("import a\nimport b", "x = 1")},
		"a docstring":                   {"#!/usr/bin/env python3\n# (c) Ada\n\n\"\"\"What it *does*.\n\nMore.\n\"\"\"\n\nx = 1", []Step{{Text: "What it *does*.\n\nMore.", Prose: true}, {Text: "x = 1"}}},
		"a string that is no docstring": {"x = 1\n\n'''a'''\n", code("x = 1", "'''a'''")},
		"blocks stay whole": {"def f():\n    a = 1\n\n    return a\n\n# below\n\n    # still in it\n    b\n\n# What it does\n\n# and how\nif f():\n    a\n\nelse:\n    b\n\n@deco\n\ndef g(): pass\nx\n",
			code("def f():\n    a = 1\n\n    return a\n\n# below\n\n    # still in it\n    b", "# What it does\n\n# and how\nif f():\n    a\n\nelse:\n    b", "@deco\n\ndef g(): pass\nx")},
		"strings and brackets": {"s = '''a\n\nb'''\n\nx = [\n\n1,  # (\n\n]\ny = 1 + \\\n\n2\n\nz", code("s = '''a\n\nb'''", "x = [\n\n1,  # (\n\n]\ny = 1 + \\\n\n2", "z")},
		"other line ends":      {"\ufeffa = 1\r\n\r\nb = 2\rc", code("a = 1", "b = 2\nc")},
		"comments only":        {"# a\n\n# b\n", code("# a\n\n# b")},
		"controls stay":        {"print('\x1b[2J')", code("print('\x1b[2J')")},
	} {
		got, err := Read("a.py", []byte(c.source))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestReadNotebooks(t *testing.T) {
	got, err := Read("a.ipynb", []byte(`{"nbformat": 4, "nbformat_minor": 2, "metadata": {"kernelspec": {"language": "python"}}, "cells": [
		{"cell_type": "markdown", "source": ["# A\n", "b"]}, {"cell_type": "code", "source": "x = 1\n", "outputs": [{"output_type": "stream", "text": "old"}]},
		{"cell_type": "code", "source": []}, {"cell_type": "raw", "source": "no"}, {"cell_type": "code", "source": ["!ls"]}]}`))
	want := []Step{{Text: "# A\nb", Prose: true}, {Text: "x = 1"}, {Text: "!ls"}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestWhatCannotBeReadSaysWhatToDo(t *testing.T) {
	for name, c := range map[string]struct{ path, content, want string }{
		"not JSON":     {"a.ipynb", "{\n\"cells\": [,]}", "line 2 is not JSON"},
		"cut":          {"a.ipynb", `{"nbformat": 4, "cells": [`, "save it anew"},
		"other JSON":   {"a.ipynb", `{"a": 1}`, "it has no nbformat"},
		"a list":       {"a.ipynb", `[1]`, "no notebook that can be read"},
		"odd cells":    {"a.ipynb", `{"nbformat": 4, "cells": [{"source": 5}]}`, "no notebook that can be read"},
		"old":          {"a.ipynb", `{"nbformat": 3, "worksheets": [{"cells": []}]}`, "jupyter nbconvert"},
		"to come":      {"a.ipynb", `{"nbformat": 5, "cells": {}}`, "newer"},
		"another's":    {"a.ipynb", `{"nbformat": 4, "metadata": {"kernelspec": {"language": "R"}}, "cells": []}`, "in R"},
		"no cells":     {"a.ipynb", `{"nbformat": 4, "cells": []}`, "has no cells"},
		"blank":        {"a.py", "#!/usr/bin/python\n\n \n", "has no cells"},
		"only markers": {"a.py", "# %%\n\n# %%\n", "has no cells"},
		"binary":       {"a.py", "\x7fELF\x00", "is binary"},
		"Latin-1":      {"a.py", "x = 'caf\xe9'", "save it in that encoding"},
		"neither":      {"a.csv", "1,2", "neither a notebook"},
		"too large":    {"a.ipynb", strings.Repeat(" ", maxFile+1), "clear its outputs"},
	} {
		if steps, err := Read(c.path, []byte(c.content)); err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), c.path) {
			t.Errorf("%s: %v, %v", name, steps, err)
		}
	}
	for path, want := range map[string]string{t.TempDir(): "is a folder", filepath.Join(t.TempDir(), "none.py"): "no such file"} {
		if _, err := ReadFile(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
	path := filepath.Join(t.TempDir(), "a.py")
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if steps, err := ReadFile(path); err != nil || len(steps) != 1 {
		t.Errorf("%v, %v", steps, err)
	}
}

// TestWhatIsWrittenIsReadAgain holds that a file that was exported has the cells that were exported.
func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	line := rapid.SampledFrom([]string{"x = 1", "!ls -l", "%timeit f()", "f?", "a.b??", "    return '''", "# %%", "#%% a", "# # %% b", "# !ls", "# f?", "%%bash", "# %%bash", "%%bash?",
		"# In[3]:", "# ---", "#!/bin/sh", "# coding: utf-8", "\"\"\"", "", "  ", "files = !ls", "# why", "#", "[", "é 漢字\t"})
	rapid.Check(t, func(t *rapid.T) {
		var n Notebook
		var want []Step
		for i, lines := range rapid.SliceOfN(rapid.SliceOfN(line, 1, 5), 1, 4).Draw(t, "cells") {
			text, count := strings.Join(lines, "\n"), i+1
			n.Add(session.Event{Cell: string(rune('a' + i)), Body: session.Input{Code: text, ExecutionCount: &count}})
			if text = trimmed(text); text != "" {
				want = append(want, Step{Text: text})
			}
		}
		var script, book bytes.Buffer
		if err := n.Python(&script); err != nil {
			t.Fatal(err)
		}
		if err := n.IPython(&book); err != nil {
			t.Fatal(err)
		}
		for name, content := range map[string][]byte{"a.py": script.Bytes(), "a.ipynb": book.Bytes()} {
			if len(want) == 0 {
				continue
			}
			got, err := Read(name, content)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Fatalf("%s: %v\n%s\n%s", name, err, diff, content)
			}
		}
	})
}
