package functionurl_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"filtermend/screener/internal/functionurl"
)

// echo answers with what it understood of a request.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("X-Seen", r.Header.Get("Accept"))
	w.Header().Add("Vary", "Accept")
	w.Header().Add("Vary", "Origin")
	w.WriteHeader(http.StatusTeapot)
	w.WriteHeader(http.StatusOK) // too late
	fmt.Fprintf(w, "%s %s?%s %s %s", r.Method, r.URL.Path, r.URL.RawQuery, r.Host, body)
}

func event(body string, encoded bool) events.LambdaFunctionURLRequest {
	e := events.LambdaFunctionURLRequest{
		Version:         "2.0",
		RawPath:         "/api/validate-filter",
		RawQueryString:  "a=1&b=2",
		Headers:         map[string]string{"accept": "application/json"},
		Body:            body,
		IsBase64Encoded: encoded,
	}
	e.RequestContext.DomainName = "x.lambda-url.eu-central-1.on.aws"
	e.RequestContext.HTTP.Method = http.MethodPost
	return e
}

func TestEventsBecomeRequestsAndBack(t *testing.T) {
	const body = `{"code":"return true"}`
	handler := functionurl.Handler(http.HandlerFunc(echo))
	for name, e := range map[string]events.LambdaFunctionURLRequest{
		"plain":  event(body, false),
		"base64": event(base64.StdEncoding.EncodeToString([]byte(body)), true),
	} {
		answer, err := handler(context.Background(), e)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if want := "POST /api/validate-filter?a=1&b=2 x.lambda-url.eu-central-1.on.aws " + body; answer.Body != want {
			t.Errorf("%s: body %q, want %q", name, answer.Body, want)
		}
		if answer.StatusCode != http.StatusTeapot || answer.Headers["X-Seen"] != "application/json" || answer.Headers["Vary"] != "Accept, Origin" {
			t.Errorf("%s: %+v", name, answer)
		}
	}
}

func TestASilentHandlerAnswers200(t *testing.T) {
	handler := functionurl.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	if answer, err := handler(context.Background(), event("", false)); err != nil || answer.StatusCode != 200 {
		t.Errorf("%+v, %v", answer, err)
	}
}

func TestBrokenEventsAreErrors(t *testing.T) {
	handler := functionurl.Handler(http.HandlerFunc(echo))
	if _, err := handler(context.Background(), event("not base64!", true)); err == nil {
		t.Error("no error for a broken body")
	}
	broken := event("", false)
	broken.RequestContext.HTTP.Method = "NO METHOD"
	if _, err := handler(context.Background(), broken); err == nil {
		t.Error("no error for a broken method")
	}
}
