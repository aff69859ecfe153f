// Package status makes errors.
package status

import "google.golang.org/grpc/internal/status"

func Error(code int32, message string) error { return status.New(code, message).Err() }
