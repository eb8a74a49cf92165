-- Webhooks (spec/api.md 5.3): where events are sent, what is on its way, and what came of each attempt.

CREATE TABLE webhooks (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    url TEXT NOT NULL,
    event_types TEXT NOT NULL,
    sealed_secret TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX webhooks_by_workspace ON webhooks (workspace_id, created_at, id);

-- Which program is sending to a webhook, and until when nobody else does. A table of its own: `webhooks` is read with
-- every event and should rarely be written.
CREATE TABLE webhook_claims (
    webhook_id TEXT NOT NULL PRIMARY KEY REFERENCES webhooks (id),
    holder TEXT NOT NULL,
    claimed_until BIGINT NOT NULL,
    failing_since BIGINT
);

-- The outbox: one event on its way to one webhook, written in the transaction of the event. `status` is pending,
-- delivered or failed; `due_at` is null when there is nothing to be sent any more.
CREATE TABLE webhook_messages (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    webhook_id TEXT NOT NULL REFERENCES webhooks (id),
    event_id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    status TEXT NOT NULL,
    failures INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT
);
CREATE INDEX webhook_messages_by_due ON webhook_messages (webhook_id, due_at);
CREATE INDEX webhook_messages_by_time ON webhook_messages (workspace_id, created_at);

-- What came of one attempt to deliver a message.
CREATE TABLE webhook_attempts (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    webhook_id TEXT NOT NULL REFERENCES webhooks (id),
    message_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    is_delivered BOOLEAN NOT NULL,
    response_status INTEGER,
    problem TEXT,
    duration_ms BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX webhook_attempts_by_workspace ON webhook_attempts (workspace_id, created_at, id);
