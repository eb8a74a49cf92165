-- What a real lock server needs beside the sandbox: one worker per site, encoders, and what the lock server says about
-- cards that we did not ask for.

-- One process at a time works at a site: whoever holds its lease. The epoch rises with each new holder, and what a
-- former holder still wants to write is refused by it.
CREATE TABLE leases (
    acs_system_id TEXT NOT NULL PRIMARY KEY REFERENCES acs_systems (id),
    holder TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- Devices that write plastic cards. `native_id` is the lock server's own id.
CREATE TABLE encoders (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    acs_system_id TEXT NOT NULL REFERENCES acs_systems (id),
    native_id TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE UNIQUE INDEX encoders_by_native_id ON encoders (acs_system_id, native_id);
CREATE INDEX encoders_by_workspace ON encoders (workspace_id, created_at, id);

-- Until when a card whose outcome is open may still be made, so that its absence proves nothing before (P2).
ALTER TABLE carriers ADD COLUMN settles_at BIGINT;
-- Since when the lock server shows another window than the one we asked for.
ALTER TABLE carriers ADD COLUMN externally_modified_at BIGINT;
