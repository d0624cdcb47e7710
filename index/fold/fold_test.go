package fold_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/cosmos/gogoproto/proto"

	_ "github.com/ballast-finance/ballast/index/fold"
)

// taken finds the events that a file of this package takes, by the type of a case.
var taken = regexp.MustCompile(`\*(auction|oracle|portfolio|rebalance)types\.(Event[A-Za-z]+)`)

// TestEveryEvent: the history takes every event that a module of the chain can send.
func TestEveryEvent(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), "_test.go") || !strings.HasSuffix(e.Name(), ".go") {
			continue
		}
		text, err := os.ReadFile(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if !strings.Contains(line, "case ") {
				continue
			}
			for _, m := range taken.FindAllStringSubmatch(line, -1) {
				known = append(known, "ballast."+m[1]+".v1."+m[2])
			}
		}
	}
	files, err := proto.MergedRegistry()
	if err != nil {
		t.Fatal(err)
	}
	sent := 0
	files.RangeFiles(func(f protoreflect.FileDescriptor) bool {
		messages := f.Messages()
		for i := range messages.Len() {
			name := string(messages.Get(i).FullName())
			if !strings.HasPrefix(name, "ballast.") || !strings.Contains(name, ".v1.Event") {
				continue
			}
			sent++
			if !slices.Contains(known, name) {
				t.Errorf("expected that %s is written, or left out by a case of its own", name)
			}
		}
		return true
	})
	if sent < 50 {
		t.Errorf("expected the events of four modules, got %d", sent)
	}
}
