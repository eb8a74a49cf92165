use serde_json::json;

use super::Guest;
use crate::api::app::Api;

#[tokio::test]
async fn a_guest_reads_the_page_in_the_language_of_the_browser() {
    let api = Api::new();
    for (languages, lang, texts) in [
        ("en-GB,en;q=0.9", "en", ["Your keys", "Sunday 1 June 2025, 12:00"]),
        ("de-DE,de;q=0.9,en;q=0.8", "de", ["Ihre Schlüssel", "Sonntag, 1. Juni 2025, 12:00 Uhr"]),
        ("fr", "fr", ["Vos clés", "dimanche 1 juin 2025 à 12:00"]),
        ("es-MX", "es", ["Sus llaves", "domingo, 1 de junio de 2025, 12:00"]),
        ("sv, en;q=0.1", "sv", ["Dina nycklar", "söndag 1 juni 2025 kl. 12:00"]),
        ("ja", "en", ["Your keys", "Sunday 1 June 2025, 12:00"]),
    ] {
        let mut guest = Guest::arrive(&api, "Jane", 1).await;
        guest.languages = languages;
        guest.mobile_key(&api, &["101"], json!({})).await;
        let page = guest.open(&api).await;
        assert!(page.text.contains(&format!("<html lang=\"{lang}\">")), "{languages}");
        assert_eq!(page.headers["content-language"], lang);
        for text in texts {
            assert!(page.text.contains(text), "{text} in {}", page.text);
        }
    }
}
