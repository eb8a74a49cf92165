//! The real program as a child process: started as `innkeep demo`, stopped at the latest when its owner is dropped.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread,
    time::Duration,
};

use serde::Deserialize;

/// How long a demo may take until it is ready, on a machine that is busy with other tests.
pub const READY_LIMIT: Duration = Duration::from_secs(60);

/// What `innkeep demo --json` prints once it is ready.
#[derive(Deserialize)]
pub struct Ready {
    pub endpoint: String,
    pub api_key: String,
    pub workspace_id: String,
    pub acs_system_id: String,
    pub credential_manager_acs_system_id: String,
    pub control: String,
}

/// A running demo on a port of its own, with nothing but the built-in hotel in it.
pub struct DemoProcess {
    pub ready: Ready,
    process: Watched,
}

impl DemoProcess {
    /// With more arguments for `innkeep demo`.
    pub fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_innkeep"));
        command.args(["demo", "--json", "--listen", "127.0.0.1:0"]).args(arguments);
        let process = Watched::start(&mut command);
        let line = process.line(READY_LIMIT).unwrap_or_else(|error| panic!("no demo: {error}\n{}", process.output()));
        let ready =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in the demo's first line: {line}"));
        Self { ready, process }
    }

    /// Everything the demo has printed so far.
    pub fn output(&self) -> String {
        self.process.output()
    }

    /// Ends the demo as a power cut would.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Does what Ctrl-C does, and waits for the end; `None` when it does not come within the limit.
    pub fn interrupt(&mut self, limit: Duration) -> Option<ExitStatus> {
        self.process.interrupt(limit)
    }
}

/// A child process whose output is collected, and which is killed when dropped.
pub struct Watched {
    child: Child,
    lines: Receiver<String>,
    output: Arc<Mutex<String>>,
}

impl Watched {
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        let output = Arc::new(Mutex::new(String::new()));
        let (sender, lines) = channel();
        collect(child.stdout.take().unwrap(), &output, sender.clone(), true);
        collect(child.stderr.take().unwrap(), &output, sender, false);
        Self { child, lines, output }
    }

    /// The next line of standard output.
    pub fn line(&self, limit: Duration) -> Result<String, RecvTimeoutError> {
        self.lines.recv_timeout(limit)
    }

    /// Does what Ctrl-C does, and waits for the end; `None` when it does not come within the limit.
    pub fn interrupt(&mut self, limit: Duration) -> Option<ExitStatus> {
        let sent =
            Command::new("sh").args(["-c", "kill -INT \"$0\""]).arg(self.child.id().to_string()).status().unwrap();
        assert!(sent.success(), "the signal was not sent");
        self.exit(limit)
    }

    /// Waits for the end; `None` when the process says nothing for the length of the limit and does not end either.
    pub fn exit(&mut self, limit: Duration) -> Option<ExitStatus> {
        loop {
            match self.line(limit) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => return Some(self.child.wait().unwrap()),
                Err(RecvTimeoutError::Timeout) => return None,
            }
        }
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends the process as a power cut would: it learns nothing of it.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Both outputs so far, in the order in which they came.
    pub fn output(&self) -> String {
        self.output.lock().unwrap().clone()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        // Fails only when the process has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads one output to its end. The channel closes when both outputs have ended, whichever of them sends lines.
fn collect(pipe: impl Read + Send + 'static, output: &Arc<Mutex<String>>, lines: Sender<String>, sends: bool) {
    let output = Arc::clone(output);
    thread::spawn(move || {
        for line in BufReader::new(pipe).split(b'\n') {
            let Ok(line) = line else { break };
            let line = String::from_utf8_lossy(&line).into_owned();
            {
                let mut output = output.lock().unwrap();
                output.push_str(&line);
                output.push('\n');
            }
            // Nobody need listen: a demo's later lines are only collected.
            let _ = sends.then(|| lines.send(line));
        }
    });
}
