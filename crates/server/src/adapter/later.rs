//! Answers that come when a change is durable, without a thread that waits for each.

use std::{fmt, future::Future, pin::Pin};

use super::Error;

/// A future of any type.
pub(super) type Boxed<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// The answer of a route that does not wait: what is still to come.
///
/// A route function that waits keeps a thread of its own from its request to its answer, and each such thread is woken
/// by the store one by one. That was nearly a tenth of a durable create, so the busiest routes answer later instead.
pub struct Later<Answer>(pub(super) Boxed<Answer>);

impl<Answer> Later<Answer> {
    /// The answer that this future ends in.
    pub fn new(answer: impl Future<Output = Result<Answer, Error>> + Send + 'static) -> Self {
        Self(Box::pin(answer))
    }
}

impl<Answer> fmt::Debug for Later<Answer> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Later").finish_non_exhaustive()
    }
}
