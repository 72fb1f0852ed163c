//! A PostgreSQL server of the test's own, from the installed programs, on a free port of this machine.

use std::{
    fs,
    io::Write as _,
    net::TcpListener,
    os::unix::{fs::PermissionsExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

/// The user and group `nobody`, which the server runs as where the test is root.
const NOBODY: u32 = 65534;
pub const OWNER_PASSWORD: &str = "owner-secret";

pub struct PostgresServer {
    child: Child,
    folder: tempfile::TempDir,
    pub port: u16,
    databases: AtomicUsize,
}

/// Finds a program of the server: on the path, or where Debian has it.
fn program(name: &str) -> PathBuf {
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&on_path).collect();
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    folders
        .into_iter()
        .map(|folder| folder.join(name))
        .find(|path| path.exists())
        .unwrap_or_else(|| panic!("{name} is not installed: Debian's package is `postgresql`"))
}

fn is_root() -> bool {
    std::os::unix::fs::MetadataExt::uid(&fs::metadata("/proc/self").unwrap()) == 0
}

/// A command that the server's user runs.
fn command(name: &str, folder: &Path) -> Command {
    as_server(program(name), folder)
}

fn as_server(program: impl AsRef<std::ffi::OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .env("LC_ALL", "C")
        .env("TZ", "UTC");
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

impl PostgresServer {
    /// Starts a server whose owner is `owner`. It asks for passwords, has TLS for the name `localhost`, and takes
    /// no care of its files.
    pub fn start() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("pg-")
            .tempdir_in("/tmp")
            .unwrap();
        let path = folder.path().to_owned();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(path.join("password"), OWNER_PASSWORD).unwrap();
        make_certificates(&path);
        if is_root() {
            std::os::unix::fs::chown(&path, Some(NOBODY), Some(NOBODY)).unwrap();
            for file in fs::read_dir(&path).unwrap() {
                std::os::unix::fs::chown(file.unwrap().path(), Some(NOBODY), Some(NOBODY)).unwrap();
            }
        }
        run(command("initdb", &path).args([
            "--pgdata=data",
            "--username=owner",
            "--pwfile=password",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-sync",
        ]));
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let child = spawn(&path, port);
        let server = Self {
            child,
            folder,
            port,
            databases: AtomicUsize::new(0),
        };
        server.wait();
        server
    }

    fn wait(&self) {
        let begun = Instant::now();
        while self.try_sql("postgres", "SELECT 1").is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "the server does not start: {}",
                fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
            );
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// The file with the authority that signed the server's certificate, and one with another authority.
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("authority.crt")
    }

    pub fn other_authority(&self) -> PathBuf {
        self.folder.path().join("other.crt")
    }

    /// Stops the server at once, as a crash would.
    pub fn kill(&mut self) {
        self.child
            .stdin
            .take()
            .unwrap()
            .write_all(b"stop\n")
            .unwrap();
        self.child.wait().unwrap();
    }

    pub fn restart(&mut self) {
        self.child = spawn(self.folder.path(), self.port);
        self.wait();
    }

    /// Makes a database and returns its name.
    pub fn database(&self) -> String {
        let number = self.databases.fetch_add(1, Ordering::SeqCst);
        let name = format!("hub{number}");
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        name
    }

    /// The URL of a database for its owner, without the password.
    pub fn url(&self, database: &str) -> String {
        self.url_of("owner", database)
    }

    pub fn url_of(&self, user: &str, database: &str) -> String {
        format!("postgres://{user}@127.0.0.1:{}/{database}", self.port)
    }

    /// The same with the password.
    pub fn secret_url(&self, database: &str) -> String {
        self.url_of(&format!("owner:{OWNER_PASSWORD}"), database)
    }

    pub fn connect(&self, database: &str) -> postgres::Client {
        postgres::Client::connect(&self.secret_url(database), postgres::NoTls).unwrap()
    }

    pub fn sql(&self, database: &str, sql: &str) {
        self.try_sql(database, sql).unwrap();
    }

    fn try_sql(&self, database: &str, sql: &str) -> Result<(), postgres::Error> {
        postgres::Client::connect(&self.secret_url(database), postgres::NoTls)?.batch_execute(sql)
    }
}

/// Runs the server until its standard input says `stop` or ends, as it does when the test has ended in whatever
/// way; then its folder is removed as well.
const KEEPER: &str = r#"
"$@" <&- & server=$!
said=; read -r said
kill -QUIT "$server" 2>/dev/null; wait "$server" 2>/dev/null
[ "$said" = stop ] || rm -rf "$PWD"
"#;

impl Drop for PostgresServer {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn spawn(path: &Path, port: u16) -> Child {
    let log = fs::File::create(path.join("log")).unwrap();
    let socket = path.display().to_string();
    let mut command = as_server("sh", path);
    command
        .args(["-c", KEEPER, "keeper"])
        .arg(program("postgres"))
        .args(["-D", "data", "-p", &port.to_string(), "-k", &socket])
        .args(["-c", "listen_addresses=127.0.0.1"])
        .args([
            "-c",
            "fsync=off",
            "-c",
            "max_connections=60",
            "-c",
            "ssl=on",
        ])
        .args([
            "-c",
            "ssl_cert_file=../server.crt",
            "-c",
            "ssl_key_file=../server.key",
        ])
        .stdin(Stdio::piped())
        .stdout(log.try_clone().unwrap())
        .stderr(log);
    command.spawn().unwrap()
}

/// Makes an authority with a certificate for `localhost`, and another authority.
fn make_certificates(folder: &Path) {
    let openssl = |args: &[&str]| run(Command::new("openssl").current_dir(folder).args(args));
    for name in ["authority", "other"] {
        let (key, certificate) = (format!("{name}.key"), format!("{name}.crt"));
        openssl(
            &[
                &["req", "-x509", "-days", "30", "-subj", "/CN=Test authority"][..],
                &["-addext", "basicConstraints=critical,CA:TRUE"],
                &NEW_KEY,
                &["-keyout", &key, "-out", &certificate],
            ]
            .concat(),
        );
    }
    openssl(
        &[
            &["req", "-subj", "/CN=localhost"][..],
            &NEW_KEY,
            &["-keyout", "server.key", "-out", "server.csr"],
        ]
        .concat(),
    );
    fs::write(folder.join("names"), "subjectAltName=DNS:localhost\n").unwrap();
    openssl(&[
        "x509",
        "-req",
        "-days",
        "30",
        "-in",
        "server.csr",
        "-CA",
        "authority.crt",
        "-CAkey",
        "authority.key",
        "-CAcreateserial",
        "-extfile",
        "names",
        "-out",
        "server.crt",
    ]);
    let key = folder.join("server.key");
    fs::set_permissions(key, fs::Permissions::from_mode(0o600)).unwrap();
}

const NEW_KEY: [&str; 5] = [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
];
