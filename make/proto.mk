# Protocol buffers. The generated code is committed: building needs none of this.

.PHONY: proto proto-check

#? proto: generate the Go code of proto/ (x/*/types/*.pb.go)
proto: $(BIN)/buf
	scripts/proto.sh

#? proto-check: fail when the generated code is not that of proto/
proto-check: proto
	git diff --exit-code -- x
