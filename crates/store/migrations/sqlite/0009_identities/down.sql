ALTER TABLE phones DROP COLUMN nickname;
DROP TABLE enrollment_automations;
DROP TABLE merged_user_identities;
