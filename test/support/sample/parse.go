// Package settings reads files of "key = value" lines.
package settings

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Setting is one line of the file.
type Setting struct {
	Key   string
	Value string
	Line  int
}

// Parse reads all settings. Empty lines and lines that begin with # are skipped.
func Parse(r io.Reader) ([]Setting, error) {
	var settings []Setting
	scanner := bufio.NewScanner(r)
	for line := 1; scanner.Scan(); line++ {
		text := strings.TrimSpace(scanner.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		key, value, found := strings.Cut(text, "=")
		if !found {
			return nil, fmt.Errorf("line %d: no = in %q", line, text)
		}
		settings = append(settings, Setting{
			Key:   strings.TrimSpace(key),
			Value: strings.TrimSpace(value),
			Line:  line,
		})
	}
	return settings, nil
}

// Find returns the last value of a key: later lines win.
func Find(settings []Setting, key string) (string, bool) {
	for i := len(settings) - 1; i >= 0; i-- {
		if settings[i].Key == key {
			return settings[i].Value, true
		}
	}
	return "", false
}
