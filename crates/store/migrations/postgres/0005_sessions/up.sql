-- Who else than a key may call the API: phone apps and browsers with client sessions, people with tokens of their own,
-- and browsers with the publishable key of a workspace (spec/api.md 1.9).

ALTER TABLE workspaces ADD COLUMN connect_partner_name TEXT;
-- How pages for people look, JSON.
ALTER TABLE workspaces ADD COLUMN connect_webview_customization TEXT NOT NULL DEFAULT '{}';
ALTER TABLE workspaces ADD COLUMN organization_id TEXT;
ALTER TABLE workspaces ADD COLUMN is_suspended BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE workspaces ADD COLUMN is_publishable_key_auth_enabled BOOLEAN NOT NULL DEFAULT FALSE;
-- Public by its nature, so it stands here as it is.
ALTER TABLE workspaces ADD COLUMN publishable_key TEXT;
CREATE UNIQUE INDEX workspaces_by_publishable_key ON workspaces (publishable_key);

-- A person who may act in several workspaces is a name; memberships say which.
CREATE TABLE personal_access_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    short_token TEXT NOT NULL,
    long_token_sha256 TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX personal_access_tokens_by_short_token ON personal_access_tokens (short_token);

CREATE TABLE memberships (
    owner TEXT NOT NULL,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (owner, workspace_id)
);

-- `sealed_token` is the token as it can be shown again, sealed with the operator's key; `long_token_sha256` lets it in.
-- A row stays when its session is deleted, so that what refers to it keeps meaning something.
CREATE TABLE client_sessions (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    short_token TEXT NOT NULL,
    long_token_sha256 TEXT NOT NULL,
    sealed_token TEXT NOT NULL,
    user_identifier_key TEXT,
    user_identity_id TEXT REFERENCES user_identities (id),
    customer_key TEXT,
    is_read_only BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX client_sessions_by_short_token ON client_sessions (short_token);
CREATE INDEX client_sessions_by_workspace ON client_sessions (workspace_id, created_at, id);
CREATE INDEX client_sessions_by_key ON client_sessions (workspace_id, user_identifier_key);
CREATE INDEX client_sessions_by_identity ON client_sessions (user_identity_id);

-- What a session was given besides its person: `kind` is connected_account or connect_webview.
CREATE TABLE client_session_grants (
    client_session_id TEXT NOT NULL REFERENCES client_sessions (id),
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    PRIMARY KEY (client_session_id, kind, subject_id)
);
CREATE INDEX client_session_grants_by_subject ON client_session_grants (kind, subject_id);
