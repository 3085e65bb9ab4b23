package interpreter

import (
	"fmt"
	"go/parser"
	"reflect"
	"sync/atomic"

	"github.com/traefik/yaegi/interp"

	"filtermend/screener/types"
)

// Filter is a loaded filter. It notes the line of each statement it comes to,
// because yaegi's panics do not tell where they happened.
type Filter struct {
	evaluate func(*types.MarketData) bool
	position *position
}

// position is the variable that a marked program assigns its lines to.
type position struct{ Line int64 }

// Load compiles a program and makes its function ready to run.
func Load(program, function string) (*Filter, error) {
	marked, err := mark(program)
	if err != nil {
		return nil, err
	}
	at := &position{}
	i, err := with(symbols, interp.Exports{
		marksPath + "/" + marksName: {"At": reflect.ValueOf(&at).Elem()},
	})
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(i.FileSet(), "", marked, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("parse the marked program: %w", err)
	}
	compiled, err := i.compile(file)
	if err != nil {
		return nil, err
	}
	if _, err := i.yaegi.Execute(compiled); err != nil {
		return nil, fmt.Errorf("load the program: %w", err)
	}
	value, err := i.yaegi.Eval("main." + function)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", function, err)
	}
	evaluate, ok := value.Interface().(func(*types.MarketData) bool)
	if !ok {
		return nil, fmt.Errorf("%s is a %s", function, value.Type())
	}
	return &Filter{evaluate: evaluate, position: at}, nil
}

// Evaluate runs the filter. It panics as the filter does.
func (f *Filter) Evaluate(data *types.MarketData) bool {
	atomic.StoreInt64(&f.position.Line, 0)
	return f.evaluate(data)
}

// Line is the program's line of the statement that runs now, or ran last.
func (f *Filter) Line() int {
	return int(atomic.LoadInt64(&f.position.Line))
}
