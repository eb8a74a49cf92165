-- What property systems push: places, people and stays, each by the caller's key.

-- `content` is what was last acted on, JSON; empty while nothing was. `subject_id` is the person of a record about one.
-- `problem` is why the last push of the record came to nothing.
CREATE TABLE customer_records (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    kind TEXT COLLATE "C" NOT NULL,
    record_key TEXT COLLATE "C" NOT NULL,
    customer_key TEXT NOT NULL,
    content TEXT NOT NULL,
    subject_id TEXT,
    problem TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, kind, record_key)
);
CREATE INDEX customer_records_by_customer ON customer_records (workspace_id, customer_key);

-- The places that a stay names, by the key of their space.
CREATE TABLE customer_record_places (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    kind TEXT COLLATE "C" NOT NULL,
    record_key TEXT COLLATE "C" NOT NULL,
    space_key TEXT NOT NULL,
    PRIMARY KEY (workspace_id, kind, record_key, space_key)
);
CREATE INDEX customer_record_places_by_space ON customer_record_places (workspace_id, space_key);

-- The grant that each person of a stay got.
CREATE TABLE customer_grants (
    access_grant_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES access_grants (id),
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    kind TEXT COLLATE "C" NOT NULL,
    record_key TEXT COLLATE "C" NOT NULL,
    user_identity_id TEXT NOT NULL REFERENCES user_identities (id)
);
CREATE INDEX customer_grants_by_record ON customer_grants (workspace_id, kind, record_key);
CREATE INDEX customer_grants_by_identity ON customer_grants (user_identity_id);
