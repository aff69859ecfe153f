// Layouts prints every type in a program's DWARF as Go's own debug/dwarf reads it, one a line:
//
//	OFFSET <tab> NAME <tab> SIZE <tab> KIND <tab> PART <tab> PART...
//
// where a part of a struct is OFFSET:SIZE:TYPE:EMBEDDED:NAME, and what others are made of is TYPE or a count.
package main

import (
	"bufio"
	"debug/dwarf"
	"debug/elf"
	"fmt"
	"os"
	"strings"
)

// Go's own attributes: src/cmd/internal/dwarf/dwarf.go.
const (
	goKind     = dwarf.Attr(0x2900)
	goKey      = dwarf.Attr(0x2901)
	goElem     = dwarf.Attr(0x2902)
	goEmbedded = dwarf.Attr(0x2903)
)

// reflect.Kind, by number.
var kinds = []string{"", "bool", "int", "int", "int", "int", "int", "uint", "uint", "uint", "uint", "uint", "uintptr",
	"float", "float", "complex", "complex", "array", "chan", "func", "interface", "map", "pointer", "slice", "string",
	"struct", "unsafe"}

func main() {
	file, err := elf.Open(os.Args[1])
	check(err)
	data, err := file.DWARF()
	check(err)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer out.Flush()
	reader := data.Reader()
	for {
		unit, err := reader.Next()
		check(err)
		if unit == nil {
			return
		}
		if unit.Tag != dwarf.TagCompileUnit || !unit.Children {
			reader.SkipChildren()
			continue
		}
		if language, _ := unit.Val(dwarf.AttrLanguage).(int64); language != 0x16 { // DW_LANG_Go
			reader.SkipChildren()
			continue
		}
		for {
			entry, err := reader.Next()
			check(err)
			if entry == nil || entry.Tag == 0 {
				break
			}
			switch entry.Tag {
			case dwarf.TagBaseType, dwarf.TagStructType, dwarf.TagPointerType, dwarf.TagTypedef, dwarf.TagArrayType,
				dwarf.TagSubroutineType:
				describe(data, entry, out)
			}
			reader.SkipChildren()
		}
	}
}

// describe prints one type, named ones by what they are made of.
func describe(data *dwarf.Data, entry *dwarf.Entry, out *bufio.Writer) {
	name, _ := entry.Val(dwarf.AttrName).(string)
	typ, err := data.Type(entry.Offset)
	if err != nil {
		fmt.Fprintf(out, "%d\t%s\t-1\terror\t%v\n", entry.Offset, name, err)
		return
	}
	under := entry
	for {
		kind, _ := under.Val(goKind).(int64)
		special := kind == 18 || kind == 20 || kind == 21
		next, ok := under.Val(dwarf.AttrType).(dwarf.Offset)
		if under.Tag != dwarf.TagTypedef || special || !ok {
			break
		}
		reader := data.Reader()
		reader.Seek(next)
		under, err = reader.Next()
		check(err)
	}
	kind, _ := under.Val(goKind).(int64)
	kind &= 0x1f
	word := "none"
	switch {
	case under.Tag == dwarf.TagSubroutineType:
		word = "func"
	case under.Tag == dwarf.TagPointerType && under.Val(dwarf.AttrType) == nil:
		word = "unsafe"
	case under.Tag == dwarf.TagPointerType:
		word = "pointer"
	case int(kind) < len(kinds) && kind > 0:
		word = kinds[kind]
	case under.Tag == dwarf.TagStructType:
		word = "struct"
	case under.Tag == dwarf.TagArrayType:
		word = "array"
	}
	base, err := data.Type(under.Offset)
	check(err)
	var parts []string
	add := func(format string, arguments ...any) { parts = append(parts, fmt.Sprintf(format, arguments...)) }
	switch word {
	case "struct":
		structure, ok := base.(*dwarf.StructType)
		if !ok {
			break
		}
		reader := data.Reader()
		reader.Seek(under.Offset)
		_, err := reader.Next()
		check(err)
		number := 0
		for under.Children {
			member, err := reader.Next()
			check(err)
			if member == nil || member.Tag == 0 {
				break
			}
			if member.Tag != dwarf.TagMember {
				continue
			}
			field := structure.Field[number]
			number++
			embedded, _ := member.Val(goEmbedded).(bool)
			target, _ := member.Val(dwarf.AttrType).(dwarf.Offset)
			add("%d:%d:%d:%t:%s", field.ByteOffset, field.Type.Size(), target, embedded, field.Name)
		}
	case "array":
		target, _ := under.Val(dwarf.AttrType).(dwarf.Offset)
		add("%d", target)
		if array, ok := base.(*dwarf.ArrayType); ok {
			add("%d", array.Count)
		}
	case "pointer":
		target, _ := under.Val(dwarf.AttrType).(dwarf.Offset)
		add("%d", target)
	case "slice", "chan":
		target, _ := under.Val(goElem).(dwarf.Offset)
		add("%d", target)
	case "map":
		key, _ := under.Val(goKey).(dwarf.Offset)
		element, _ := under.Val(goElem).(dwarf.Offset)
		add("%d", key)
		add("%d", element)
	}
	fmt.Fprintf(out, "%d\t%s\t%d\t%s\t%s\n", entry.Offset, name, typ.Size(), word, strings.Join(parts, "\t"))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "layouts:", err)
		os.Exit(1)
	}
}
