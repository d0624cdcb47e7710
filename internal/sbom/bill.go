package main

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"runtime/debug"
	"strings"
)

// bill is a bill of materials in CycloneDX 1.6, as far as it is needed.
type bill struct {
	Format       string       `json:"bomFormat"`
	Spec         string       `json:"specVersion"`
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Type       string     `json:"type"`
	Ref        string     `json:"bom-ref"`
	Name       string     `json:"name"`
	Version    string     `json:"version"`
	PURL       string     `json:"purl"`
	Hashes     []hash     `json:"hashes,omitempty"`
	Properties []property `json:"properties,omitempty"`
}

type hash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type dependency struct {
	Ref       string   `json:"ref"`
	DependsOn []string `json:"dependsOn"`
}

// list is the bill of a program: itself, with the hash of its file and how it was built, the standard library, and
// every module with the sum that go.sum has of it.
func list(info *debug.BuildInfo, content []byte, name, version string) *bill {
	sum := sha256.Sum256(content)
	program := library(info.Main.Path, version)
	program.Type, program.Name = "application", name
	program.Hashes = []hash{{"SHA-256", hex.EncodeToString(sum[:])}}
	for _, s := range info.Settings {
		program.Properties = append(program.Properties, property{"go:" + s.Key, s.Value})
	}
	b := &bill{
		Format: "CycloneDX", Spec: "1.6", Version: 1, Metadata: metadata{program},
		Components: []component{library("std", strings.TrimPrefix(info.GoVersion, "go"))},
	}
	for _, dep := range info.Deps {
		used := dep
		if dep.Replace != nil {
			used = dep.Replace
		}
		x := library(used.Path, used.Version)
		if used.Sum != "" {
			x.Properties = append(x.Properties, property{"go:sum", used.Sum})
		}
		if dep.Replace != nil {
			x.Properties = append(x.Properties, property{"go:replaces", dep.Path})
		}
		b.Components = append(b.Components, x)
	}
	all := dependency{Ref: program.Ref}
	for _, x := range b.Components {
		all.DependsOn = append(all.DependsOn, x.Ref)
	}
	b.Dependencies = []dependency{all}
	return b
}

// library is a module of Go.
func library(path, version string) component {
	name := "pkg:golang/" + path + "@" + url.QueryEscape(version)
	return component{Type: "library", Ref: name, Name: path, Version: version, PURL: name}
}
