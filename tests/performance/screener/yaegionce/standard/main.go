// Command standard is yaegi with the standard library, as the yaegi command
// comes and as screeners embed it.
package main

import (
	"github.com/traefik/yaegi/stdlib"

	"filtermend/tests/performance/screener/yaegionce"
)

func main() { yaegionce.Run(stdlib.Symbols) }
