//! The machines around the till: the hub, the printer, the WebDriver proxy, and the till's process.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;

/// A program that ends with this value, so that no test leaves one running.
pub struct Running(Child);

impl Running {
    /// Asks the program to end as an operator would, and waits for it.
    pub fn stop(mut self) -> Result<()> {
        signal(self.0.id(), "TERM")?;
        let started = Instant::now();
        while self.0.try_wait()?.is_none() {
            if started.elapsed() > Duration::from_secs(15) {
                bail!("process {} does not end", self.0.id());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Asked first, because the printer's launcher takes its printer along only then. It may have
        // ended by itself; then there is nothing to do.
        let asked = signal(self.0.id(), "TERM").is_ok();
        for _ in 0..if asked { 100 } else { 0 } {
            if !matches!(self.0.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A demo user of the hub.
#[derive(Debug, Clone, Deserialize)]
pub struct Person {
    /// Their id.
    pub id: String,
    /// Their role.
    pub role: String,
    /// Their password.
    pub password: String,
    /// Their PIN.
    pub pin: String,
}

/// What the demo hub says of itself when it starts.
#[derive(Debug, Clone, Deserialize)]
pub struct HubCard {
    /// Where it listens.
    pub url: String,
    /// A fresh single-use code.
    pub enrol_code: String,
    /// The demo's people, passwords included.
    pub users: Vec<Person>,
}

impl HubCard {
    /// Shows the enrolment code and the demo's people, as the hub does on a screen.
    pub fn introduce(&self) {
        println!("   hub {}, enrolment code {}", self.url, self.enrol_code);
        for person in &self.users {
            let Person {
                id,
                role,
                password,
                pin,
            } = person;
            println!("   {id:<5} {role:<14} password {password:<10} PIN {pin}");
        }
    }

    /// The first demo user with a role.
    pub fn person(&self, role: &str) -> Result<Person> {
        let found = self.users.iter().find(|person| person.role == role);
        found
            .cloned()
            .with_context(|| format!("the demo has no {role}"))
    }
}

/// The demo hub: its program, its database and its port stay the same over a restart.
pub struct Hub {
    program: PathBuf,
    demo: PathBuf,
    database: PathBuf,
    listen: String,
}

impl Hub {
    /// A hub that is not running yet.
    pub fn new(bin: &Path, folder: &Path) -> Result<Self> {
        let listen = format!("127.0.0.1:{}", free_port()?);
        Ok(Self {
            program: bin.join("evertill-hub"),
            demo: bin.join("evertill-demo"),
            database: folder.join("hub.db"),
            listen,
        })
    }

    /// Starts it and reads its card: the first line of JSON it prints.
    pub fn start(&self, log: &Path) -> Result<(Running, HubCard)> {
        let mut child = Command::new(&self.demo)
            .args(["serve", "--print-json", "--listen", &self.listen, "--db"])
            .arg(&self.database)
            .stdout(Stdio::piped())
            .stderr(append(log)?)
            .spawn()
            .context("the hub did not start")?;
        let card = first_json(&mut child).context("the hub said nothing");
        let running = Running(child);
        Ok((
            running,
            serde_json::from_value(card?).context("the hub's card is malformed")?,
        ))
    }

    /// Sales, lines, totals and duplicates, read by SQL from the hub's own database.
    pub fn report(&self) -> Result<Value> {
        let answer = Command::new(&self.program)
            .args(["report", "--json", "--db"])
            .arg(&self.database)
            .output()?;
        if !answer.status.success() {
            bail!(
                "the hub's report failed: {}",
                String::from_utf8_lossy(&answer.stderr)
            );
        }
        serde_json::from_slice(&answer.stdout).context("the hub's report is not JSON")
    }
}

/// The printer on the wire.
pub struct Printer {
    /// `tcp://host:port`, as the till takes it.
    pub address: String,
    /// A picture and a text for each receipt it has cut.
    pub receipts: PathBuf,
    _running: Running,
}

impl Printer {
    /// Starts it; its paper goes to a folder below `folder`.
    pub fn start(folder: &Path) -> Result<Self> {
        let mut child = Command::new("python3")
            .arg("tests/printer/printer.py")
            .arg("--dir")
            .arg(folder.join("printer"))
            // The printer lives as long as its standard input is open.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(append(&folder.join("printer.log"))?)
            .spawn()
            .context("the printer did not start")?;
        let card = first_json(&mut child).context("the printer said nothing");
        let running = Running(child);
        let card = card?;
        let word = |name: &str| {
            let word = card.get(name).and_then(Value::as_str);
            word.unwrap_or_default().to_owned()
        };
        Ok(Self {
            address: word("printer"),
            receipts: word("receipts").into(),
            _running: running,
        })
    }

    /// The receipts that came out, as text, oldest first.
    pub fn paper(&self) -> Result<Vec<(PathBuf, String)>> {
        let mut paper = Vec::new();
        for entry in std::fs::read_dir(&self.receipts).context("the printer has no paper")? {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == "txt") {
                paper.push((path.clone(), std::fs::read_to_string(&path)?));
            }
        }
        paper.sort();
        Ok(paper)
    }
}

/// The WebDriver proxy; its address.
pub fn driver(folder: &Path) -> Result<(Running, String)> {
    let program =
        std::env::var_os("EVERTILL_TAURI_DRIVER").unwrap_or_else(|| "tauri-driver".into());
    let (port, native) = (free_port()?.to_string(), free_port()?.to_string());
    let log = folder.join("driver.log");
    let child = Command::new(program)
        .args(["--port", &port, "--native-port", &native])
        .stdout(append(&log)?)
        .stderr(append(&log)?)
        .spawn()
        .context("tauri-driver did not start")?;
    let running = Running(child);
    let started = Instant::now();
    while std::net::TcpStream::connect(format!("127.0.0.1:{port}")).is_err() {
        if started.elapsed() > Duration::from_secs(15) {
            bail!("tauri-driver does not listen");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok((running, format!("http://127.0.0.1:{port}")))
}

/// The process of the till that was started on this folder, found by its command line.
pub fn till_process(binary: &Path, dir: &Path) -> Result<u32> {
    let binary = binary.canonicalize()?;
    for entry in std::fs::read_dir("/proc")? {
        let entry = entry?;
        let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else {
            continue;
        };
        let program = std::fs::read_link(entry.path().join("exe")).unwrap_or_default();
        let words = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let words = String::from_utf8_lossy(&words).into_owned();
        if program == binary && words.split('\0').any(|word| Path::new(word) == dir) {
            return Ok(pid);
        }
    }
    bail!("no till runs on {}", dir.display())
}

/// Sends a signal to one process.
pub fn signal(pid: u32, name: &str) -> Result<()> {
    let status = Command::new("kill")
        .arg(format!("-{name}"))
        .arg(pid.to_string())
        .status()?;
    anyhow::ensure!(status.success(), "process {pid} took no signal {name}");
    Ok(())
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn append(log: &Path) -> Result<std::fs::File> {
    Ok(std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(log)?)
}

/// Reads up to the first line of JSON and leaves the rest to a thread, so that the pipe stays open.
fn first_json(child: &mut Child) -> Result<Value> {
    let output = child.stdout.take().context("no standard output")?;
    let mut lines = BufReader::new(output).lines();
    for line in lines.by_ref() {
        let line = line?;
        if let Ok(card) = serde_json::from_str::<Value>(&line)
            && card.is_object()
        {
            std::thread::spawn(move || lines.for_each(drop));
            return Ok(card);
        }
    }
    bail!("it ended without a line of JSON")
}
