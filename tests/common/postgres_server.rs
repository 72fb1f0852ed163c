//! A PostgreSQL server of the tests' own: on a free port of the loopback interface, with a socket in a folder of
//! its own. It ends with the test program, also where that is killed.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use postgres::{Client, NoTls};
use std::{
    fs,
    io::Write as _,
    net::TcpListener,
    os::unix::fs::{PermissionsExt as _, chown},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

/// The password of `postgres`, the superuser.
pub const PASSWORD: &str = "ebbtide-hunter2";

/// Runs the server until its input ends, then removes the folder, unless a line `keep` came before.
const RUN: &str = r#"
"$@" >>"$FOLDER/log" 2>&1 &
server=$!
read -r word
kill -INT $server
wait $server
[ "$word" = keep ] || rm -rf "$FOLDER"
"#;

/// `nobody`: the server does not run as root.
const NOBODY: u32 = 65534;

pub struct Server {
    folder: PathBuf,
    pub port: u16,
    running: Option<Child>,
    databases: AtomicUsize,
}

impl Server {
    /// Makes a server and starts it.
    pub fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("bridgelog-pg").tempdir();
        let folder = folder.unwrap().keep();
        // Free again at the end of the statement.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
        let port = port.unwrap().port();
        let mut server = Self {
            folder,
            port,
            running: None,
            databases: AtomicUsize::new(0),
        };
        server.make();
        server.resume();
        server
    }

    /// The folder of its socket.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn make(&self) {
        fs::write(self.folder.join("password"), PASSWORD).unwrap();
        certificates(&self.folder);
        if is_root() {
            give_to_nobody(&self.folder);
        }
        let output = unprivileged("initdb")
            .args(["--no-sync", "--username=postgres", "--encoding=UTF8"])
            .args(["--locale=C", "--auth-local=trust"])
            .arg("--auth-host=scram-sha-256")
            .arg(format!("--pwfile={}", self.path("password")))
            .arg(format!("--pgdata={}", self.path("data")))
            .current_dir(&self.folder)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    /// Starts it again after [`Server::pause`].
    pub fn resume(&mut self) {
        let server = unprivileged("postgres");
        let child = Command::new("sh")
            .args(["-c", RUN, "sh"])
            .arg(server.get_program())
            .args(server.get_args())
            .args(["-D", &self.path("data"), "-p", &self.port.to_string()])
            .args(["-k", &self.path("")])
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"])
            .args(["-c", "max_connections=50", "-c", "ssl=on"])
            .args(["-c", &format!("ssl_cert_file={}", self.path("server.crt"))])
            .args(["-c", &format!("ssl_key_file={}", self.path("server.key"))])
            .env("FOLDER", &self.folder)
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        self.running = Some(child);
        for _ in 0..600 {
            if self.try_admin("postgres").is_ok() {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        panic!("the server does not start: {log}");
    }

    /// Stops it at once: connections are cut.
    pub fn pause(&mut self) {
        let mut child = self.running.take().unwrap();
        child.stdin.take().unwrap().write_all(b"keep\n").unwrap();
        child.wait().unwrap();
    }

    /// Makes a database of its own for a test.
    pub fn database(&self) -> Database<'_> {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("book{number}");
        let mut admin = self.try_admin("postgres").unwrap();
        admin
            .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0"))
            .unwrap();
        Database { server: self, name }
    }

    fn try_admin(&self, database: &str) -> Result<Client, postgres::Error> {
        postgres::Config::new()
            .host_path(&self.folder)
            .port(self.port)
            .user("postgres")
            .dbname(database)
            .connect(NoTls)
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.running.take() {
            drop(child.stdin.take());
            let _ = child.wait();
        }
    }
}

pub struct Database<'a> {
    pub server: &'a Server,
    pub name: String,
}

impl Database<'_> {
    /// The superuser, through the socket.
    pub fn admin(&self) -> Client {
        self.server.try_admin(&self.name).unwrap()
    }

    /// The superuser's URL, through the socket.
    pub fn url(&self) -> String {
        let folder = self.server.path("").replace('/', "%2F");
        format!(
            "postgres://postgres@{folder}:{}/{}",
            self.server.port, self.name
        )
    }

    /// A URL through TCP.
    pub fn tcp_url(&self, user: &str, host: &str, query: &str) -> String {
        format!(
            "postgres://{user}@{host}:{}/{}{query}",
            self.server.port, self.name
        )
    }
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().unwrap();
    output.stdout.trim_ascii() == b"0"
}

/// A program of the server's, run without the rights of root.
fn unprivileged(program: &str) -> Command {
    let path = server_program(program);
    if !is_root() {
        return Command::new(path);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]);
    command.arg(path);
    command
}

/// Finds a program of the server's, which Debian keeps out of `PATH`.
fn server_program(program: &str) -> PathBuf {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&folders).collect();
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.map(|version| version.unwrap().path().join("bin")));
    }
    let found = folders.into_iter().map(|folder| folder.join(program));
    let mut found = found.filter(|path| path.exists());
    found
        .next()
        .unwrap_or_else(|| panic!("{program} is missing: install the package postgresql"))
}

fn give_to_nobody(folder: &Path) {
    chown(folder, Some(NOBODY), Some(NOBODY)).unwrap();
    for file in fs::read_dir(folder).unwrap() {
        chown(file.unwrap().path(), Some(NOBODY), Some(NOBODY)).unwrap();
    }
}

/// Makes two authorities, `ca.crt` and `other.crt`, and a certificate of the first for `localhost`.
fn certificates(folder: &Path) {
    for authority in ["ca", "other"] {
        openssl(
            folder,
            &format!(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN={authority} \
                 -addext basicConstraints=critical,CA:TRUE -keyout {authority}.key -out {authority}.crt"
            ),
        );
    }
    openssl(
        folder,
        "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -keyout server.key -out server.csr",
    );
    fs::write(folder.join("names"), "subjectAltName=DNS:localhost\n").unwrap();
    openssl(
        folder,
        "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -extfile names -out server.crt",
    );
    let key = folder.join("server.key");
    fs::set_permissions(key, fs::Permissions::from_mode(0o600)).unwrap();
}

fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl")
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .output()
        .expect("openssl is missing: install the package openssl");
    assert!(output.status.success(), "{output:?}");
}
