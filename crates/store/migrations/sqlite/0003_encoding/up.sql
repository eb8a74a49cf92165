-- Plastic cards: which medium carries a key, what is to be done at encoders, and what a sandbox was told of the next
-- card there.

-- The serial number of the plastic card that carries the key, 16 hex digits.
ALTER TABLE carriers ADD COLUMN serial_number TEXT;
CREATE INDEX carriers_by_serial_number ON carriers (acs_system_id, serial_number) WHERE serial_number IS NOT NULL;

-- Work at encoders, one row for each action attempt; `stage` is queued, at_encoder, finding or over.
CREATE TABLE encoder_jobs (
    id TEXT NOT NULL PRIMARY KEY REFERENCES action_attempts (id),
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    acs_system_id TEXT NOT NULL REFERENCES acs_systems (id),
    encoder_id TEXT NOT NULL REFERENCES encoders (id),
    task TEXT NOT NULL,
    credential_id TEXT,
    acs_user_id TEXT,
    carrier_id TEXT,
    simulated TEXT,
    stage TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    begun_at BIGINT,
    ended_at BIGINT
);
CREATE INDEX encoder_jobs_open ON encoder_jobs (acs_system_id, created_at, id) WHERE ended_at IS NULL;
CREATE INDEX encoder_jobs_by_encoder ON encoder_jobs (encoder_id, task, ended_at);

-- What the next job of a family (encode or scan) at an encoder shall come to; sandbox only.
CREATE TABLE encoder_simulations (
    encoder_id TEXT NOT NULL REFERENCES encoders (id),
    family TEXT NOT NULL,
    credential_id TEXT,
    outcome TEXT NOT NULL,
    PRIMARY KEY (encoder_id, family)
);
