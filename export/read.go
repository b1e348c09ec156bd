package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// A Step is a cell of a file that is stepped through.
type Step struct {
	Title string // as the file has it; mostly empty
	Text  string // of several lines, without blank ones at its ends; as it was written, so not to be trusted
	Prose bool   // markdown, not code
}

// maxFile bounds what is read, bytes: a notebook has its pictures in it.
const maxFile = 64 << 20

// ReadFile reads the cells of a notebook (.ipynb, nbformat 4) or of a script (.py), of which there is at least one. What
// earlier runs put out is left out. Errors say what to do.
func ReadFile(path string) ([]Step, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a folder: name a notebook (.ipynb) or a script (.py) in it", path)
	}
	content, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return nil, err
	}
	return Read(path, content)
}

// Read reads the content of a file of that name, as [ReadFile] does.
func Read(path string, content []byte) ([]Step, error) {
	if len(content) > maxFile {
		return nil, fmt.Errorf("%s is larger than %d MiB: clear its outputs in Jupyter, and save it", path, maxFile>>20)
	}
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	if bytes.IndexByte(content, 0) >= 0 {
		return nil, fmt.Errorf("%s is binary, or not in UTF-8: name a notebook (.ipynb) or a script (.py)", path)
	}
	if !utf8.Valid(content) {
		return nil, fmt.Errorf("%s is not in UTF-8: save it in that encoding", path)
	}
	var steps []Step
	var err error
	switch strings.ToLower(filepath.Ext(path)) {
	case ".ipynb":
		steps, err = notebookSteps(content)
	case ".py":
		steps = scriptSteps(string(content))
	default:
		return nil, fmt.Errorf("%s is neither a notebook (.ipynb) nor a script (.py)", path)
	}
	if err != nil {
		return nil, fmt.Errorf("%s %w", path, err)
	}
	if len(steps) == 0 {
		return nil, fmt.Errorf("%s has no cells: there is nothing to step through", path)
	}
	return steps, nil
}

// notebookSteps are the cells of code and of markdown. Its errors go on after the file's name.
func notebookSteps(content []byte) ([]Step, error) {
	var book struct {
		Format int `json:"nbformat"`
		Cells  []struct {
			Type   string    `json:"cell_type"`
			Source multiline `json:"source"`
		} `json:"cells"`
		Metadata struct {
			Kernel struct {
				Language string `json:"language"`
			} `json:"kernelspec"`
			Language struct {
				Name string `json:"name"`
			} `json:"language_info"`
		} `json:"metadata"`
	}
	err := json.Unmarshal(content, &book)
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		line := 1 + bytes.Count(content[:min(int(syntax.Offset), len(content))], []byte("\n"))
		return nil, fmt.Errorf("is no notebook: line %d is not JSON (%w); save it anew in Jupyter", line, err)
	case book.Format > 0 && book.Format < 4:
		return nil, fmt.Errorf("is of nbformat %d, which is too old: jupyter nbconvert --to notebook --inplace brings it to 4", book.Format)
	case book.Format > 4:
		return nil, fmt.Errorf("is of nbformat %d, which is newer than what sandrepl reads: save it as nbformat 4", book.Format)
	case err != nil:
		return nil, fmt.Errorf("is no notebook that can be read (%w): save it anew in Jupyter", err)
	case book.Format == 0:
		return nil, errors.New("is JSON, but no notebook: it has no nbformat")
	}
	for _, language := range []string{book.Metadata.Kernel.Language, book.Metadata.Language.Name} {
		if language != "" && !strings.Contains(strings.ToLower(language), "python") {
			return nil, fmt.Errorf("is a notebook in %s: sandrepl runs Python", language)
		}
	}
	var steps []Step
	for _, c := range book.Cells {
		if text := trimmed(unix(string(c.Source))); text != "" && (c.Type == "code" || c.Type == "markdown") {
			steps = append(steps, Step{Text: text, Prose: c.Type == "markdown"})
		}
	}
	return steps, nil
}

// multiline is nbformat's text: a string, or its lines.
type multiline string

func (m *multiline) UnmarshalJSON(data []byte) error {
	var lines []string
	if err := json.Unmarshal(data, &lines); err == nil {
		*m = multiline(strings.Join(lines, ""))
		return nil
	}
	return json.Unmarshal(data, (*string)(m))
}

// unix has \n between lines.
func unix(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// trimmed is text without the blank lines at its ends, and without the spaces at its last one.
func trimmed(text string) string {
	lines := strings.Split(strings.TrimRight(text, " \t\n"), "\n")
	for len(lines) > 1 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	if len(lines) == 1 && strings.TrimSpace(lines[0]) == "" {
		return ""
	}
	return strings.Join(lines, "\n")
}
