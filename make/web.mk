# The page of ballast-index. What `make web` compiles is committed: building the programs needs no Node.js.

.PHONY: web web-proto

#? web: compile the page of web/ into web/dist, which is committed (needs Node.js 20 and npm)
web:
	cd web && npm ci --no-audit --no-fund && npm run build

#? web-proto: generate the TypeScript of the messages that the page signs (web/src/gen); after a change of proto/
web-proto:
	cd web && npm ci --no-audit --no-fund
	scripts/web-proto.sh
