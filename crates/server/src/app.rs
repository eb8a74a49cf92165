//! What every route function is given: the store, the clock, the source of seeds, and the simulated hotel of a sandbox.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    sync::{Arc, mpsc},
};

use domain::{
    Moment,
    id::{ClientSessionId, WorkspaceId},
};
use engine::{
    Caller,
    caller::Request,
    client_sessions,
    customers::Automation,
    idempotency::{self, Claim},
};
use store::{Store, Tx};
use tokio::sync::{Notify, oneshot};

use crate::{
    adapter::{self, Actor, Call, Later},
    api::error::wire,
    clock::Clock,
    counts::Counts,
    known_keys::KnownKeys,
    sandbox::Sandbox,
    seal::Seal,
    webhooks,
};

/// How many of several changes are under way at a time: enough to share commits.
const CHANGES_AT_ONCE: usize = 16;
/// After how many of several changes the workers are woken for what there is to do by then.
const CHANGES_BETWEEN_RINGS: usize = 256;

/// The application.
pub struct App {
    /// Where everything is kept.
    pub store: Store,
    /// What time it is, for everybody.
    pub clock: Clock,
    /// Rings after every change, so that workers look at once instead of at their next turn.
    pub changed: Arc<Notify>,
    /// Rings after hotels were connected or removed, so that their workers come and go at once.
    pub sites_changed: Arc<Notify>,
    /// API keys that were read a moment ago.
    pub known_keys: KnownKeys,
    /// What has been counted since the start.
    pub counts: Counts,
    /// The simulated hotel; only in a sandbox.
    pub sandbox: Option<Arc<Sandbox>>,
    /// Seals secrets for the database; none when the operator gave no secret key.
    pub seal: Option<Seal>,
    /// How long an instant key lasts whose guest has no mobile key.
    pub instant_key_life: jiff::SignedDuration,
    /// Where webhooks may lead.
    pub webhooks: webhooks::Policy,
    /// What guests of pushed stays get.
    pub automation: Automation,
}

impl App {
    /// A moment at `now`, with fresh entropy.
    pub fn moment(&self, now: jiff::Timestamp) -> Moment {
        Moment::new(now, crate::entropy::seed())
    }

    /// Runs a change as one transaction on behalf of the caller, and wakes the workers.
    ///
    /// # Errors
    /// What the operation refuses, as the wire says it.
    pub fn change<T: Send + 'static>(
        call: &Call<'_, Self>,
        name: &'static str,
        mut work: impl FnMut(&mut Tx<'_>, &mut Moment, &Caller) -> Result<T, engine::Error> + Send + 'static,
    ) -> Result<T, adapter::Error> {
        let moment = call.state.moment(call.now);
        let caller = Seen::by(call)?;
        let done = call.state.store.write(name, move |tx| {
            // A repeated transaction starts from the same moment, so it makes the same ids.
            let mut moment = moment.clone();
            let caller = caller.caller(tx)?;
            let done = work(tx, &mut moment, &caller)?;
            idempotency::remember(tx, &moment, &caller)?;
            Ok(done)
        });
        let done = done.map_err(|error: engine::Error| wire(&error))?;
        call.state.changed.notify_waiters();
        Ok(done)
    }

    /// [`App::change`] for routes that answer later: `then` makes the answer of what the change came to.
    ///
    /// # Errors
    /// When the caller's workspace cannot be told. What the operation refuses is in the later answer.
    pub fn change_later<T: Send + 'static, Answer: 'static>(
        call: &Call<'_, Self>,
        name: &'static str,
        mut work: impl FnMut(&mut Tx<'_>, &mut Moment, &Caller) -> Result<T, engine::Error> + Send + 'static,
        then: impl FnOnce(T) -> Answer + Send + 'static,
    ) -> Result<Later<Answer>, adapter::Error> {
        let moment = call.state.moment(call.now);
        let caller = Seen::by(call)?;
        let changed = Arc::clone(&call.state.changed);
        let (reply, answer) = oneshot::channel();
        let work = move |tx: &mut Tx<'_>| {
            let mut moment = moment.clone();
            let caller = caller.caller(tx)?;
            let done = work(tx, &mut moment, &caller)?;
            idempotency::remember(tx, &moment, &caller)?;
            Ok(done)
        };
        call.state.store.write_then(name, work, move |done| {
            if done.is_ok() {
                changed.notify_waiters();
            }
            // The client may be gone; the change stays all the same, and so does the work that follows from it.
            let _ = reply.send(done);
        });
        Ok(Later::new(async move {
            let done = answer.await.unwrap_or_else(|_| Err(engine::Error::from(store::Error::Closed)));
            done.map(then).map_err(|error: engine::Error| wire(&error))
        }))
    }

