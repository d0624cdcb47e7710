//go:build js && wasm

// The lab in a browser: the engine as WebAssembly. It sets one global function,
//
//	ballast(name, request, progress) -> {answer} or {error}
//
// name, request and answer are text, the latter two JSON (see internal/lab). progress(done, total) may be left out. A
// call blocks: a page runs the lab in a worker.
package main

import (
	"context"
	"syscall/js"

	"github.com/ballast-finance/ballast/internal/lab"
)

func main() {
	js.Global().Set("ballast", js.FuncOf(answer))
	select {} // the page goes on calling
}

func answer(_ js.Value, args []js.Value) any {
	if len(args) < 2 || args[0].Type() != js.TypeString || args[1].Type() != js.TypeString {
		return map[string]any{"error": "expected a name, a request in JSON, and maybe a function that hears of progress"}
	}
	var progress func(done, total int)
	if len(args) > 2 && args[2].Type() == js.TypeFunction {
		progress = func(done, total int) { args[2].Invoke(done, total) }
	}
	text, err := lab.Call(context.Background(), args[0].String(), []byte(args[1].String()), progress)
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	return map[string]any{"answer": string(text)}
}
