DROP TABLE encoder_simulations;
DROP TABLE encoder_jobs;
DROP INDEX carriers_by_serial_number;
ALTER TABLE carriers DROP COLUMN serial_number;