    /// Several changes, each a transaction of its own; what each came to, in the same order. Few are under way at a time,
    /// so that the changes of others find their turn between them. An idempotency key is not remembered with them: after
    /// a crash in their midst the request is carried out again as a whole, so each must find what is there already.
    ///
    /// # Errors
    /// When the caller's workspace cannot be told. What an operation refuses is among the answers.
    pub fn change_each<T: Send + 'static, Work>(
        call: &Call<'_, Self>,
        name: &'static str,
        works: impl IntoIterator<Item = Work>,
    ) -> Result<Vec<Result<T, engine::Error>>, adapter::Error>
    where
        Work: FnMut(&mut Tx<'_>, &mut Moment, &Caller) -> Result<T, engine::Error> + Send + 'static,
    {
        let caller = Arc::new(Seen::by(call)?);
        let (sender, receiver) = mpsc::channel();
        let mut done = BTreeMap::new();
        for (number, mut work) in works.into_iter().enumerate() {
            if number - done.len() >= CHANGES_AT_ONCE {
                done.extend(receiver.recv());
                if done.len().is_multiple_of(CHANGES_BETWEEN_RINGS) {
                    call.state.changed.notify_waiters();
                }
            }
            let sender = sender.clone();
            let (moment, caller) = (call.state.moment(call.now), Arc::clone(&caller));
            let work = move |tx: &mut Tx<'_>| {
                let caller = caller.caller(tx)?;
                work(tx, &mut moment.clone(), &caller)
            };
            call.state.store.write_then(name, work, move |result| {
                // The receiver waits below; it cannot be gone.
                sender.send((number, result)).ok();
            });
        }
        drop(sender);
        done.extend(receiver);
        call.state.changed.notify_waiters();
        Ok(done.into_values().collect())
    }

    /// Reads in one snapshot on behalf of the caller.
    ///
    /// # Errors
    /// What the operation refuses, as the wire says it.
    pub fn look<T>(
        call: &Call<'_, Self>,
        name: &'static str,
        work: impl FnOnce(&mut Tx<'_>, &Caller) -> Result<T, engine::Error>,
    ) -> Result<T, adapter::Error> {
        let caller = Seen::by(call)?;
        let work = |tx: &mut Tx<'_>| {
            let caller = caller.caller(tx)?;
            work(tx, &caller)
        };
        call.state.store.read(name, work).map_err(|error: engine::Error| wire(&error))
    }
}

/// On whose behalf the engine acts, before the transaction has said how much of the workspace that covers.
struct Seen {
    caller: Caller,
    session: Option<(ClientSessionId, jiff::Timestamp)>,
}

impl Seen {
    fn by(call: &Call<'_, App>) -> Result<Self, adapter::Error> {
        let workspace_id: WorkspaceId =
            call.access.workspace_id.parse().map_err(|error| adapter::Error::internal(&error))?;
        let (id, is_session) = match &call.access.who {
            Actor::ApiKey(id)
            | Actor::PersonalAccessToken(id)
            | Actor::TokenWithoutWorkspace(id)
            | Actor::PublishableKey(id) => (id, false),
            Actor::ClientSession(id) | Actor::CustomerSession(id) | Actor::ReadOnlyCustomerSession(id) => (id, true),
        };
        let session = if is_session {
            let id = id.parse().map_err(|error: domain::id::MalformedId| adapter::Error::internal(&error))?;
            Some((id, call.now))
        } else {
            None
        };
        let caller = Caller::of_workspace(workspace_id, format!("{}:{id}", call.access.who.kind()));
        let caller = Caller { request: Some(request_of(call)), ..caller };
        Ok(Self { caller, session })
    }

    /// The caller, a session with what it sees in this very transaction.
    fn caller(&self, tx: &mut Tx<'_>) -> Result<Cow<'_, Caller>, engine::Error> {
        Ok(match self.session {
            None => Cow::Borrowed(&self.caller),
            Some((id, now)) => Cow::Owned(client_sessions::narrowed(tx, &self.caller, id, now)?),
        })
    }
}

/// The request as the engine remembers it.
pub fn request_of(call: &Call<'_, App>) -> Request {
    let claim = call.claim.as_ref();
    Request {
        route: call.path,
        id: call.request_id.to_owned(),
        claim: claim.map(|claim| Claim { id: claim.id.clone(), request_hash: claim.request_hash.clone() }),
    }
}
