CREATE SCHEMA IF NOT EXISTS bridgelog;

-- What this hub is: one row.
CREATE TABLE IF NOT EXISTS bridgelog.hub (
    id     uuid PRIMARY KEY,
    format integer NOT NULL
);

-- The machines that have brought something.
CREATE TABLE IF NOT EXISTS bridgelog.writer (
    id uuid PRIMARY KEY
);

-- What each machine brought, numbered by itself: 1, 2, 3, … without gaps.
CREATE TABLE IF NOT EXISTS bridgelog.batch (
    writer  uuid NOT NULL,
    number  bigint NOT NULL,
    id      uuid NOT NULL,
    entries integer NOT NULL,
    bytes   bigint NOT NULL,
    PRIMARY KEY (writer, number)
);

-- The entries, as the bytes that were hashed: text, since json and jsonb would not keep them.
CREATE TABLE IF NOT EXISTS bridgelog.entry (
    id     uuid PRIMARY KEY,
    writer uuid NOT NULL,
    batch  bigint NOT NULL,
    place  integer NOT NULL,
    hash   bytea NOT NULL,
    header text NOT NULL,
    body   text
);
CREATE UNIQUE INDEX IF NOT EXISTS entry_place ON bridgelog.entry (writer, batch, place);

-- The entries whose bodies were destroyed, whether they are here or not.
CREATE TABLE IF NOT EXISTS bridgelog.destroyed (
    id uuid PRIMARY KEY
);

-- Who is at work.
CREATE TABLE IF NOT EXISTS bridgelog.presence (
    writer   uuid PRIMARY KEY,
    incident uuid,
    author   text NOT NULL,
    machine  text NOT NULL,
    seen     timestamptz NOT NULL
);

-- Returns the entries that the body of a redaction names; NULL if the body is no JSON.
CREATE OR REPLACE FUNCTION bridgelog.destroys(body text) RETURNS uuid[]
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    IF body IS NULL OR position('"destroys":' IN body) = 0 THEN
        RETURN ARRAY[]::uuid[];
    END IF;
    BEGIN
        RETURN ARRAY(SELECT json_array_elements_text(body::json -> 'destroys')::uuid);
    EXCEPTION WHEN data_exception THEN
        RETURN NULL;
    END;
END
$function$;

-- Destroys the bodies that a redaction names. A redaction among them keeps its body, unless this one names all
-- that it names: so nothing that was to be destroyed is forgotten. Returns how many bodies were destroyed.
CREATE OR REPLACE FUNCTION bridgelog.redact(redaction uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    named uuid[];
    destroyed_bodies bigint;
BEGIN
    SELECT bridgelog.destroys(entry.body) INTO named FROM bridgelog.entry WHERE entry.id = redaction;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    IF named IS NULL THEN
        RAISE EXCEPTION 'the body of redaction % is not JSON', redaction;
    END IF;
    named := array_remove(named, redaction);
    INSERT INTO bridgelog.destroyed (id)
        SELECT DISTINCT name FROM unnest(named) AS name ORDER BY name ON CONFLICT DO NOTHING;
    PERFORM 1 FROM bridgelog.entry WHERE entry.id = ANY (named) ORDER BY entry.id FOR UPDATE;
    UPDATE bridgelog.entry SET body = NULL
        WHERE entry.id = ANY (named) AND entry.body IS NOT NULL
        AND array_remove(coalesce(bridgelog.destroys(entry.body), ARRAY[]::uuid[]), entry.id) <@ named;
    GET DIAGNOSTICS destroyed_bodies = ROW_COUNT;
    RETURN destroyed_bodies;
END
$function$;

-- What was destroyed stays destroyed, although an old machine brings it again.
CREATE OR REPLACE FUNCTION bridgelog.keep_destroyed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    IF EXISTS (SELECT 1 FROM bridgelog.destroyed WHERE destroyed.id = NEW.id) THEN
        IF cardinality(coalesce(bridgelog.destroys(NEW.body), ARRAY[]::uuid[])) = 0 THEN
            NEW.body := NULL;
        END IF;
    END IF;
    RETURN NEW;
END
$function$;
DROP TRIGGER IF EXISTS keep_destroyed ON bridgelog.entry;
CREATE TRIGGER keep_destroyed BEFORE INSERT ON bridgelog.entry
    FOR EACH ROW WHEN (NEW.body IS NOT NULL) EXECUTE FUNCTION bridgelog.keep_destroyed();
