//! The work at one site: carrying the engine's steps to the lock server and the outcomes back, and looking now and
//! then at what people did there themselves.

mod contacts;
mod desk;
mod duties;
mod encoder_errand;
mod errand;
mod fleet;
mod health;
mod job;
mod lease;
mod pace;
mod survey;
mod worker;

pub use contacts::Contacts;
pub use desk::DeskSettings;
pub use encoder_errand::{EncoderErrand, Next as EncoderNext};
pub use errand::{Errand, Next};
pub use fleet::{Fleet, Staff};
pub use job::{seen_door, seen_encoder};
pub use pace::{Pace, Site};
pub use survey::{Surveyed, Surveyor};
pub use worker::{Worker, WorkerError};

/// An error with all its causes, for a log or a person.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
