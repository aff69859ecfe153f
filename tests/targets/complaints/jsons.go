package main

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
)

type address struct {
	Street string `json:"street"`
	Number int8   `json:"number"`
}

type person struct {
	Name  string
	Age   int
	Home  address
	Homes []address
	Set   map[string]bool
}

type refusing struct{}

func (refusing) MarshalJSON() ([]byte, error) { return nil, errors.New("not me") }

type unspeakable struct{}

func (unspeakable) MarshalText() ([]byte, error) { return nil, errors.New("nor me") }

// jsons are errors of encoding/json.
func jsons() {
	var into person
	for name, text := range map[string]string{
		"json_string": `{"Name": 12.5}`,
		"json_number": `{"Age": "old"}`,
		"json_small":  `{"Home": {"number": 300}}`,
		"json_list":   `{"Homes": [{"street": []}]}`,
		"json_bool":   `{"Set": {"a": 1}}`,
		"json_top":    `[1, 2]`,
		"json_syntax": `{"Name": }`,
		"json_end":    `{"Name": `,
		"json_escape": `{"Name": "\q"}`,
	} {
		add(name, json.Unmarshal([]byte(text), &into))
	}
	var number int
	add("json_value", json.Unmarshal([]byte(`"text"`), &number))
	var list []string
	add("json_element", json.Unmarshal([]byte(`["a", true]`), &list))
	add("json_nil", json.Unmarshal([]byte("{}"), nil))
	add("json_no_pointer", json.Unmarshal([]byte("{}"), into))
	add("json_nil_pointer", json.Unmarshal([]byte("{}"), (*person)(nil)))
	_, err := json.Marshal(make(chan map[string]*person))
	add("json_type", err)
	_, err = json.Marshal(math.Inf(1))
	add("json_infinite", err)
	_, err = json.Marshal([]refusing{{}})
	add("json_refused", err)
	_, err = json.Marshal(map[string]unspeakable{"a": {}})
	add("json_refused_text", err)
	decoder := json.NewDecoder(strings.NewReader(`{"Name": "x", "Else": 1}`))
	decoder.DisallowUnknownFields()
	add("json_unknown", decoder.Decode(&into))
}
