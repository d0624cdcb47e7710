module github.com/ballast-finance/ballast

go 1.26

require (
	github.com/holiman/uint256 v1.3.2
	pgregory.net/rapid v1.3.0
)

require go.yaml.in/yaml/v3 v3.0.6 // indirect
