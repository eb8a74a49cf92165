//! What the README shows is what the tests run.

use std::fs;

use crate::workspace::root;

/// A first example is read in one glance.
const EXAMPLE_LINES_MAX: usize = 40;

#[test]
fn the_readme_shows_the_first_door_as_it_is_tested() {
    let example = fs::read_to_string(root().join("examples/first_door.py")).unwrap();
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(
        readme.contains(&format!("```python\n{example}```\n")),
        "README.md must show examples/first_door.py to the letter"
    );
    assert!(example.lines().count() < EXAMPLE_LINES_MAX, "{} lines", example.lines().count());
}
