ALTER TABLE carriers DROP COLUMN externally_modified_at;
ALTER TABLE carriers DROP COLUMN settles_at;
DROP TABLE encoders;
DROP TABLE leases;
