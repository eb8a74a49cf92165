//! The page of an instant key, as a browser sees it.

mod forms;
mod guest;
mod languages;
mod opening;
mod states;
mod trying;

use guest::Guest;
