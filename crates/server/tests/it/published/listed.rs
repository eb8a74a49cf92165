//! The tables of `docs/COMPATIBILITY.md` below "Against the published document".

/// The reason of what is still to come. Such a row may stay until all of it is there.
const TO_COME: &str = "not there yet";

/// Where something of the published document is, and its name there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// The path of a route, or the name of a resource.
    pub place: String,
    /// The parameter or member with dots between the levels; `*` for a whole route.
    pub name: String,
}

/// What is listed there.
pub struct Listed {
    /// Beginnings of paths that are out of scope.
    pub out_of_scope: Vec<String>,
    /// What is not served.
    pub gaps: Vec<Gap>,
    /// What of it is still to come.
    pub to_come: Vec<Gap>,
}

/// Reads the page.
pub fn read(page: &str) -> Listed {
    let section = page.split("\n## Against the published document\n").nth(1).expect("the section");
    let section = section.split("\n## ").next().unwrap_or_default();
    let (mut out_of_scope, mut gaps, mut to_come) = (Vec::new(), Vec::new(), Vec::new());
    for row in section.lines().filter_map(|line| line.strip_prefix("| ")) {
        let cells: Vec<&str> = row.trim_end_matches('|').split(" | ").map(str::trim).collect();
        match cells.as_slice() {
            ["path" | "where" | "---", ..] => {}
            [_, .., ""] => panic!("a row has no reason: {row}"),
            [path, _] => out_of_scope.push(bare(path)),
            [places, names, reason] => {
                for place in places.split(", ") {
                    let named = names.split(", ").map(|name| Gap { place: bare(place), name: bare(name) });
                    if *reason == TO_COME {
                        to_come.extend(named.clone());
                    }
                    gaps.extend(named);
                }
            }
            _ => panic!("a row has {} cells: {row}", cells.len()),
        }
    }
    Listed { out_of_scope, gaps, to_come }
}

fn bare(cell: &str) -> String {
    cell.trim_matches('`').to_owned()
}

impl Gap {
    /// Whether a row of the page means this gap. A `*` at an end stands for any rest, and alone in a name for a whole
    /// route.
    pub fn is_listed_as(&self, row: &Self) -> bool {
        let place = row.place.strip_suffix('*').map_or(row.place == self.place, |start| self.place.starts_with(start));
        let name = match row.name.strip_suffix('*') {
            Some("") | None => row.name == self.name,
            Some(start) => self.name.starts_with(start),
        };
        place && name
    }
}

#[test]
fn rows_are_read_with_all_their_names_and_places() {
    let page = "\n## Against the published document\n\n| path | why |\n|---|---|\n| /locks/ | not ours |\n\n\
                | where | what | why |\n|---|---|---|\n| acs_user, /x/y | `hid_*`, `b.c` | other vendors |\n\n## Next\n| `/a` | b |\n";
    let listed = read(page);
    assert_eq!(listed.out_of_scope, ["/locks/"]);
    let gap = |place: &str, name: &str| Gap { place: place.to_owned(), name: name.to_owned() };
    assert_eq!(
        listed.gaps,
        [gap("acs_user", "hid_*"), gap("acs_user", "b.c"), gap("/x/y", "hid_*"), gap("/x/y", "b.c")]
    );
    assert!(gap("acs_user", "hid_acs_system_id").is_listed_as(&listed.gaps[0]));
    assert!(!gap("acs_system", "hid_acs_system_id").is_listed_as(&listed.gaps[0]));
    assert!(gap("/locks/get", "*").is_listed_as(&gap("/locks/*", "*")));
    assert!(!gap("/locks/get", "name").is_listed_as(&gap("/locks/*", "*")), "a whole route is not every member");
}
