package api

import (
	_ "embed"
	"encoding/json"
	"regexp"
	"strings"
)

// document describes the API. It is made from the views: go test ./index/api -run TestDocument -update
//
//go:embed openapi.json
var document []byte

type dict = map[string]any

// describe makes the document.
func describe() ([]byte, error) {
	paths := dict{}
	for _, v := range views() {
		paths[v.path] = dict{"get": operation(&v)}
	}
	for path, what := range map[string][2]string{
		"/v1/overview": {"How things stand", "Overview"},
		"/v1/health":   {"How far the history is; 503 when it is behind or empty", "Health"},
	} {
		paths[path] = dict{"get": dict{"summary": what[0], "responses": responses(dict{
			"application/json": dict{"schema": dict{"$ref": "#/components/schemas/" + what[1]}},
		})}}
	}
	paths["/v1/events"] = dict{"get": dict{
		"summary": "What every block was about, as it comes: events block, height and reset; Last-Event-ID goes on",
		"parameters": []dict{{
			"name": "after", "in": "query", "description": "the last height that was seen", "schema": kinds[number],
		}},
		"responses": responses(dict{"text/event-stream": dict{"schema": kinds[text]}}),
	}}
	return json.MarshalIndent(dict{
		"openapi": "3.1.0",
		"info": dict{
			"title": "History of a Ballast chain", "version": "1", "description": "Read-only. Decimals and amounts of base " +
				"units are texts, exact; a field that ends in _real holds the same figure rounded. Times are unix seconds. " +
				"Lists come in pages: ask again with cursor = next until next is empty. CSV by format=csv or Accept: " +
				"text/csv; the next page is in the header Next-Cursor. The header Depends-On names the tables that an answer " +
				"was read from: it is the same until the stream tells of a block that changed one of them.",
		},
		"paths":      paths,
		"components": dict{"schemas": schemas()},
	}, "", " ")
}

var kinds = map[kind]dict{
	text:   {"type": "string"},
	number: {"type": "integer", "format": "int64"},
	rough:  {"type": []string{"number", "null"}},
	flag:   {"type": "boolean"},
	nested: {"description": "JSON of the chain: an object or a list"},
}

func fields(list []column) dict {
	properties := dict{}
	for _, c := range list {
		properties[c.name] = kinds[c.kind]
	}
	return dict{"type": "object", "properties": properties}
}

var braces = regexp.MustCompile(`\{(\w+)\}`)

func operation(v *view) dict {
	inPath, inQuery := braces.FindAllStringSubmatch(v.path, -1), parameters(v)
	list := make([]dict, 0, len(inPath)+len(inQuery))
	for _, m := range inPath {
		schema := kinds[number]
		if words[m[1]] {
			schema = kinds[text]
		}
		list = append(list, dict{"name": m[1], "in": "path", "required": true, "schema": schema})
	}
	for _, name := range inQuery {
		list = append(list, dict{
			"name": name, "in": "query", "description": meaning(v, name), "schema": schemaOf(v, name),
		})
	}
	body := fields(v.columns)
	if !v.single {
		body = dict{"type": "object", "required": []string{"items", "next"}, "properties": dict{
			"items": dict{"type": "array", "items": body},
			"next":  dict{"type": "string", "description": "cursor of the next page; empty at the end"},
		}}
	}
	return dict{"summary": v.summary, "parameters": list, "responses": responses(dict{
		"application/json": dict{"schema": body}, "text/csv": dict{"schema": kinds[text]},
	})}
}

func responses(content dict) dict {
	wrong := dict{"description": "refused", "content": dict{"application/json": dict{
		"schema": dict{"$ref": "#/components/schemas/Error"},
	}}}
	return dict{"200": dict{"description": "the answer", "content": content}, "default": wrong}
}

func meaning(v *view, name string) string {
	order := "oldest first"
	if v.newest {
		order = "newest first"
	}
	switch name {
	case "format":
		return "json or csv"
	case "limit":
		return "rows of a page"
	case "cursor":
		return "next of the page before"
	case "order":
		return "by " + strings.Join(v.key, ", ") + "; without it " + order
	case "from":
		return "not before: unix seconds or RFC 3339, by " + v.time
	case "every":
		return "only the last row of each so many seconds"
	case "to":
		return "before: unix seconds or RFC 3339, by " + v.time
	}
	return "only with this " + name
}

func schemaOf(v *view, name string) dict {
	switch name {
	case "format":
		return dict{"enum": []string{"json", "csv"}}
	case "limit":
		return dict{"type": "integer", "minimum": 1, "maximum": MaxPage, "default": DefaultPage}
	case "order":
		return dict{"enum": []string{"asc", "desc"}}
	case "every":
		return kinds[number]
	}
	return kinds[v.of(name)]
}

// schemas are those that are no view.
func schemas() dict {
	counts := dict{"type": "object", "additionalProperties": kinds[number]}
	overview := fields(columns("chain first_height:n height:n time:n managed managed_real:r managed_time:n round:n " +
		"round_time:n portfolios auctions prices stopped"))
	properties, ok := overview["properties"].(dict)
	if ok {
		properties["portfolios"], properties["auctions"], properties["prices"] = counts, counts, counts
		properties["stopped"] = dict{"type": "array", "items": kinds[text]}
	}
	return dict{
		"Error": dict{"type": "object", "required": []string{"code", "message", "hint"}, "properties": dict{
			"code": dict{"enum": []string{
				"invalid_argument", "not_found", "method_not_allowed", "too_many_requests", "unavailable", "internal",
			}},
			"message": kinds[text], "hint": kinds[text],
		}},
		"Overview": overview,
		"Health":   fields(columns("status chain height:n time:n lag_seconds:n")),
	}
}
