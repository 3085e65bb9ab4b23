// Package interpreter runs filters with yaegi, the interpreter of the live
// screener, given nothing but the contract's symbols.
package interpreter

import (
	"fmt"
	"go/ast"
	"go/token"
	"io"

	"github.com/traefik/yaegi/interp"
)

// nowhere is a folder that does not exist: there is no source to import.
const nowhere = "/nonexistent"

// Interpreter compiles one program.
type Interpreter struct {
	yaegi *interp.Interpreter
}

// New is an interpreter with the contract's symbols.
func New() (*Interpreter, error) { return with(symbols) }

func with(exports ...interp.Exports) (*Interpreter, error) {
	i := interp.New(interp.Options{GoPath: nowhere, Stdout: io.Discard, Stderr: io.Discard})
	for _, export := range exports {
		if err := i.Use(export); err != nil {
			return nil, fmt.Errorf("load the contract: %w", err)
		}
	}
	return &Interpreter{i}, nil
}

// FileSet is what the program has to be parsed with.
func (i *Interpreter) FileSet() *token.FileSet { return i.yaegi.FileSet() }

// Compile compiles the program and executes nothing of it. Constructs that
// make yaegi panic are errors.
func (i *Interpreter) Compile(file *ast.File) error {
	_, err := i.compile(file)
	return err
}

func (i *Interpreter) compile(file *ast.File) (compiled *interp.Program, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("the interpreter cannot compile this filter: %v", fault)
		}
	}()
	return i.yaegi.CompileAST(file)
}
