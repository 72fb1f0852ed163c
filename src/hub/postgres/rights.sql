-- Who writes to the hub is a member of this role. It may add and read, and destroy what a redaction names;
-- it cannot change, remove or make anything else.
DO $do$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'bridgelog_writer') THEN
        CREATE ROLE bridgelog_writer NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- another database of this server was made a hub at the same time
END
$do$;
REVOKE ALL ON SCHEMA bridgelog FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA bridgelog FROM PUBLIC;
REVOKE ALL ON FUNCTION bridgelog.destroys(text), bridgelog.redact(uuid), bridgelog.keep_destroyed() FROM PUBLIC;
GRANT USAGE ON SCHEMA bridgelog TO bridgelog_writer;
GRANT SELECT ON bridgelog.hub, bridgelog.destroyed TO bridgelog_writer;
GRANT SELECT, INSERT ON bridgelog.writer, bridgelog.batch, bridgelog.entry TO bridgelog_writer;
GRANT SELECT, INSERT, UPDATE ON bridgelog.presence TO bridgelog_writer;
GRANT EXECUTE ON FUNCTION bridgelog.redact(uuid) TO bridgelog_writer;
