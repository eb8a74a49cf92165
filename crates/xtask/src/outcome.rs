//! Adds up what the test binaries of one `cargo test` say, because cargo itself gives a figure per binary only.

use std::fmt;

/// Tests counted so far. Shown as the one line that ends `cargo xtask test`.
#[derive(Default)]
pub struct Outcome {
    passed: u64,
    failed: u64,
    ignored: u64,
    said_skipped: u64,
}

impl Outcome {
    /// Takes one line of a test binary's output into account.
    ///
    /// A test that finds its engine or SDK missing writes `skipped: <reason>` past the capture of its output and
    /// returns. Its binary counts it as passed; here it is not.
    pub fn read(&mut self, line: &str) {
        if let Some(counts) = line.strip_prefix("test result: ") {
            let (_verdict, counts) = counts.split_once(". ").unwrap_or_default();
            for part in counts.split("; ") {
                let (number, word) = part.split_once(' ').unwrap_or_default();
                let number: u64 = number.parse().unwrap_or(0);
                match word {
                    "passed" => self.passed += number,
                    "failed" => self.failed += number,
                    "ignored" => self.ignored += number,
                    _ => {}
                }
            }
        } else if after_test_name(line).starts_with("skipped: ") {
            self.said_skipped += 1;
        }
    }
}

/// With one test thread the harness has already written `test name ... ` when the test writes its line.
fn after_test_name(line: &str) -> &str {
    match line.split_once(" ... ") {
        Some((name, rest)) if name.starts_with("test ") => rest,
        _ => line,
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} passed, {} failed, {} skipped",
            self.passed.saturating_sub(self.said_skipped),
            self.failed,
            self.ignored + self.said_skipped
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(output: &str) -> String {
        let mut outcome = Outcome::default();
        output.lines().for_each(|line| outcome.read(line));
        outcome.to_string()
    }

    #[test]
    fn the_figures_of_all_binaries_are_added() {
        let output = "
running 3 tests
test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s
test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
";
        assert_eq!(outcome(output), "7 passed, 2 failed, 1 skipped");
    }

    #[test]
    fn a_test_that_says_it_was_skipped_does_not_count_as_passed() {
        let output = "
skipped: no Python SDK
test sdk::python ... skipped: no Python SDK
ok
test sdk::other ... ok
test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
";
        assert_eq!(outcome(output), "1 passed, 0 failed, 2 skipped");
    }
}
