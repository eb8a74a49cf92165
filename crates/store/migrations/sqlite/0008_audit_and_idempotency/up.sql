-- The audit log names the route and the request of a change, and is chained by hash: rows are sealed in order, soon
-- after their commit. A row of the log is never removed, and a sealed one never changed.
ALTER TABLE audit ADD COLUMN route TEXT;
ALTER TABLE audit ADD COLUMN request_id TEXT;
ALTER TABLE audit ADD COLUMN sequence BIGINT;
ALTER TABLE audit ADD COLUMN hash TEXT;
CREATE INDEX audit_unsealed ON audit (at) WHERE sequence IS NULL;
CREATE UNIQUE INDEX audit_chain ON audit (workspace_id, sequence) WHERE sequence IS NOT NULL;

-- The last sealed row of each workspace: rows cut off at the end of the chain are missed.
CREATE TABLE audit_heads (
    workspace_id TEXT NOT NULL PRIMARY KEY REFERENCES workspaces (id),
    sequence BIGINT NOT NULL,
    hash TEXT NOT NULL
);

CREATE TRIGGER audit_is_never_removed BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'rows of the audit log are never removed');
END;

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
WHEN OLD.sequence IS NOT NULL OR NEW.id IS NOT OLD.id OR NEW.workspace_id IS NOT OLD.workspace_id
    OR NEW.at IS NOT OLD.at OR NEW.actor IS NOT OLD.actor OR NEW.action IS NOT OLD.action
    OR NEW.subject_id IS NOT OLD.subject_id OR NEW.detail IS NOT OLD.detail OR NEW.route IS NOT OLD.route
    OR NEW.request_id IS NOT OLD.request_id
BEGIN
    SELECT RAISE(ABORT, 'rows of the audit log are never changed');
END;

-- Requests with an Idempotency-Key. A row is written in the transaction of the change; its answer follows, encrypted
-- with what only the caller knows.
CREATE TABLE idempotency_keys (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    request_hash TEXT NOT NULL,
    request_id TEXT NOT NULL,
    changed TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    status INTEGER,
    answer TEXT
);
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

-- Rooms that were taken from a party lately, for the metrics.
CREATE INDEX tenancies_by_loss ON tenancies (lost_at) WHERE lost_at IS NOT NULL;
