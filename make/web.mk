# The page of ballast-index. What `make web` compiles is committed: building the programs needs no Node.js.

.PHONY: web web-check web-proto web-test shots

#? web: compile the page of web/ into web/dist, which is committed (needs Node.js 20 and npm)
web:
	cd web && npm ci --no-audit --no-fund && npm run build

#? web-check: fail when web/dist is not what `make web` makes
web-check: web
	git diff --exit-code -- web/dist

#? web-proto: generate the TypeScript of the messages that the page signs (web/src/gen); after a change of proto/
web-proto:
	cd web && npm ci --no-audit --no-fund
	scripts/web-proto.sh

#? web-test: run the page in headless Chromium against a chain, feeders, a maker and a history (minutes; needs Node.js, Chromium)
web-test: ballastd ballast-index
	cd web && npm ci --no-audit --no-fund && npm test

#? shots: take pictures of every view, light, dark and on a phone, into out/shots (minutes; needs Node.js, Chromium)
shots: ballastd ballast-index
	cd web && npm ci --no-audit --no-fund && npm run shots
