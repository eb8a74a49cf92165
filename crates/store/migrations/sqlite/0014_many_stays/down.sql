DROP INDEX audit_unsealed;
CREATE INDEX audit_unsealed ON audit (at) WHERE sequence IS NULL;
DROP INDEX tenancies_by_entrance;
CREATE INDEX tenancies_by_entrance ON tenancies (entrance_id, ends_at);
DROP INDEX credentials_by_successor;
DROP INDEX access_grants_by_reservation;
CREATE INDEX access_grants_by_reservation ON access_grants (workspace_id, reservation_key)
    WHERE deleted_at IS NULL AND reservation_key IS NOT NULL;
