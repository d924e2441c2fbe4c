//! The server, over a socket: answers, problem documents, strangers, and going on after a bad request.

use super::{LIFT, lift, solver};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A server on a free port with a folder of its own; killed when it is dropped.
struct Server {
    child: Child,
    address: String,
    folder: tempfile::TempDir,
}

impl Server {
    fn start() -> Server {
        Server::on(tempfile::tempdir().unwrap())
    }

    fn on(folder: tempfile::TempDir) -> Server {
        solver();
        let mut child = Command::new(LIFT)
            .args(["serve", "--port", "0", "--data"])
            .arg(folder.path())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let line = lines.next().unwrap().unwrap();
        let address = line.split("http://").nth(1).unwrap().split(' ').next().unwrap().to_owned();
        // Whatever else it says is read, so that it never waits for us.
        std::thread::spawn(move || lines.count());
        Server { child, address, folder }
    }

    /// One request; the status and the body.
    fn ask(&self, head: &str, headers: &str, body: &[u8]) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let request = format!(
            "{head} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n",
            self.address,
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        // A server that refuses a body early may close before all of it was sent.
        let _ = stream.write_all(body);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let (_, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
        (status, body.to_owned())
    }

    fn get(&self, path: &str) -> (u16, String) {
        self.ask(&format!("GET {path}"), "", b"")
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let head = format!("{method} {path}");
        let (status, text) =
            self.ask(&head, "content-type: application/json\r\n", body.to_string().as_bytes());
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.send("POST", path, body)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_draft_goes_forward_is_kept_changed_and_found_again() {
    let mut server = Server::start();
    let (status, made) =
        server.post("/api/v1/forward", &json!({ "words": "Sum the even numbers in a list" }));
    assert_eq!(status, 200, "{made}");
    assert!(made["code"].as_str().unwrap().contains("def sum_even"));
    let path = format!("/api/v1/drafts/{}", made["draft"].as_str().unwrap());
    let (status, changed) = server.send("PUT", &path, &json!({ "revision": 1, "document": "# Changed" }));
    assert_eq!((status, &changed["revision"]), (200, &json!(2)));
    assert_eq!(server.send("PUT", &path, &json!({ "revision": 1, "document": "# Late" })).0, 409);
    // Killed, not asked to stop; nothing that was answered is lost.
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    let folder = std::mem::replace(&mut server.folder, tempfile::tempdir().unwrap());
    let server = Server::on(folder);
    let (status, text) = server.get(&path);
    assert_eq!(status, 200);
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["document"], "# Changed");
    assert_eq!(server.send("DELETE", &path, &Value::Null).0, 204);
    assert_eq!(server.get(&path).0, 404);
}

#[test]
fn check_verify_and_run_say_what_the_command_line_says() {
    let server = Server::start();
    let text =
        "```spec-ir\ndef f(x: Int): Int\n  ensures result > x\n= x + 1\n\nexamples { f(1) == 2 }\n```\n";
    let body = json!({ "document": text });
    let (status, found) = server.post("/api/v1/check", &body);
    assert_eq!((status, found["declarations"][0]["name"].as_str()), (200, Some("f")));
    let (status, found) = server.post("/api/v1/verify", &body);
    assert_eq!((status, found["declarations"][0]["verdict"].as_str()), (200, Some("proved")));
    let (status, ran) = server.post("/api/v1/run", &body);
    assert_eq!((status, &ran["examples"][0]["ok"]), (200, &json!(true)));
    assert!(ran["ran"].as_str().unwrap().starts_with("python"), "{ran}");
    let (status, health) = server.get("/health");
    assert_eq!(status, 200);
    let health: Value = serde_json::from_str(&health).unwrap();
    assert_eq!((&health["status"], &health["solver"]["status"]), (&json!("ok"), &json!("ready")));
}

#[test]
fn bad_requests_get_a_problem_document_and_the_server_goes_on() {
    let server = Server::start();
    let json_type = "content-type: application/json\r\n";
    let huge = vec![b'a'; (1 << 20) + 100];
    for (head, headers, body, expected) in [
        ("GET /api/v1/nothing", "", &b""[..], 404),
        ("GET /api/v1/drafts/not-a-draft", "", b"", 404),
        ("GET /api/v1/check", "", b"", 405),
        ("POST /api/v1/check", "", b"{}", 415),
        ("POST /api/v1/check", json_type, b"{", 400),
        ("POST /api/v1/check", json_type, b"{}", 422),
        ("POST /api/v1/check", json_type, b"\xff\xfe", 400),
        ("POST /api/v1/forward", json_type, b"{\"words\":\" \"}", 400),
        ("POST /api/v1/check", json_type, &huge, 413),
    ] {
        let (status, text) = server.ask(head, headers, body);
        assert_eq!(status, expected, "{head}: {text}");
        let problem: Value =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{head}: {error}: {text}"));
        assert_eq!(problem["status"], expected);
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{head}: {text}");
    }
    assert_eq!(server.get("/health").0, 200);
}

#[test]
fn strangers_are_refused() {
    let server = Server::start();
    assert_eq!(server.ask("GET /health", "origin: http://evil.example\r\n", b"").0, 403);
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 421"), "{answer}");
}

#[test]
fn a_taken_port_is_one_clear_line() {
    let server = Server::start();
    let port = server.address.rsplit(':').next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let output = lift(&["serve", "--port", port, "--data", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("cannot listen on") && text.contains("--port"), "{text}");
}
