-- The whole house of issue, stay and carrier. Instants are microseconds since the epoch; ids are UUID text; open-ended
-- detail is JSON text. Columns we search stand alone; what we only show stands in JSON.
--
-- No partial index says IS NOT NULL: SQLite then prepares every statement on the table anew at each use.

CREATE TABLE workspaces (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    is_sandbox BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE api_keys (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    name TEXT NOT NULL,
    short_token TEXT NOT NULL,
    long_token_sha256 TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX api_keys_by_short_token ON api_keys (short_token);

CREATE TABLE connected_accounts (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    account_type TEXT NOT NULL,
    display_name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- A site (`visionline_system`) or a credential manager (`assa_abloy_credential_service`).
CREATE TABLE acs_systems (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    connected_account_id TEXT NOT NULL REFERENCES connected_accounts (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    time_zone TEXT,
    default_credential_manager_id TEXT REFERENCES acs_systems (id),
    lan_address TEXT,
    mobile_access_uuid TEXT,
    system_id TEXT,
    settings TEXT NOT NULL,
    last_opening BIGINT NOT NULL,
    errors TEXT NOT NULL,
    warnings TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX acs_systems_by_workspace ON acs_systems (workspace_id);

CREATE TABLE entrances (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    acs_system_id TEXT NOT NULL REFERENCES acs_systems (id),
    door_name TEXT NOT NULL,
    door_category TEXT NOT NULL,
    room_order INTEGER NOT NULL,
    profiles TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE UNIQUE INDEX entrances_by_door_name ON entrances (acs_system_id, door_name);
CREATE INDEX entrances_by_workspace ON entrances (workspace_id, created_at, id);

CREATE TABLE user_identities (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    user_identity_key TEXT,
    email_address TEXT,
    phone_number TEXT,
    full_name TEXT,
    created_at BIGINT NOT NULL,
    deleting_at BIGINT,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX user_identities_by_key ON user_identities (workspace_id, user_identity_key) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX user_identities_by_email ON user_identities (workspace_id, email_address) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX user_identities_by_phone ON user_identities (workspace_id, phone_number) WHERE deleted_at IS NULL;
CREATE INDEX user_identities_by_workspace ON user_identities (workspace_id, created_at, id);

CREATE TABLE acs_users (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    acs_system_id TEXT NOT NULL REFERENCES acs_systems (id),
    user_identity_id TEXT REFERENCES user_identities (id),
    full_name TEXT,
    email_address TEXT,
    phone_number TEXT,
    access_starts_at BIGINT,
    access_ends_at BIGINT,
    is_suspended BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    deleting_at BIGINT,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX acs_users_by_identity ON acs_users (user_identity_id, acs_system_id) WHERE deleted_at IS NULL;
CREATE INDEX acs_users_by_workspace ON acs_users (workspace_id, created_at, id);

-- Doors granted to a user beforehand (spec/api.md 4.14).
CREATE TABLE standing_grants (
    acs_user_id TEXT NOT NULL REFERENCES acs_users (id),
    entrance_id TEXT NOT NULL REFERENCES entrances (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (acs_user_id, entrance_id)
);

-- A phone and its registration (endpoint) at one credential manager.
CREATE TABLE phones (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    user_identity_id TEXT NOT NULL REFERENCES user_identities (id),
    device_type TEXT NOT NULL,
    display_name TEXT NOT NULL,
    detail TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    deactivated_at BIGINT
);
CREATE INDEX phones_by_identity ON phones (user_identity_id);
CREATE INDEX phones_by_workspace ON phones (workspace_id, created_at, id);

CREATE TABLE endpoints (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    phone_id TEXT NOT NULL REFERENCES phones (id),
    credential_manager_id TEXT NOT NULL REFERENCES acs_systems (id),
    is_active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX endpoints_by_phone ON endpoints (phone_id);

-- A card, a parent (is_multi_phone) or a child (parent_id, endpoint_id).
CREATE TABLE credentials (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    acs_system_id TEXT NOT NULL REFERENCES acs_systems (id),
    acs_user_id TEXT REFERENCES acs_users (id),
    parent_id TEXT REFERENCES credentials (id),
    endpoint_id TEXT REFERENCES endpoints (id),
    credential_manager_id TEXT REFERENCES acs_systems (id),
    access_method TEXT NOT NULL,
    is_multi_phone BOOLEAN NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    schedule_modified BOOLEAN NOT NULL,
    card_format TEXT NOT NULL,
    label TEXT,
    mode TEXT NOT NULL,
    joiner_ids TEXT NOT NULL,
    auto_join BOOLEAN,
    revision INTEGER NOT NULL,
    issued_at BIGINT,
    invalidated_at BIGINT,
    needs_reissue_at BIGINT,
    refused TEXT,
    replaced_by TEXT REFERENCES credentials (id),
    created_at BIGINT NOT NULL,
    revoked_at BIGINT,
    deleting_at BIGINT,
    deleted_at BIGINT
);
CREATE INDEX credentials_by_workspace ON credentials (workspace_id, created_at, id);
CREATE INDEX credentials_by_user ON credentials (acs_user_id, deleted_at);
CREATE INDEX credentials_by_parent ON credentials (parent_id);
CREATE INDEX credentials_by_endpoint ON credentials (endpoint_id);

-- One party's hold on a set of guest doors. Its place in the sequence of each door is (starts_at, created_at, id).
CREATE TABLE stays (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    acs_system_id TEXT NOT NULL REFERENCES acs_systems (id),
    starts_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- A stay at one guest door. `opening` is the newest stamp of ours that the lock server confirmed there.
CREATE TABLE tenancies (
    stay_id TEXT COLLATE "C" NOT NULL REFERENCES stays (id),
    entrance_id TEXT NOT NULL REFERENCES entrances (id),
    rank_starts_at BIGINT NOT NULL,
    rank_created_at BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    opening BIGINT,
    lost_at BIGINT,
    PRIMARY KEY (stay_id, entrance_id)
);
CREATE INDEX tenancies_by_entrance ON tenancies (entrance_id, ends_at);
CREATE INDEX tenancies_by_opening ON tenancies (entrance_id, opening);

-- The doors of a card or a parent; a child has those of its parent. `stay_id` is null for common doors.
CREATE TABLE credential_doors (
    credential_id TEXT NOT NULL REFERENCES credentials (id),
    entrance_id TEXT NOT NULL REFERENCES entrances (id),
    position INTEGER NOT NULL,
    stay_id TEXT REFERENCES stays (id),
    PRIMARY KEY (credential_id, entrance_id)
);
CREATE INDEX credential_doors_by_entrance ON credential_doors (entrance_id, credential_id);
CREATE INDEX credential_doors_by_stay ON credential_doors (stay_id);

-- One card record at the lock server, from the intention to make it until it is gone.
CREATE TABLE carriers (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    acs_system_id TEXT NOT NULL REFERENCES acs_systems (id),
    credential_id TEXT NOT NULL REFERENCES credentials (id),
    revision INTEGER NOT NULL,
    stage TEXT NOT NULL,
    method TEXT NOT NULL,
    request TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    card_id TEXT,
    native_credential_id TEXT,
    attempts INTEGER NOT NULL,
    due_at BIGINT,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    delivered_at BIGINT,
    ended_at BIGINT
);
CREATE INDEX carriers_by_credential ON carriers (credential_id);
CREATE INDEX carriers_by_due ON carriers (acs_system_id, due_at);
CREATE INDEX carriers_by_card ON carriers (acs_system_id, card_id);

-- The guest doors of a carrier, with the stay and the stamp (as our opening number) that it holds there.
CREATE TABLE carrier_doors (
    carrier_id TEXT NOT NULL REFERENCES carriers (id),
    entrance_id TEXT NOT NULL REFERENCES entrances (id),
    stay_id TEXT NOT NULL REFERENCES stays (id),
    opening BIGINT NOT NULL,
    PRIMARY KEY (carrier_id, entrance_id)
);
CREATE INDEX carrier_doors_by_entrance ON carrier_doors (entrance_id);

-- The outbox: a credential that somebody must look at, written in the transaction of the change.
CREATE TABLE tasks (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    acs_system_id TEXT NOT NULL REFERENCES acs_systems (id),
    credential_id TEXT NOT NULL REFERENCES credentials (id),
    due_at BIGINT NOT NULL
);
CREATE INDEX tasks_by_due ON tasks (acs_system_id, due_at);

CREATE TABLE events (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    event_type TEXT NOT NULL,
    occurred_at BIGINT NOT NULL,
    connected_account_id TEXT,
    acs_system_id TEXT,
    acs_user_id TEXT,
    acs_credential_id TEXT,
    acs_entrance_id TEXT,
    acs_encoder_id TEXT,
    user_identity_id TEXT,
    device_id TEXT,
    detail TEXT NOT NULL
);
CREATE INDEX events_by_time ON events (workspace_id, occurred_at, id);

CREATE TABLE action_attempts (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    action_type TEXT NOT NULL,
    status TEXT NOT NULL,
    result TEXT,
    error TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX action_attempts_by_workspace ON action_attempts (workspace_id, created_at, id);

-- Who changed what, and when. Rows are only ever added.
CREATE TABLE audit (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    detail TEXT NOT NULL
);
