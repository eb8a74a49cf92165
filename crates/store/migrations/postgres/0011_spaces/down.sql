DROP TABLE space_connected_accounts;
DROP TABLE space_devices;
DROP TABLE space_entrances;
DROP TABLE spaces;
