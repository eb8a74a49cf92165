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

#[test]
fn the_readme_shows_parts_of_the_visionline_client_as_it_is_tested() {
    let example = fs::read_to_string(root().join("examples/visionline_client.sh")).unwrap();
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let section = readme.split("\n## Use the simulator with your own Visionline client\n").nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let shown: Vec<&str> = section.split("```sh\n").skip(1).map(|block| block.split("```\n").next().unwrap()).collect();
    assert_eq!(shown.len(), 3, "the command and two parts of the example");
    for part in &shown[1..] {
        assert!(example.contains(part), "examples/visionline_client.sh has not, to the letter:\n{part}");
    }
}
