# Every target that a person may call has a line "#? name: what it does"; `make help` prints them.
# Continuous integration calls nothing but these targets, so that the same word works on a laptop.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

GO ?= go
BIN := bin
OUT := out

# Programs and tests are built with the same flags, so that what one of them compiles the others find.
export CGO_ENABLED ?= 0
export GOFLAGS := $(GOFLAGS) -trimpath

include make/build.mk make/test.mk make/e2e.mk make/hostile.mk make/lint.mk make/measure.mk make/proto.mk make/release.mk make/web.mk

.PHONY: help
#? help: print this list
help:
	@sed -n 's/^#? //p' $(MAKEFILE_LIST) | sort | awk -F': ' '{ printf "  %-14s %s\n", $$1, $$2 }'
