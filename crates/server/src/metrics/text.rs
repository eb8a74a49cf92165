//! The text format of Prometheus, version 0.0.4.

use std::fmt::Write as _;

/// A page of metrics in the making.
#[derive(Default)]
pub struct Page(String);

/// Names and values of the labels of a sample.
pub type Labels<'a> = &'a [(&'a str, &'a str)];

impl Page {
    /// Begins a metric; its samples follow.
    pub fn begin(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a text cannot fail, here and below.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    /// Adds a sample.
    pub fn sample(&mut self, name: &str, labels: Labels<'_>, value: impl std::fmt::Display) {
        self.0.push_str(name);
        for (position, (label, text)) in labels.iter().enumerate() {
            let _ = write!(self.0, "{}{label}=\"{}\"", if position == 0 { '{' } else { ',' }, escaped(text));
        }
        if !labels.is_empty() {
            self.0.push('}');
        }
        let _ = writeln!(self.0, " {value}");
    }

    /// A metric with one sample.
    pub fn one(&mut self, name: &str, kind: &str, help: &str, value: impl std::fmt::Display) {
        self.begin(name, kind, help);
        self.sample(name, &[], value);
    }

    /// The page.
    pub fn into_text(self) -> String {
        self.0
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_by_prometheus() {
        let mut page = Page::default();
        page.begin("rooms", "gauge", "Rooms of a hotel.");
        page.sample("rooms", &[("hotel", "The \"Old\"\nMill\\"), ("floor", "1")], 12);
        page.one("guests_total", "counter", "Guests so far.", 0.5);
        let expected = "# HELP rooms Rooms of a hotel.\n# TYPE rooms gauge\n\
                        rooms{hotel=\"The \\\"Old\\\"\\nMill\\\\\",floor=\"1\"} 12\n\
                        # HELP guests_total Guests so far.\n# TYPE guests_total counter\nguests_total 0.5\n";
        assert_eq!(page.into_text(), expected);
    }
}
