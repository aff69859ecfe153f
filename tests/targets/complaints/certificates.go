package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"time"
)

// certificates are errors of TLS, and of what it thinks of certificates.
func certificates() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	made := func(of *x509.Certificate) *x509.Certificate {
		of.SerialNumber = big.NewInt(1)
		if of.NotAfter.IsZero() {
			of.NotAfter = time.Now().Add(time.Hour)
		}
		der, err := x509.CreateCertificate(rand.Reader, of, of, &key.PublicKey, key)
		if err != nil {
			panic(err)
		}
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			panic(err)
		}
		return certificate
	}
	verified := func(certificate *x509.Certificate, host string) error {
		pool := x509.NewCertPool()
		pool.AddCert(certificate)
		_, err := certificate.Verify(x509.VerifyOptions{DNSName: host, Roots: pool})
		return err
	}
	named := made(&x509.Certificate{DNSNames: []string{"one.example", "two.example"}})
	add("expired", verified(made(&x509.Certificate{NotAfter: time.Unix(1, 0), DNSNames: []string{"a"}}), "a"))
	_, err = named.Verify(x509.VerifyOptions{DNSName: "one.example", Roots: x509.NewCertPool()})
	add("authority", err)
	add("usage", func() error {
		pool := x509.NewCertPool()
		certificate := made(&x509.Certificate{DNSNames: []string{"a"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning}})
		pool.AddCert(certificate)
		_, err := certificate.Verify(x509.VerifyOptions{DNSName: "a", Roots: pool})
		return err
	}())
	add("signature", named.CheckSignatureFrom(made(&x509.Certificate{BasicConstraintsValid: true, IsCA: false})))
	add("algorithm", named.CheckSignature(x509.MD5WithRSA, nil, nil))

	client := func(there func(net.Conn), config *tls.Config) error {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			panic(err)
		}
		defer listener.Close()
		go func() {
			connection, err := listener.Accept()
			if err == nil {
				there(connection)
			}
		}()
		here, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			panic(err)
		}
		return tls.Client(here, config).Handshake()
	}
	certificate := tls.Certificate{Certificate: [][]byte{named.Raw}, PrivateKey: key}
	serves := func(config *tls.Config) func(net.Conn) {
		config.Certificates = []tls.Certificate{certificate}
		return func(connection net.Conn) {
			tls.Server(connection, config).Handshake()
			connection.Close()
		}
	}
	pool := x509.NewCertPool()
	pool.AddCert(named)
	add("tls_authority", client(serves(&tls.Config{}), &tls.Config{ServerName: "one.example", RootCAs: x509.NewCertPool()}))
	add("tls_version", client(serves(&tls.Config{MaxVersion: tls.VersionTLS12}), &tls.Config{ServerName: "one.example", RootCAs: pool, MinVersion: tls.VersionTLS13}))
	add("tls_header", client(func(connection net.Conn) {
		connection.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
		connection.Close()
	}, &tls.Config{ServerName: "x"}))
	add("tls_end", client(func(connection net.Conn) { connection.Close() }, &tls.Config{ServerName: "x"}))
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	_, err = http.Get(secure.URL)
	add("https", err)
	_, err = http.Get("http" + secure.URL[len("https"):] + "/x")
	if err != nil {
		add("http_https", err)
	}
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	_, err = http.Get("https" + plain.URL[len("http"):])
	add("https_http", err)
}
