//! What a person with a screen reader or a keyboard needs, by assertion.

use serde_json::json;

use super::Guest;
use crate::api::app::Api;

/// How often a text stands in another one.
fn count(page: &str, text: &str) -> usize {
    page.matches(text).count()
}

fn assert_readable(page: &str) {
    assert!(page.starts_with("<!doctype html>"), "{page}");
    assert_eq!(count(page, "<html lang=\""), 1, "{page}");
    assert_eq!(count(page, "<h1>"), 1, "one heading of the first order: {page}");
    assert_eq!(count(page, "<main>"), 1, "{page}");
    assert_eq!(count(page, "<title>"), 1, "{page}");
    assert!(!page.contains("<title></title>"), "{page}");
    assert!(
        page.contains("name=\"viewport\" content=\"width=device-width, initial-scale=1\""),
        "may be enlarged: {page}"
    );
    assert!(
        !page.contains("<input") && !page.contains("tabindex"),
        "nothing that would need a label of its own: {page}"
    );
    for button in page.split("<button").skip(1) {
        let text = button.split_once('>').unwrap().1.split("</button>").next().unwrap();
        assert!(!text.trim().is_empty(), "a button says what it does: {page}");
    }
    assert_eq!(count(page, "<form method=\"post\""), count(page, "<button type=\"submit\">"), "{page}");
    for section in page.split("aria-labelledby=\"").skip(1) {
        let id = section.split('"').next().unwrap();
        assert_eq!(count(page, &format!("<h2 id=\"{id}\">")), 1, "each part has its heading: {page}");
    }
}

#[tokio::test]
async fn every_page_can_be_read_out_and_used_without_a_pointer() {
    let api = Api::new();
    let mut guest = Guest::arrive(&api, "Jane", 1).await;
    guest.mobile_key(&api, &["101", "Gym"], json!({})).await;
    assert_readable(&guest.get(&api).await.text);
    assert_readable(&guest.open(&api).await.text);
    guest.post(&api, "/phone").await;
    let page = guest.get(&api).await;
    assert_readable(&page.text);
    assert_eq!(count(&page.text, "<section"), 2);
    let held = guest.post(&api, &format!("/doors/{}", api.door("101"))).await;
    assert_readable(&held.text);
    assert!(held.text.contains("<p role=\"status\""), "the verdict is read out: {}", held.text);
    assert_readable(&guest.elsewhere().get(&api).await.text);
    let empty = Guest::arrive(&api, "John", 1).await.open(&api).await;
    assert_readable(&empty.text);
    assert!(empty.text.contains("You have no keys at the moment"), "{}", empty.text);
}

#[tokio::test]
async fn names_are_shown_and_never_run() {
    let api = Api::new();
    let mut guest = Guest::arrive(&api, "Jane", 1).await;
    guest.mobile_key(&api, &["101"], json!({})).await;
    let system = api.site.acs_system_id;
    api.change(move |tx| {
        let mut system = store::systems::get(tx, system)?;
        system.name = "<script>alert(1)</script>".to_owned();
        store::configuration::set_system(tx, &system)
    });
    let page = guest.open(&api).await;
    assert!(page.text.contains("&#60;script&#62;"), "{}", page.text);
    assert!(!page.text.contains("<script"), "{}", page.text);
}
