-- Instant keys: links that show a guest's keys in a browser. A link is found by the hash of its code; `sealed_code` is
-- the code as it can be shown again, sealed with the operator's key.

CREATE TABLE instant_keys (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    user_identity_id TEXT NOT NULL REFERENCES user_identities (id),
    client_session_id TEXT NOT NULL REFERENCES client_sessions (id),
    code_sha256 TEXT NOT NULL,
    sealed_code TEXT NOT NULL,
    customization_profile_id TEXT,
    max_use_count INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX instant_keys_by_code ON instant_keys (code_sha256);
CREATE INDEX instant_keys_by_workspace ON instant_keys (workspace_id, created_at, id);
CREATE INDEX instant_keys_by_identity ON instant_keys (user_identity_id);
CREATE INDEX instant_keys_by_session ON instant_keys (client_session_id);

-- The browsers that have opened a link: each is one use of it. A browser is known by the hash of its cookie.
CREATE TABLE instant_key_uses (
    instant_key_id TEXT NOT NULL REFERENCES instant_keys (id),
    browser_sha256 TEXT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (instant_key_id, browser_sha256)
);
