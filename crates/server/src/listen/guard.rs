//! Limits on what a client may keep waiting: the head of a request, its body, and the reading of a response.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;

/// How far a connection has come, as the service sees it: a count of begun and of finished requests. Bytes that arrive
/// while it is even belong to the head of the next request.
#[derive(Debug, Clone)]
pub(super) struct Stage(Arc<AtomicU64>);

impl Stage {
    pub(super) fn new() -> Self {
        Self(Arc::new(AtomicU64::new(0)))
    }

    /// To be called when a head has been read, and again when the response is made.
    pub(super) fn advance(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }

    fn count(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }
}

type Deadline = Option<Pin<Box<Sleep>>>;

fn late(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, what)
}

/// Whether a running deadline has passed.
fn has_passed(deadline: &mut Deadline, context: &mut Context<'_>) -> bool {
    deadline.as_mut().is_some_and(|sleep| sleep.as_mut().poll(context).is_ready())
}

/// A stream that fails when a head stays unfinished or a response unread for too long.
pub(super) struct GuardedStream {
    stream: TcpStream,
    stage: Stage,
    head_limit: Duration,
    head_deadline: Deadline,
    /// The stage at which the deadline of the head began; at any other stage it is over.
    head_stage: u64,
    stall_limit: Duration,
    stall_deadline: Deadline,
}

impl GuardedStream {
    pub(super) fn new(stream: TcpStream, stage: Stage, head_limit: Duration, stall_limit: Duration) -> Self {
        Self { stream, stage, head_limit, head_deadline: None, head_stage: 0, stall_limit, stall_deadline: None }
    }

    /// Runs the deadline of writing while the client takes nothing.
    fn watch_write<T>(&mut self, context: &mut Context<'_>, outcome: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.stall_deadline = None;
            return outcome;
        }
        let limit = self.stall_limit;
        self.stall_deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        if has_passed(&mut self.stall_deadline, context) {
            return Poll::Ready(Err(late("the client does not take its response")));
        }
        Poll::Pending
    }
}

impl AsyncRead for GuardedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let stage = this.stage.count();
        if stage != this.head_stage {
            this.head_deadline = None;
            this.head_stage = stage;
        }
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut this.stream).poll_read(context, buffer);
        let has_arrived = buffer.filled().len() > before;
        if has_arrived && this.head_deadline.is_none() && stage.is_multiple_of(2) {
            let limit = this.head_limit;
            this.head_deadline = Some(Box::pin(tokio::time::sleep(limit)));
        }
        if outcome.is_pending() && has_passed(&mut this.head_deadline, context) {
            return Poll::Ready(Err(late("the head of a request did not arrive")));
        }
        outcome
    }
}

impl AsyncWrite for GuardedStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch_write(context, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.watch_write(context, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(context);
        self.watch_write(context, outcome)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_shutdown(context);
        self.watch_write(context, outcome)
    }
}

/// A request body that fails with `TimedOut` when it has not arrived in time as a whole.
pub(super) struct GuardedBody {
    body: Incoming,
    limit: Duration,
    deadline: Deadline,
}

impl GuardedBody {
    pub(super) fn new(body: Incoming, limit: Duration) -> Self {
        Self { body, limit, deadline: None }
    }
}

impl Body for GuardedBody {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(context) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let limit = this.limit;
        let deadline = this.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        ready!(deadline.as_mut().poll(context));
        Poll::Ready(Some(Err(late("the body of a request did not arrive").into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
