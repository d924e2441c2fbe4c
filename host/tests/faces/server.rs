//! The server, over a socket: answers, problem documents, strangers, and going on after a bad request.

use super::{LIFT, lift, worker_program};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

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
        worker_program();
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
fn a_document_comes_with_those_it_imports() {
    let server = Server::start();
    let fenced = |text: &str| format!("```spec-ir\n{text}\n```\n");
    let ages = fenced("type Age = {x: Int | 0 <= x}\ndef older(age: Age): Age = age + 1");
    let main = fenced(
        "import \"../ages.spec.md\" as ages\ndef twice(age: ages.Age): ages.Age = ages.older(ages.older(age))\n\
         examples { twice(3) == 5 }",
    );
    let body = json!({
        "document": &main, "path": "people/main.spec.md", "documents": { "ages.spec.md": &ages, "more.spec.md": "" },
    });
    let (status, found) = server.post("/api/v1/check", &body);
    assert_eq!(
        (status, &found["path"], &found["diagnostics"]),
        (200, &json!("people/main.spec.md"), &json!([]))
    );
    let (status, found) = server.post("/api/v1/verify", &body);
    assert_eq!((status, &found["declarations"][0]["verdict"]), (200, &json!("proved")), "{found}");
    let (status, found) = server.post("/api/v1/run", &body);
    assert_eq!((status, &found["examples"][0]["ok"]), (200, &json!(true)), "{found}");

    // What is not there is a finding of the document, not a failure of the request.
    let lacking = json!({ "document": &main, "path": "people/main.spec.md", "documents": {} });
    for body in [lacking, json!({ "document": &main, "path": "main.spec.md" }), json!({ "document": &main })]
    {
        let (status, found) = server.post("/api/v1/check", &body);
        let code = found["diagnostics"][0]["code"].as_str().unwrap();
        assert!(status == 200 && ["E0141", "E0142"].contains(&code), "{found}");
    }
}

