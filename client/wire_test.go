package client

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sandrepl/sandrepl/client/testdata/wire"
)

// The Go types hold all that the examples do: decoding and encoding changes nothing.
func TestWireTypesHoldTheExamples(t *testing.T) {
	names, err := fs.Glob(wire.Files, "*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, name := range names {
		b, err := wire.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var story []struct {
			Name    string
			Request struct {
				Path string
				Body json.RawMessage
			}
			Response struct {
				Status int
				Body   json.RawMessage
			}
		}
		if err := json.Unmarshal(b, &story); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, c := range story {
			where := name + ": " + c.Name
			if c.Response.Status == 200 {
				roundTrip(t, where+": request", requestType(c.Request.Path), c.Request.Body)
				roundTrip(t, where+": response", responseType(c.Request.Path), c.Response.Body)
			} else {
				roundTrip(t, where+": response", new(ErrorResponse), c.Response.Body)
			}
		}
	}
}

func requestType(path string) any {
	switch path {
	case PathExec:
		return new(ExecRequest)
	case PathWrite:
		return new(WriteRequest)
	}
	return nil
}

func responseType(path string) any {
	switch path {
	case PathExec:
		return new(ExecResponse)
	case PathWrite:
		return new(WriteResponse)
	case PathRead:
		return new(ReadResponse)
	case PathSandboxHealth:
		return new(SandboxHealth)
	case PathList:
		return new(ListResponse)
	case PathDestroy:
		return new(DestroyResponse)
	}
	return new(Health)
}

// roundTrip expects v to encode to what it decoded, except for request fields that no endpoint reads.
func roundTrip(t *testing.T, where string, v any, example json.RawMessage) {
	t.Helper()
	if v == nil || example == nil {
		return
	}
	dec := json.NewDecoder(bytes.NewReader(example))
	if !strings.Contains(where, "fields that it does not know") {
		dec.DisallowUnknownFields()
	}
	if err := dec.Decode(v); err != nil {
		t.Errorf("%s: %v", where, err)
		return
	}
	encoded, err := json.Marshal(v)
	if err != nil {
		t.Errorf("%s: %v", where, err)
	}
	var got, want map[string]any
	_ = json.Unmarshal(encoded, &got)
	_ = json.Unmarshal(example, &want)
	delete(want, "timeout")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: -example +encoded\n%s", where, diff)
	}
}
