package main

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"crypto/aes"
	"crypto/des"
	"crypto/rc4"
	"encoding/ascii85"
	"encoding/asn1"
	"encoding/base32"
	"image/jpeg"
	"image/png"
	"io"
	"strconv"
	"strings"
)

// numbers are errors with numbers in their messages.
func numbers() {
	_, err := strconv.Atoi("twelve \"dozen\"")
	add("atoi", err)
	_, err = strconv.ParseInt("99999999999999999999", 10, 64)
	add("parse_int", err)
	_, err = strconv.ParseInt("9", 99, 64)
	add("parse_base", err)
	_, err = strconv.ParseUint("300", 10, 8)
	add("parse_uint", err)
	_, err = strconv.ParseBool("maybe")
	add("parse_bool", err)
	_, err = strconv.ParseFloat("1e999", 64)
	add("parse_float", err)
	_, err = io.ReadAll(flate.NewReader(strings.NewReader("\xff\xff\xff")))
	add("flate", err)
	_, err = gzip.NewReader(strings.NewReader("nothing zipped"))
	add("gzip", err)
	_, err = aes.NewCipher(make([]byte, 5))
	add("aes", err)
	_, err = aes.NewCipher(make([]byte, 1000))
	add("aes_long", err)
	_, err = des.NewCipher(make([]byte, 3))
	add("des", err)
	_, err = rc4.NewCipher(nil)
	add("rc4", err)
	_, _, err = ascii85.Decode(make([]byte, 8), []byte("ab\x7fcd"), true)
	add("ascii85", err)
	_, err = base32.StdEncoding.DecodeString("ME1=====")
	add("base32", err)
	var number int
	_, err = asn1.Unmarshal([]byte{2, 0}, &number)
	add("asn1", err)
	_, err = asn1.Unmarshal([]byte{2, 5}, &number)
	add("asn1_syntax", err)
	_, err = asn1.Unmarshal([]byte{2, 1, 1}, nil)
	add("asn1_nil", err)
	_, err = asn1.Unmarshal([]byte{2, 1, 1}, 3)
	add("asn1_value", err)
	_, err = jpeg.Decode(strings.NewReader("not at all a picture"))
	add("jpeg", err)
	_, err = png.Decode(strings.NewReader("not at all a picture"))
	add("png", err)
	_, err = png.Decode(bytes.NewReader(append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 20)...)))
	add("png_chunk", err)
}
