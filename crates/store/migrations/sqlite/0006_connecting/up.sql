-- Hotels that are connected through a page of ours (spec/api.md 4.23) instead of the configuration file.

-- The page: a link that is given out, with what becomes of it. The token opens the page, so it is sealed.
CREATE TABLE connect_webviews (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    sealed_token TEXT NOT NULL,
    status TEXT NOT NULL,
    accepted_providers TEXT NOT NULL,
    options TEXT NOT NULL,
    custom_redirect_url TEXT,
    custom_redirect_failure_url TEXT,
    customer_key TEXT,
    selected_provider TEXT,
    connected_account_id TEXT REFERENCES connected_accounts (id),
    failure TEXT,
    tries INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    authorized_at BIGINT
);
CREATE INDEX connect_webviews_by_workspace ON connect_webviews (workspace_id, created_at, id);

-- How a system is reached that was connected through a page. The revision rises each time it is connected again.
CREATE TABLE connections (
    acs_system_id TEXT NOT NULL PRIMARY KEY REFERENCES acs_systems (id),
    address TEXT NOT NULL,
    username TEXT NOT NULL,
    sealed_password TEXT NOT NULL,
    trust TEXT NOT NULL,
    uses_encoders BOOLEAN NOT NULL,
    revision BIGINT NOT NULL,
    connected_at BIGINT NOT NULL
);

-- Words that callers attach to things, one row each; `value` is JSON, a text or a boolean.
CREATE TABLE custom_metadata (
    subject_id TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (subject_id, name)
);
CREATE INDEX custom_metadata_by_value ON custom_metadata (name, value);

ALTER TABLE connected_accounts ADD COLUMN customer_key TEXT;
ALTER TABLE connected_accounts ADD COLUMN automatically_manage_new_devices BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE connected_accounts ADD COLUMN accepted_capabilities TEXT NOT NULL DEFAULT '["access_control"]';
ALTER TABLE connected_accounts ADD COLUMN deleted_at BIGINT;
CREATE INDEX connected_accounts_by_workspace ON connected_accounts (workspace_id, created_at, id);

-- What the worker of a site is told: to read everything now, that somebody has disconnected it for a trial, that it is
-- gone.
ALTER TABLE acs_systems ADD COLUMN sync_asked_at BIGINT;
ALTER TABLE acs_systems ADD COLUMN is_disconnected BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE acs_systems ADD COLUMN deleted_at BIGINT;
