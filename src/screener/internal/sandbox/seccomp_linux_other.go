//go:build linux && !amd64

package sandbox

var forbiddenHere []uint32
