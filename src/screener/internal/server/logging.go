package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"time"
)

// notes are what handlers add to the log line of their request.
type notes struct{ attributes []any }

type notesKey struct{}

// logged writes one line per request. Code never goes there.
func logged(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		noted := &notes{}
		recorder := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(recorder, r.WithContext(context.WithValue(r.Context(), notesKey{}, noted)))
		level := slog.LevelInfo
		if recorder.status >= http.StatusInternalServerError {
			level = slog.LevelError
		}
		log.Log(r.Context(), level, "request", append([]any{
			slog.String("method", r.Method),
			slog.String("path", r.URL.Path),
			slog.Int("status", recorder.status),
			slog.Float64("duration_ms", float64(time.Since(start).Microseconds())/1000),
		}, noted.attributes...)...)
	})
}

// note adds attributes to the request's log line.
func note(r *http.Request, attributes ...slog.Attr) {
	noted, ok := r.Context().Value(notesKey{}).(*notes)
	if !ok {
		return
	}
	for _, attribute := range attributes {
		noted.attributes = append(noted.attributes, attribute)
	}
}

// codeAttributes identify code without showing it.
func codeAttributes(code string) []slog.Attr {
	sum := sha256.Sum256([]byte(code))
	return []slog.Attr{slog.Int("code_bytes", len(code)), slog.String("code_sha256", hex.EncodeToString(sum[:8]))}
}

func errorAttribute(err error) slog.Attr { return slog.String("error", err.Error()) }

// statusRecorder remembers the status that was sent.
type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (s *statusRecorder) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}
