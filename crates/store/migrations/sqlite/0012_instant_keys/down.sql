DROP TABLE instant_key_uses;
DROP TABLE instant_keys;
