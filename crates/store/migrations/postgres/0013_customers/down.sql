DROP TABLE customer_grants;
DROP TABLE customer_record_places;
DROP TABLE customer_records;
