package lab_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/internal/lab"
)

// page does what a page does: it loads the lab, makes one call, and prints what came back.
const page = `
require(process.argv[2]);
const fs = require("fs");
const go = new Go();
WebAssembly.instantiate(fs.readFileSync(process.argv[3]), go.importObject).then(({instance}) => {
  go.run(instance);
  let heard = 0;
  const got = ballast("backtest", fs.readFileSync(process.argv[4], "utf8"), (done, total) => { heard++; });
  const wrong = [ballast("sell", "{}").error, ballast("validate").error, ballast("validate", "{").error];
  process.stdout.write(JSON.stringify({...got, heard, wrong}), () => process.exit(0));
});
`

// TestWasm: in a browser's engine the lab gives the same bytes as here.
func TestWasm(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("SKIPPED: WebAssembly is run by Node.js, which is not installed")
	}
	dir := t.TempDir()
	wasm, script := filepath.Join(dir, "lab.wasm"), filepath.Join(dir, "page.js")
	file := filepath.Join(dir, "request.json")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", wasm, "github.com/ballast-finance/ballast/cmd/lab")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	request, err := json.Marshal(request(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{script: []byte(page), file: request} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	glue := filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js")
	run := exec.CommandContext(t.Context(), node, script, glue, wasm, file)
	var stderr bytes.Buffer
	run.Stderr = &stderr
	out, err := run.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	var got struct {
		Answer, Error string
		Heard         int
		Wrong         []string
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v\n%.400s", err, out)
	}
	want, err := lab.Call(t.Context(), "backtest", request, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.Error != "" || got.Answer != string(want) || got.Heard == 0 {
		t.Errorf("got %q, %d bytes, %d times progress; want %d bytes", got.Error, len(got.Answer), got.Heard, len(want))
	}
	for i, says := range []string{"unknown call", "expected a name", "invalid request"} {
		if !strings.Contains(got.Wrong[i], says) {
			t.Errorf("got %q, want an error that says %q", got.Wrong[i], says)
		}
	}
}
