//! What the two services tell on their own account (`spec/visionline.md` 2.7, 5.4), and to whom.
//!
//! Nothing is sent but to the addresses of the property file. The shell takes what is to be sent with
//! [`crate::Hotel::take_callbacks`]; each is sent once, in order (retries are not known).

use std::collections::VecDeque;

use serde_json::Value;

use crate::phone_keys::{EndpointStatus, PhoneKey};

/// How many callbacks are remembered for the control interface.
const REMEMBERED: usize = 100;

/// Something worth telling.
#[derive(Clone, Debug)]
pub(crate) enum News {
    Endpoint { endpoint_id: String, status: EndpointStatus },
    Credential { endpoint_id: String, status: &'static str, key: Box<PhoneKey> },
    Card { kind: &'static str, card_id: u32 },
    Encoder { encoder: String, card_id: Option<u32>, result_code: u8 },
    Door { door: String, card_id: u32, code: String, is_opened: bool },
}

/// One callback to be sent: a POST with a JSON body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    /// Where to.
    pub url: String,
    /// Value of the Authorization header, if one is to be sent.
    pub authorization: Option<String>,
    /// JSON.
    pub body: String,
}

/// Callbacks on their way, and those of late.
#[derive(Clone, Debug, Default)]
pub(crate) struct Callbacks {
    outgoing: Vec<Callback>,
    remembered: VecDeque<(String, Value)>,
}

impl Callbacks {
    pub(crate) fn push(&mut self, url: &str, authorization: Option<&str>, body: Value) {
        self.outgoing.push(Callback {
            url: url.to_owned(),
            authorization: authorization.map(str::to_owned),
            body: body.to_string(),
        });
        if self.remembered.len() == REMEMBERED {
            self.remembered.pop_front();
        }
        self.remembered.push_back((url.to_owned(), body));
    }

    pub(crate) fn take(&mut self) -> Vec<Callback> {
        std::mem::take(&mut self.outgoing)
    }

    /// Address and body of the last ones, oldest first.
    pub(crate) fn remembered(&self) -> impl Iterator<Item = &(String, Value)> {
        self.remembered.iter()
    }
}
