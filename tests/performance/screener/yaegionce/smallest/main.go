// Command smallest is the least that a yaegi process can be: it knows the six
// helpers that the measured filter calls, and nothing else.
package main

import "filtermend/tests/performance/screener/yaegionce"

func main() { yaegionce.Run(nil) }