#[test]
fn hostile_paths_are_refused_by_name() {
    let server = Server::start();
    let secret = server.folder.path().join("secret.spec.md");
    std::fs::write(&secret, "```spec-ir\ntype Secret = Int\n```\n").unwrap();
    let secret = secret.to_str().unwrap();
    for path in [
        secret,
        "/etc/passwd",
        "../a.spec.md",
        "a/../../b.spec.md",
        "./a.spec.md",
        "a/../b.spec.md",
        "a//b.spec.md",
        "C:/a.spec.md",
        "file:///a.spec.md",
        "a\\b.spec.md",
        "~/a.spec.md",
        "a.md",
        ".spec.md",
        "",
        "a\u{0}.spec.md",
    ] {
        let bodies =
            [json!({ "document": "", "path": path }), json!({ "document": "", "documents": { path: "" } })];
        for (body, field) in bodies.iter().zip(["path", "documents"]) {
            for route in ["check", "verify", "run"] {
                let (status, problem) = server.post(&format!("/api/v1/{route}"), body);
                let detail = problem["detail"].as_str().unwrap();
                assert!(status == 400 && detail.starts_with(&format!("`{field}`: ")), "{path}: {problem}");
            }
        }
        // Inside a document it is a finding, and nothing of the server's disk is read.
        let document = format!("```spec-ir\nimport {path:?} as a\n```\n");
        let (status, found) = server.post("/api/v1/check", &json!({ "document": document, "documents": {} }));
        assert_eq!(status, 200);
        assert!(!found["diagnostics"].as_array().unwrap().is_empty(), "{path}: {found}");
    }
    let (status, _) = server.post("/api/v1/check", &json!({ "document": "", "documets": {} }));
    assert_eq!(status, 422);
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
        ("POST /api/v1/solve", json_type, b"{\"script\":1}", 422),
        ("POST /api/v1/solve", json_type, &huge, 413),
        ("POST /api/v1/run", json_type, b"[]", 422),
        ("POST /health", "", b"", 405),
        ("POST /offline.js", "", b"", 405),
        ("GET /release/0000000000000000/lift-web.js", "", b"", 404),
        ("GET /../Cargo.toml", "", b"", 404),
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

/// A query that Z3 does not finish by itself.
fn endless(wall_ms: u64) -> Value {
    let script = "(declare-const x Int)(declare-const y Int)(declare-const z Int)\
                  (assert (> x 1))(assert (> y 1))(assert (> z 1))\
                  (assert (= (+ (* x x x) (* y y y)) (* z z z)))";
    json!({ "key": "", "script": script, "values": [], "names": [], "rlimit": 4_000_000_000_u64, "wall_ms": wall_ms })
}

/// A query with an easy answer.
fn easy() -> Value {
    json!({ "key": "", "script": "(assert false)", "values": [], "names": [], "rlimit": 100_000, "wall_ms": 2_000 })
}

#[test]
fn everything_else_is_answered_while_the_solver_is_busy_and_every_query_gets_an_answer() {
    let server = Server::start();
    assert_eq!(server.post("/api/v1/solve", &easy()).1["verdict"]["is"], "unsat");
    std::thread::scope(|scope| {
        // More than there are workers, and more than there are threads that compute.
        let busy: Vec<_> =
            (0..24).map(|_| scope.spawn(|| server.post("/api/v1/solve", &endless(600)))).collect();
        std::thread::sleep(Duration::from_millis(100));
        for round in 0..10 {
            let began = Instant::now();
            assert_eq!(server.get("/health").0, 200);
            let body = json!({ "document": format!("```spec-ir\ndef f(x: Int): Int = x + {round}\n```\n") });
            assert_eq!(server.post("/api/v1/check", &body).0, 200);
            let draft = server.post("/api/v1/forward", &json!({ "words": "nothing that anybody knows" }));
            assert_eq!(draft.0, 200, "{draft:?}");
            assert!(began.elapsed() < Duration::from_secs(10), "round {round}: {:?}", began.elapsed());
        }
        for query in busy {
            let (status, answer) = query.join().unwrap();
            assert_eq!((status, &answer["verdict"]["is"]), (200, &json!("unknown")), "{answer}");
            // Whichever comes first: its own time, or the units that an obligation of a document gets.
            let reason = answer["verdict"]["reason"].as_str().unwrap();
            assert!(
                ["longer than 600 ms", "4000000 resource units"].iter().any(|limit| reason.contains(limit)),
                "{answer}"
            );
        }
    });
    // None of the drafts made meanwhile was lost.
    let (_, drafts) = server.get("/api/v1/drafts");
    assert_eq!(serde_json::from_str::<Value>(&drafts).unwrap().as_array().unwrap().len(), 10);
}

#[test]
fn a_query_whose_client_is_gone_is_given_up() {
    let server = Server::start();
    let body = endless(50_000).to_string();
    for _ in 0..8 {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        let head = format!(
            "POST /api/v1/solve HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            server.address,
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
        std::thread::sleep(Duration::from_millis(50));
    }
    let began = Instant::now();
    assert_eq!(server.post("/api/v1/solve", &easy()).1["verdict"]["is"], "unsat");
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[test]
fn slow_clients_are_let_go_and_the_others_are_served_meanwhile() {
    let server = Server::start();
    let open = |request: &str| {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream
    };
    let head = format!("POST /api/v1/check HTTP/1.1\r\nhost: {}\r\n", server.address);
    // One that stops in the head, one in the body, and a crowd that says nothing.
    let in_head = open(&head);
    let in_body =
        open(&format!("{head}content-type: application/json\r\ncontent-length: 100\r\n\r\n{{\"doc"));
    let crowd: Vec<_> = (0..100).map(|_| open("")).collect();
    assert_eq!(server.get("/health").0, 200);
    let told = |mut stream: TcpStream| {
        let mut answer = String::new();
        // A connection that is cut says nothing.
        let _ = stream.read_to_string(&mut answer);
        answer
    };
    assert!(!told(in_head).contains("200 OK"));
    let answer = told(in_body);
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("/problems/too-slow"), "{answer}");
    crowd.into_iter().for_each(|stream| assert_eq!(told(stream), ""));
    assert_eq!(server.get("/health").0, 200);
}

#[test]
fn a_client_that_stops_reading_is_let_go() {
    let server = Server::start();
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(60))).unwrap();
    let request = format!("GET /api/v1 HTTP/1.1\r\nhost: {}\r\n\r\n", server.address).repeat(1_000);
    // It asks and asks and takes no answer, until nobody listens any more.
    let began = Instant::now();
    let ended = loop {
        if let Err(error) = stream.write_all(request.as_bytes()) {
            break error;
        }
    };
    assert!(matches!(ended.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{ended}");
    assert!(began.elapsed() < Duration::from_secs(50), "{:?}", began.elapsed());
    assert_eq!(server.get("/health").0, 200);
}

#[test]
fn deep_and_long_documents_get_an_answer_and_the_server_goes_on() {
    let server = Server::start();
    let fenced = |text: String| json!({ "document": format!("```spec-ir\n{text}\n```\n") });
    let deep = format!("def deep(): Int = {}1{}", "(".repeat(10_000), ")".repeat(10_000));
    let (status, found) = server.post("/api/v1/check", &fenced(deep));
    assert_eq!(status, 200);
    assert!(!found["diagnostics"].as_array().unwrap().is_empty());
    let numbers = vec!["1"; 5_000].join(", ");
    let long = fenced(format!("def long(): List Int = [{numbers}]"));
    for path in ["/api/v1/check", "/api/v1/verify", "/api/v1/run"] {
        assert_eq!(server.post(path, &long).0, 200, "{path}");
    }
    assert_eq!(server.get("/health").0, 200);
}

#[test]
fn a_server_that_is_asked_to_stop_lets_go_of_who_only_listens() {
    let mut server = Server::start();
    // Somebody who never asks, and a query that runs long.
    let _silent = TcpStream::connect(&server.address).unwrap();
    std::thread::scope(|scope| {
        let asked = scope.spawn(|| server.post("/api/v1/solve", &endless(1_500)));
        std::thread::sleep(Duration::from_millis(300));
        let process = server.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &process]).status().unwrap().success());
        let (status, answer) = asked.join().unwrap();
        assert_eq!((status, &answer["verdict"]["is"]), (200, &json!("unknown")), "{answer}");
    });
    let began = Instant::now();
    assert!(server.child.wait().unwrap().success());
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
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
