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

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'rows of the audit log are never removed';
    END IF;
    IF OLD.sequence IS NOT NULL
        OR (NEW.id, NEW.workspace_id, NEW.at, NEW.actor, NEW.action, NEW.subject_id, NEW.detail, NEW.route,
            NEW.request_id)
        IS DISTINCT FROM
           (OLD.id, OLD.workspace_id, OLD.at, OLD.actor, OLD.action, OLD.subject_id, OLD.detail, OLD.route,
            OLD.request_id)
    THEN
        RAISE EXCEPTION 'rows of the audit log are never changed';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();

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
