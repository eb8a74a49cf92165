-- Spaces: rooms, suites, floors and the like under a name of the caller's own, with the doors that belong to them.

CREATE TABLE spaces (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    space_key TEXT,
    name TEXT NOT NULL,
    customer_key TEXT,
    parent_id TEXT REFERENCES spaces (id),
    customer_data TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX spaces_by_key ON spaces (workspace_id, space_key) WHERE deleted_at IS NULL;
CREATE INDEX spaces_by_workspace ON spaces (workspace_id, created_at, id);
CREATE INDEX spaces_by_parent ON spaces (parent_id);

-- What belongs to a space.
CREATE TABLE space_entrances (
    space_id TEXT COLLATE "C" NOT NULL REFERENCES spaces (id),
    entrance_id TEXT NOT NULL REFERENCES entrances (id),
    PRIMARY KEY (space_id, entrance_id)
);
CREATE INDEX space_entrances_by_entrance ON space_entrances (entrance_id);

CREATE TABLE space_devices (
    space_id TEXT COLLATE "C" NOT NULL REFERENCES spaces (id),
    device_id TEXT NOT NULL REFERENCES phones (id),
    PRIMARY KEY (space_id, device_id)
);

CREATE TABLE space_connected_accounts (
    space_id TEXT COLLATE "C" NOT NULL REFERENCES spaces (id),
    connected_account_id TEXT NOT NULL REFERENCES connected_accounts (id),
    PRIMARY KEY (space_id, connected_account_id)
);
CREATE INDEX space_connected_accounts_by_account ON space_connected_accounts (connected_account_id);
