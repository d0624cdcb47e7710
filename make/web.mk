# The page of ballast-index. What `make web` compiles is committed: building the programs needs no Node.js.

.PHONY: web

#? web: compile the page of web/ into web/dist, which is committed (needs Node.js 20 and npm)
web:
	cd web && npm ci --no-audit --no-fund && npm run build
