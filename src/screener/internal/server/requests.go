package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"filtermend/screener/internal/mend"
	"filtermend/screener/internal/replay"
	"filtermend/screener/types"
)

const (
	maxCode         = 64 << 10
	maxValidateBody = 16 * maxCode // JSON may need six bytes for one, and there may be two codes
	maxTestBody     = 8 << 20
	maxInputs       = 100
)

// validateRequest asks whether a filter compiles, and whether it keeps the
// intent of the failed one that it replaces.
type validateRequest struct {
	Code     *string `json:"code"`
	Replaces *string `json:"replaces"`
}

// comparable tells whether there is failed code of a reasonable size.
func (r validateRequest) comparable() bool {
	return r.Replaces != nil && len(*r.Replaces) <= maxCode
}

// testRequest asks what a filter does with market data, or with the built-in samples.
type testRequest struct {
	Code       *string             `json:"code"`
	MarketData *[]types.MarketData `json:"market_data"`
}

// mendRequest asks for a filter's certain changes. Error is the text of the
// error that was reported of it, which the inputs may not repeat. Guards are
// left out when it says so: the strategy may decide what counts without data.
// Optional is the data that the strategy can do without: intervals by their
// names, "ticker", and "intervals" for each that the filter goes through. With
// fewer, it takes fewer candles where there are fewer, and nothing but none at
// all makes it answer false. Strategy is what the filter is to do, in the
// trader's words.
type mendRequest struct {
	testRequest
	Error    string   `json:"error"`
	Guards   *bool    `json:"guards"`
	Optional []string `json:"optional"`
	Strategy string   `json:"strategy"`
	Fewer    bool     `json:"fewer"`
}

// noGuards tells whether what counts without data is not to be decided.
func (r mendRequest) noGuards() bool { return r.Fewer || r.Guards != nil && !*r.Guards }

// without is all that the strategy can do without.
func (r mendRequest) without() []string {
	if r.Fewer {
		return append(slices.Clone(r.Optional), mend.OptionalOlder)
	}
	return r.Optional
}

// inputs are the request's own, and then the samples: a filter that runs on
// the data that failed has to run on other data too.
func (r mendRequest) inputs() ([]types.MarketData, []replay.Sample) {
	own := r.MarketData
	r.MarketData = nil
	inputs, samples := r.testRequest.inputs()
	if own != nil {
		inputs = slices.Concat(*own, inputs)
	}
	return inputs, samples
}

// problem is what is wrong with a request, and the status to say it with.
type problem struct {
	status  int
	message string
}

func (p problem) Error() string { return p.message }

// checked is a request that can tell whether it is complete.
type checked interface{ check() error }

func (r validateRequest) check() error { return checkCode(r.Code) }

func (r testRequest) check() error {
	if r.MarketData != nil && len(*r.MarketData) > maxInputs {
		return problem{http.StatusBadRequest, fmt.Sprintf("market_data has %d inputs, the limit is %d", len(*r.MarketData), maxInputs)}
	}
	return checkCode(r.Code)
}

// inputs are the request's own, or the samples, which are returned beside them.
func (r testRequest) inputs() ([]types.MarketData, []replay.Sample) {
	if r.MarketData != nil {
		return *r.MarketData, nil
	}
	samples := replay.Samples()
	inputs := make([]types.MarketData, len(samples))
	for i, sample := range samples {
		inputs[i] = sample.Data
	}
	return inputs, samples
}

func checkCode(code *string) error {
	switch {
	case code == nil:
		return problem{http.StatusBadRequest, `the request needs "code", a string`}
	case len(*code) > maxCode:
		return problem{http.StatusRequestEntityTooLarge,
			fmt.Sprintf("the filter is too large: %d bytes, the limit is %d", len(*code), maxCode)}
	}
	return nil
}

// decode reads a request of at most limit bytes. Fields it does not know may
// come from a newer caller and are let pass.
func decode[T checked](w http.ResponseWriter, r *http.Request, limit int64) (T, error) {
	var request T
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, limit))
	err := decoder.Decode(&request)
	if err == nil {
		if _, err = decoder.Token(); err == nil {
			err = errors.New("something follows the JSON value")
		} else if errors.Is(err, io.EOF) {
			return request, request.check()
		}
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return request, problem{http.StatusRequestEntityTooLarge, fmt.Sprintf("the request is too large: the limit is %d bytes", limit)}
	}
	if errors.Is(err, io.EOF) {
		err = errors.New("the body is empty")
	}
	return request, problem{http.StatusBadRequest, "the request is not the JSON expected: " + err.Error()}
}
