-- What is asked for with every stay costs the same however many stays there are: a property system pushes thousands.

-- The grants of one reservation, in their order; before, an engine would rather walk all grants of the workspace.
DROP INDEX access_grants_by_reservation;
CREATE INDEX access_grants_by_reservation ON access_grants (workspace_id, reservation_key, created_at, id);
-- Whom a credential replaces.
CREATE INDEX credentials_by_successor ON credentials (replaced_by);
-- The tenancies of a door in some window.
DROP INDEX tenancies_by_entrance;
CREATE INDEX tenancies_by_entrance ON tenancies (entrance_id, ends_at, starts_at);
-- A push writes thousands of rows at one instant; those not sealed yet are read in order.
DROP INDEX audit_unsealed;
CREATE INDEX audit_unsealed ON audit (at, id) WHERE sequence IS NULL;
