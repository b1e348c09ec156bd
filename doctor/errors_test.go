package doctor

import (
	"crypto/tls"
	"crypto/x509"
	"net"
)

// What a machine for tests cannot bring about: the errors as Go's own packages make them.

func expired() error {
	return &tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Cert: &x509.Certificate{}, Reason: x509.Expired}}
}

func notFound() error { return &net.DNSError{Err: "no such host", Name: "w.example", IsNotFound: true} }

func check(f finding) Check { return Check{Outcome: f.outcome, Found: f.found, Remedy: f.remedy} }
