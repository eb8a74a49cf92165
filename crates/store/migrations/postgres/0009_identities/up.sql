-- What is remembered of persons and their phones (spec/api.md 2.7 to 2.9, 2.15).

-- Persons who were merged into others: their ids and keys keep resolving.
CREATE TABLE merged_user_identities (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES user_identities (id),
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    into_id TEXT NOT NULL REFERENCES user_identities (id),
    user_identity_key TEXT,
    merged_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX merged_user_identities_by_key ON merged_user_identities (workspace_id, user_identity_key);
CREATE INDEX merged_user_identities_by_target ON merged_user_identities (into_id);

-- That a person's phones are to be enrolled at a credential manager. One per person and manager.
CREATE TABLE enrollment_automations (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    user_identity_id TEXT NOT NULL REFERENCES user_identities (id),
    credential_manager_id TEXT NOT NULL REFERENCES acs_systems (id),
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX enrollment_automations_by_identity
    ON enrollment_automations (user_identity_id, credential_manager_id);

-- What people call a phone.
ALTER TABLE phones ADD COLUMN nickname TEXT;
