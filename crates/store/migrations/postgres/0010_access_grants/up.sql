-- Stays by reservation: what a guest was granted, and the cards and phone keys that carry it (spec/api.md 4.19, 4.20).
-- Grants of one reservation key are one party; `ends_at` may be open although every key has an end.

CREATE TABLE access_grants (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    user_identity_id TEXT NOT NULL REFERENCES user_identities (id),
    access_grant_key TEXT,
    reservation_key TEXT,
    customer_key TEXT,
    name TEXT,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT,
    customization_profile_id TEXT,
    -- What was asked for and what came of it, a JSON array.
    requested TEXT NOT NULL,
    -- The former and the new times of the last change, JSON.
    times_changed TEXT,
    -- Since when some method opens each of its doors.
    complete_at BIGINT,
    created_at BIGINT NOT NULL,
    deleting_at BIGINT,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX access_grants_by_key ON access_grants (workspace_id, access_grant_key) WHERE deleting_at IS NULL;
CREATE INDEX access_grants_by_reservation ON access_grants (workspace_id, reservation_key)
    WHERE deleted_at IS NULL AND reservation_key IS NOT NULL;
CREATE INDEX access_grants_by_identity ON access_grants (user_identity_id);
CREATE INDEX access_grants_by_workspace ON access_grants (workspace_id, created_at, id);

-- `granted_at` is none while no method of the grant opens the door.
CREATE TABLE access_grant_doors (
    access_grant_id TEXT NOT NULL REFERENCES access_grants (id),
    entrance_id TEXT NOT NULL REFERENCES entrances (id),
    position INTEGER NOT NULL,
    granted_at BIGINT,
    lost_at BIGINT,
    PRIMARY KEY (access_grant_id, entrance_id)
);
CREATE INDEX access_grant_doors_by_entrance ON access_grant_doors (entrance_id);

-- The spaces that were named; their doors were copied when the grant was made.
CREATE TABLE access_grant_spaces (
    access_grant_id TEXT NOT NULL REFERENCES access_grants (id),
    space_id TEXT NOT NULL,
    PRIMARY KEY (access_grant_id, space_id)
);
CREATE INDEX access_grant_spaces_by_space ON access_grant_spaces (space_id);

-- `asked_at` is when its times were last asked for: what is late is counted from then.
CREATE TABLE access_methods (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    access_grant_id TEXT NOT NULL REFERENCES access_grants (id),
    mode TEXT NOT NULL,
    instant_key_max_use_count INTEGER,
    -- The link that shows the guest's keys, of a mobile key.
    instant_key_id TEXT,
    asked_at BIGINT NOT NULL,
    first_issued_at BIGINT,
    issued_at BIGINT,
    encoding_asked_at BIGINT,
    delayed_at BIGINT,
    failed_at BIGINT,
    created_at BIGINT NOT NULL,
    deleting_at BIGINT,
    deleted_at BIGINT
);
CREATE INDEX access_methods_by_grant ON access_methods (access_grant_id);
CREATE INDEX access_methods_by_workspace ON access_methods (workspace_id, created_at, id);

-- The card or parent that carries a method, one for each site.
CREATE TABLE access_method_credentials (
    credential_id TEXT NOT NULL PRIMARY KEY REFERENCES credentials (id),
    access_method_id TEXT NOT NULL REFERENCES access_methods (id)
);
CREATE INDEX access_method_credentials_by_method ON access_method_credentials (access_method_id);
