package sandbox

import (
	"filtermend/screener/internal/mend"
	"filtermend/screener/internal/replay"
)

// hinter gives hints about one code's panics, each found once: most inputs
// that panic do so in the same place.
type hinter struct {
	code  string
	found map[panicked]hints
}

// hints are how to mend a panic by not matching, and by doing without the data.
type hints struct{ mending, without string }

type panicked struct {
	line        int
	nativeError string
}

// improve puts the certain change, where there is one, in place of a panic's
// general hint.
func (h *hinter) improve(result *replay.Result) {
	if result.ErrorType == replay.Timeout && result.Line > 0 {
		if hint := mend.EndlessHint(h.code, result.Line); hint != "" {
			result.Hint = hint
		}
	}
	if result.ErrorType != replay.Panic || result.Line == 0 {
		return
	}
	at := panicked{result.Line, result.NativeError}
	hint, known := h.found[at]
	if !known {
		hint.mending, hint.without = mend.GuardHint(h.code, at.line, at.nativeError)
		h.found[at] = hint
	}
	result.Without = hint.without
	if hint.mending != "" {
		result.Hint = hint.mending
	}
}
