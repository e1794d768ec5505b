// A server and clients over HTTPS: "talking serve <port>", "talking ask <how> <port> <path> <times> <at once>".
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

func check(problem error) {
	if problem != nil {
		panic(problem)
	}
}

func certificate() tls.Certificate {
	key, problem := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(problem)
	template := x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	made, problem := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	check(problem)
	return tls.Certificate{Certificate: [][]byte{made}, PrivateKey: key}
}

func serve(port string) {
	answer := func(to http.ResponseWriter, asked *http.Request) {
		if strings.HasPrefix(asked.URL.Path, "/bad") {
			to.WriteHeader(http.StatusServiceUnavailable)
		}
		fmt.Fprintln(to, "hello over", asked.Proto)
	}
	settings := tls.Config{Certificates: []tls.Certificate{certificate()}}
	server := http.Server{Addr: "127.0.0.1:" + port, Handler: http.HandlerFunc(answer), TLSConfig: &settings}
	check(server.ListenAndServeTLS("", ""))
}

var trusting = tls.Config{InsecureSkipVerify: true}

// Through net/http, which shakes hands, writes and reads in goroutines of their own; over one connection.
func asking(protocol string, protocols *http.Protocols) func(place string, path string) {
	transport := &http.Transport{TLSClientConfig: trusting.Clone(), Protocols: protocols}
	client := http.Client{Transport: transport}
	return func(place string, path string) {
		answer, problem := client.Get("https://" + place + path)
		check(problem)
		said, problem := io.ReadAll(answer.Body)
		check(problem)
		answer.Body.Close()
		if !strings.Contains(string(said), protocol) {
			panic("expected " + protocol + ", found " + string(said))
		}
	}
}

// Reads to the stack, from one depth or another, so that here and there it grows meanwhile.
func read(connection *tls.Conn, depth int) string {
	var room [200]byte
	if depth > 0 {
		return read(connection, depth-1)
	}
	count, problem := connection.Read(room[:])
	check(problem)
	return string(room[:count])
}

// Without net/http: hands are shaken within the first write, and who reads has begun with a small stack.
func bare(place string, path string) {
	dialed, problem := net.Dial("tcp", place)
	check(problem)
	connection := tls.Client(dialed, &trusting)
	fmt.Fprintf(connection, "GET %s HTTP/1.1\r\nHost: bare\r\n\r\n", path)
	said := make(chan string)
	go func() { said <- read(connection, len(path)%2+int(path[len(path)-1])%10) }()
	if answer := <-said; !strings.HasPrefix(answer, "HTTP/1.1 ") {
		panic("expected HTTP/1.1, found " + answer)
	}
	connection.Close()
}

func main() {
	if os.Args[1] == "serve" {
		serve(os.Args[2])
	}
	how, place, path := os.Args[2], "127.0.0.1:"+os.Args[3], os.Args[4]
	times, problem := strconv.Atoi(os.Args[5])
	check(problem)
	atOnce, problem := strconv.Atoi(os.Args[6])
	check(problem)
	var first, second http.Protocols
	first.SetHTTP1(true)
	second.SetHTTP2(true)
	var all sync.WaitGroup
	for range atOnce {
		all.Add(1)
		go func() {
			defer all.Done()
			ask := map[string]func(string, string){
				"http1": asking("HTTP/1.1", &first), "http2": asking("HTTP/2.0", &second), "bare": bare,
			}[how]
			for number := range times {
				ask(place, strings.ReplaceAll(path, "#", strconv.Itoa(number)))
			}
		}()
	}
	all.Wait()
	io.ReadAll(os.Stdin) // who it was can be read for as long as it is there
}
