module filtermend/screener

go 1.26.0

require (
	github.com/aws/aws-lambda-go v1.55.1
	github.com/traefik/yaegi v0.16.1
)

require golang.org/x/sys v0.49.0
