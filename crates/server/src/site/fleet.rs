//! A worker at every connected hotel: hotels come and go while the program runs.
//!
//! Level-triggered, like the workers themselves: the database says which hotels there are, and each look brings the
//! workers in line with it. The bell that is rung after a change only saves the wait; another program on the same
//! database learns of a new hotel by looking.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use domain::id::AcsSystemId;
use engine::connecting::{self, Posting};
use store::Store;
use tokio::{
    sync::Notify,
    task::{self, JoinHandle},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{Contacts, Site, Worker, chain};
use crate::clock::Clock;

/// How often the database is looked at without being told to.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// How a hotel is worked; none where it is not to be worked by this program.
pub type Staff = Box<dyn Fn(&Posting) -> anyhow::Result<Option<Site>> + Send + Sync>;

/// The workers of all hotels.
pub struct Fleet {
    store: Store,
    clock: Clock,
    changed: Arc<Notify>,
    told: Arc<Notify>,
    staff: Staff,
    posts: BTreeMap<AcsSystemId, Post>,
    /// Hotels that could not be staffed, by the revision that was tried, so that it is said once.
    unstaffed: HashMap<AcsSystemId, i64>,
    tasks: TaskTracker,
    contacts: Contacts,
}

/// A worker at its hotel.
struct Post {
    revision: i64,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Fleet {
    /// No workers yet. `changed` wakes the workers, `told` says that hotels came or went.
    pub fn new(store: Store, clock: Clock, changed: Arc<Notify>, told: Arc<Notify>, staff: Staff) -> Self {
        Self {
            store,
            clock,
            changed,
            told,
            staff,
            posts: BTreeMap::new(),
            unstaffed: HashMap::new(),
            tasks: TaskTracker::new(),
            contacts: Contacts::default(),
        }
    }

    /// The workers note here when their lock servers answered.
    #[must_use]
    pub fn noting(self, contacts: &Contacts) -> Self {
        Self { contacts: contacts.clone(), ..self }
    }

    /// Rung after hotels came or went.
    pub fn bell(&self) -> Arc<Notify> {
        Arc::clone(&self.told)
    }

    /// Works until told to stop; every worker has come to its end then.
    pub async fn run(mut self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let told = Arc::clone(&self.told);
            // Registered before looking, so that no change in between is missed.
            let mut told = std::pin::pin!(told.notified());
            told.as_mut().enable();
            self.look(&stop).await;
            tokio::select! {
                () = stop.cancelled() => {}
                () = told => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
        self.tasks.close();
        self.tasks.wait().await;
    }

    async fn look(&mut self, stop: &CancellationToken) {
        let store = self.store.clone();
        let looked = task::spawn_blocking(move || store.read("fleet.postings", connecting::postings)).await;
        match looked {
            Ok(Ok(postings)) => self.bring_in_line(&postings, stop),
            Ok(Err(error)) => tracing::error!(error = %chain(&error), "the connected hotels could not be read"),
            Err(error) => tracing::error!(%error, "the connected hotels could not be read"),
        }
    }

    fn bring_in_line(&mut self, postings: &[Posting], stop: &CancellationToken) {
        let mut former = std::mem::take(&mut self.posts);
        for posting in postings {
            let (id, revision) = (posting.system.id, posting.revision());
            let there = former.remove(&id);
            if let Some(post) = there {
                if post.revision == revision && !post.task.is_finished() {
                    self.posts.insert(id, post);
                    continue;
                }
                post.stop.cancel();
                self.send(posting, Some(post.task), stop);
            } else {
                self.send(posting, None, stop);
            }
        }
        for (id, post) in former {
            tracing::info!(site = %id, "the hotel is not connected any more");
            post.stop.cancel();
        }
    }

    /// Sends a worker to a hotel, once its predecessor has left.
    fn send(&mut self, posting: &Posting, predecessor: Option<JoinHandle<()>>, stop: &CancellationToken) {
        let (id, revision) = (posting.system.id, posting.revision());
        let site = match (self.staff)(posting) {
            Ok(Some(site)) => site,
            Ok(None) => return,
            Err(error) => {
                if self.unstaffed.insert(id, revision) != Some(revision) {
                    tracing::error!(site = %id, error = format!("{error:#}"), "a connected hotel cannot be worked");
                }
                return;
            }
        };
        self.unstaffed.remove(&id);
        let worker = Worker::new(site, self.store.clone(), self.clock.clone(), Arc::clone(&self.changed));
        let worker = worker.noting(&self.contacts);
        let own_stop = stop.child_token();
        let told = own_stop.clone();
        let task = self.tasks.spawn(async move {
            if let Some(predecessor) = predecessor {
                // However it ended, it has ended.
                let _ = predecessor.await;
            }
            worker.run(told).await;
        });
        self.posts.insert(id, Post { revision, stop: own_stop, task });
    }
}
