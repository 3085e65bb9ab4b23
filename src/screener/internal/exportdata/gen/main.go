// Command gen writes the export data of the contract's packages, cut out of
// the archives that the Go toolchain builds for them.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"filtermend/screener"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("exportdata: ")
	out := flag.String("out", "data", "folder to write to")
	flag.Parse()
	for _, name := range []string{"types", "indicators"} {
		if err := write(*out, name); err != nil {
			log.Fatal(err)
		}
	}
}

func write(out, name string) error {
	list := exec.Command("go", "list", "-export", "-trimpath", "-f", "{{.Export}}", screener.Module+"/"+name)
	list.Stderr = os.Stderr
	answer, err := list.Output()
	if err != nil {
		return fmt.Errorf("go list %s: %w", name, err)
	}
	archive, err := os.ReadFile(strings.TrimSpace(string(answer)))
	if err != nil {
		return err
	}
	declarations, err := declarationsOf(archive)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return os.WriteFile(filepath.Join(out, name+".export"), declarations, 0o644)
}

// declarationsOf keeps an archive's first entry, __.PKGDEF, and drops the
// object code after it.
func declarationsOf(archive []byte) ([]byte, error) {
	const magic, header, sizeAt, sizeLen = "!<arch>\n", 60, 48, 10
	entry := archive[min(len(magic), len(archive)):]
	if !bytes.HasPrefix(archive, []byte(magic+"__.PKGDEF")) || len(entry) < header {
		return nil, fmt.Errorf("not a package archive")
	}
	size, err := strconv.Atoi(strings.TrimSpace(string(entry[sizeAt : sizeAt+sizeLen])))
	if err != nil || len(entry) < header+size {
		return nil, fmt.Errorf("archive entry is cut short (%w)", err)
	}
	return archive[:len(magic)+header+size], nil
}
