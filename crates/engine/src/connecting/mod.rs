//! Connecting hotels and credential managers through a page of ours (`spec/api.md 4.23`), and the accounts that come
//! of it. Whether the other side can be reached is found out by the shell, which comes here with what it heard.

mod accounts;
mod connect;
mod postings;
mod remove;
mod webviews;

pub use self::{
    accounts::{AccountUpdate, find as find_account, list as list_accounts, simulate_disconnect, sync, update},
    connect::{Connect, Mobile, Outcome, Provider, Which, connect},
    postings::{Posting, postings},
    remove::remove,
    webviews::{Create, create, delete, find, give_up, list, open, tried},
};
