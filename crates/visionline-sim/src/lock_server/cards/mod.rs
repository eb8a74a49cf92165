//! Cards of the Web API: create, list, look at, take out of use (`spec/visionline.md` 2.3 to 2.6).

mod capacity;
mod create;
mod order;
mod revoke;
mod stamps;
pub(crate) mod view;

pub(super) use create::create;
pub(super) use revoke::{check_out, revoke};
pub(super) use view::{get, list};
