module filtermend/tests/performance/screener

go 1.26.0

require (
	filtermend/screener v0.0.0
	github.com/traefik/yaegi v0.16.1
)

replace filtermend/screener => ../../../src/screener
