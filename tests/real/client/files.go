package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gobt.example/truth"
)

// rclone copies files from one directory to another.
func rclone(p *program) {
	for n := 0; n < 40; n++ {
		p.file(fmt.Sprintf("from/%d", n), strings.Repeat("text", n))
	}
	truth.Begin()
	p.run(nil, "copy", "--config", "", filepath.Join(p.place, "from"), filepath.Join(p.place, "to"))
	truth.Number("files", entries(filepath.Join(p.place, "to")))
	truth.End()
}

// restic saves files in a repository of its own, twice: the second time only what is new.
func restic(p *program) {
	variables := []string{"RESTIC_PASSWORD=secret", "RESTIC_REPOSITORY=" + filepath.Join(p.place, "repository")}
	p.run(variables, "init")
	for n := 0; n < 30; n++ {
		p.file(fmt.Sprintf("data/%d", n), fmt.Sprint("file ", n))
	}
	truth.Begin()
	var saved int64
	for round := 0; round < 2; round++ {
		out := p.run(variables, "backup", "--json", filepath.Join(p.place, "data"))
		lines := strings.Split(strings.TrimSpace(out), "\n")
		var summary struct {
			New int64 `json:"files_new"`
		}
		must(json.Unmarshal([]byte(lines[len(lines)-1]), &summary))
		saved += summary.New
		for n := 0; n < 5; n++ {
			p.file(fmt.Sprintf("data/new%d", n), fmt.Sprint("new ", n))
		}
	}
	truth.Number("files", saved)
	truth.End()
}

// esbuild compiles files of TypeScript, one of them with a mistake.
func esbuild(p *program) {
	arguments := []string{"--outdir=" + filepath.Join(p.place, "out")}
	for n := 0; n < 50; n++ {
		arguments = append(arguments, p.file(fmt.Sprintf("from/file%d.ts", n), fmt.Sprintf("export const x%d: number = %d\n", n, n)))
	}
	truth.Begin()
	p.run(nil, arguments...)
	truth.Number("files", entries(filepath.Join(p.place, "out")))
	truth.End()
}

// entries is how many files a directory has.
func entries(directory string) int64 {
	all, err := os.ReadDir(directory)
	must(err)
	return int64(len(all))
}
