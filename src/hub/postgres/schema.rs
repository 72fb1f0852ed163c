//! The tables of a hub, and who may do what with them.

use std::fmt::Write as _;

/// The version of the tables.
pub(super) const FORMAT: i32 = 1;
/// The role whose members may sync, and nothing else.
const WRITERS: &str = "bridgelog_writer";

/// The tables, the redacting function and the rights. It can be run again.
///
/// - A batch is what one machine brought at once: `writer` numbers its own, from 1, without a hole.
/// - `entry.hash` is the SHA-256 of the header. Header and body are texts, never JSON: the bytes are the entry.
/// - `redact` destroys the bodies that an entry of the table names. An entry that itself destroys others goes only
///   with all of these, as in `docs/JOURNAL.md`.
const TABLES: &str = r#"CREATE SCHEMA IF NOT EXISTS bridgelog;

CREATE TABLE IF NOT EXISTS bridgelog.hub (
  id uuid PRIMARY KEY,
  format integer NOT NULL
);
CREATE TABLE IF NOT EXISTS bridgelog.batch (
  writer uuid NOT NULL,
  number bigint NOT NULL,
  id uuid NOT NULL,
  bytes bigint NOT NULL,
  PRIMARY KEY (writer, number)
);
CREATE TABLE IF NOT EXISTS bridgelog.writer (
  id uuid PRIMARY KEY
);
CREATE TABLE IF NOT EXISTS bridgelog.entry (
  id uuid PRIMARY KEY,
  writer uuid NOT NULL,
  batch bigint NOT NULL,
  place integer NOT NULL,
  hash bytea NOT NULL,
  header text NOT NULL,
  body text
);
CREATE UNIQUE INDEX IF NOT EXISTS entry_batch ON bridgelog.entry (writer, batch, place);
CREATE TABLE IF NOT EXISTS bridgelog.destroyed (
  id uuid PRIMARY KEY
);
CREATE TABLE IF NOT EXISTS bridgelog.presence (
  writer uuid PRIMARY KEY,
  incident uuid,
  author text NOT NULL,
  machine text NOT NULL,
  seen timestamptz NOT NULL
);

CREATE OR REPLACE FUNCTION bridgelog.destroys(body text) RETURNS uuid[]
LANGUAGE sql IMMUTABLE AS $$
  SELECT COALESCE(
    (SELECT array_agg(id::uuid) FROM json_array_elements_text(body::json -> 'destroys') AS id),
    ARRAY[]::uuid[])
$$;

CREATE OR REPLACE FUNCTION bridgelog.redact(redaction uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  named uuid[];
  redacted bigint;
BEGIN
  SELECT array_remove(bridgelog.destroys(body), id) INTO named
  FROM bridgelog.entry WHERE id = redaction AND body LIKE '%"destroys":%';
  IF named IS NULL THEN
    RETURN 0;
  END IF;
  INSERT INTO bridgelog.destroyed SELECT unnest(named) ON CONFLICT DO NOTHING;
  UPDATE bridgelog.entry SET body = NULL
  WHERE id = ANY (named) AND body IS NOT NULL
    AND (body NOT LIKE '%"destroys":%' OR array_remove(bridgelog.destroys(body), id) <@ named);
  GET DIAGNOSTICS redacted = ROW_COUNT;
  RETURN redacted;
END
$$;

CREATE OR REPLACE FUNCTION bridgelog.stay_destroyed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF NEW.body NOT LIKE '%"destroys":%'
    AND EXISTS (SELECT 1 FROM bridgelog.destroyed WHERE id = NEW.id) THEN
    NEW.body := NULL;
  END IF;
  RETURN NEW;
END
$$;
DROP TRIGGER IF EXISTS stay_destroyed ON bridgelog.entry;
CREATE TRIGGER stay_destroyed BEFORE INSERT ON bridgelog.entry
FOR EACH ROW EXECUTE FUNCTION bridgelog.stay_destroyed();

INSERT INTO bridgelog.hub (id, format)
SELECT gen_random_uuid(), 1 WHERE NOT EXISTS (SELECT 1 FROM bridgelog.hub);
"#;

/// Who may do what: the members of a group may read and insert.
const RIGHTS: &str = r"REVOKE ALL ON SCHEMA bridgelog FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA bridgelog FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA bridgelog FROM PUBLIC;
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'bridgelog_writer') THEN
    CREATE ROLE bridgelog_writer NOLOGIN;
  END IF;
END
$$;
REVOKE ALL ON ALL TABLES IN SCHEMA bridgelog FROM bridgelog_writer;
GRANT USAGE ON SCHEMA bridgelog TO bridgelog_writer;
GRANT SELECT ON bridgelog.hub, bridgelog.destroyed TO bridgelog_writer;
GRANT SELECT, INSERT ON bridgelog.writer, bridgelog.batch, bridgelog.entry TO bridgelog_writer;
GRANT SELECT, INSERT, UPDATE ON bridgelog.presence TO bridgelog_writer;
GRANT EXECUTE ON FUNCTION bridgelog.redact(uuid), bridgelog.destroys(text) TO bridgelog_writer;
";

/// Returns the SQL that makes a database a hub, and lets `grant` sync. It can be run again.
#[must_use]
pub fn init_sql(grant: Option<&str>) -> String {
    let mut sql = format!(
        "-- Makes this database a hub of Bridgelog. Run it as the owner of the database; it can be run again.\n{TABLES}\n{RIGHTS}"
    );
    if let Some(role) = grant {
        let role = role.replace('"', "\"\"");
        let _ = writeln!(sql, "GRANT {WRITERS} TO \"{role}\";");
    }
    sql
}
