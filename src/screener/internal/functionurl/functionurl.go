// Package functionurl serves Lambda function URL events with an http.Handler.
// Answers are buffered: it is made for InvokeMode BUFFERED.
package functionurl

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// Handler is a Lambda handler for events in payload format 2.0.
func Handler(next http.Handler) func(context.Context, events.LambdaFunctionURLRequest) (events.LambdaFunctionURLResponse, error) {
	return func(ctx context.Context, event events.LambdaFunctionURLRequest) (events.LambdaFunctionURLResponse, error) {
		request, err := toRequest(ctx, event)
		if err != nil {
			return events.LambdaFunctionURLResponse{}, fmt.Errorf("function URL event: %w", err)
		}
		answer := &buffer{header: http.Header{}, status: http.StatusOK}
		next.ServeHTTP(answer, request)
		return answer.response(), nil
	}
}

func toRequest(ctx context.Context, event events.LambdaFunctionURLRequest) (*http.Request, error) {
	body := []byte(event.Body)
	if event.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(event.Body); err != nil {
			return nil, err
		}
	}
	url := "https://" + event.RequestContext.DomainName + event.RawPath
	if event.RawQueryString != "" {
		url += "?" + event.RawQueryString
	}
	request, err := http.NewRequestWithContext(ctx, event.RequestContext.HTTP.Method, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for name, value := range event.Headers {
		request.Header.Set(name, value)
	}
	request.RemoteAddr = event.RequestContext.HTTP.SourceIP
	return request, nil
}

// buffer is a ResponseWriter that keeps the answer.
type buffer struct {
	header  http.Header
	status  int
	body    bytes.Buffer
	written bool
}

func (b *buffer) Header() http.Header { return b.header }

func (b *buffer) WriteHeader(status int) {
	if !b.written {
		b.status, b.written = status, true
	}
}

func (b *buffer) Write(p []byte) (int, error) {
	b.written = true
	return b.body.Write(p)
}

func (b *buffer) response() events.LambdaFunctionURLResponse {
	headers := make(map[string]string, len(b.header))
	for name, values := range b.header {
		headers[name] = strings.Join(values, ", ")
	}
	return events.LambdaFunctionURLResponse{StatusCode: b.status, Headers: headers, Body: b.body.String()}
}
