# What is published: the programs for each target, what each is made of, and the sums of all files. Nothing of a folder,
# a user, a clock or the state of git gets into them, so that whoever builds the same commit has the same bytes.

RELEASE := $(OUT)/release
TARGETS ?= linux/amd64 linux/arm64 darwin/arm64
PROGRAMS ?= ballast ballastd ballast-index

.PHONY: release release-check

#? release: build PROGRAMS for TARGETS into out/release, with bills of materials and checksums (minutes for each target)
release: $(if $(filter ballast-index,$(PROGRAMS)),page-lab)
	rm -rf $(RELEASE)
	mkdir -p $(RELEASE)
	$(GO) build -o $(OUT)/sbom ./internal/sbom
	for target in $(TARGETS); do for program in $(PROGRAMS); do \
		name=$$program-$(VERSION)-$${target/\//-}; \
		echo $$name; \
		GOOS=$${target%/*} GOARCH=$${target#*/} GOFLAGS='-trimpath -buildvcs=false' CGO_ENABLED=0 GOGC=$(BUILD_GOGC) \
			$(GO) build -ldflags '$(LDFLAGS)' -o $(RELEASE)/$$name ./cmd/$$program; \
		$(OUT)/sbom $(RELEASE)/$$name $$program $(VERSION) $(RELEASE)/$$name.cdx.json; \
	done; done
	cd $(RELEASE) && sha256sum * > SHA256SUMS
	cat $(RELEASE)/SHA256SUMS

#? release-check: build the release of HEAD in two folders, once from an empty cache, and compare every byte
release-check:
	TARGETS='$(TARGETS)' PROGRAMS='$(PROGRAMS)' VERSION='$(VERSION)' COMMIT='$(COMMIT)' scripts/release-check.sh
