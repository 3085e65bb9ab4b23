// Package interpreter runs filters with yaegi, the interpreter of the live
// screener, given nothing but the contract's symbols.
package interpreter

import (
	"fmt"
	"io"

	"github.com/traefik/yaegi/interp"
)

// nowhere is a folder that does not exist: there is no source to import.
const nowhere = "/nonexistent"

// Compile compiles a program and executes nothing of it. Constructs that make
// yaegi panic are errors.
func Compile(program string) error {
	_, _, err := compile(program, symbols)
	return err
}

func compile(program string, exports ...interp.Exports) (i *interp.Interpreter, compiled *interp.Program, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("the interpreter cannot compile this filter: %v", fault)
		}
	}()
	i = interp.New(interp.Options{GoPath: nowhere, Stdout: io.Discard, Stderr: io.Discard})
	for _, export := range exports {
		if err := i.Use(export); err != nil {
			return nil, nil, fmt.Errorf("load the contract: %w", err)
		}
	}
	compiled, err = i.Compile(program)
	return i, compiled, err
}
