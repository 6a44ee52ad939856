CREATE TABLE "audit_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"type" text NOT NULL,
	"subject" uuid,
	"card" uuid,
	"ref" uuid,
	"fields" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_retention" (
	"type" text PRIMARY KEY NOT NULL,
	"days" integer NOT NULL,
	CONSTRAINT "audit_retention_least" CHECK ("audit_retention"."days" >= 30)
);
--> statement-breakpoint
CREATE TABLE "audit_subjects" (
	"cardholder_id" uuid PRIMARY KEY NOT NULL,
	"subject" uuid NOT NULL,
	CONSTRAINT "audit_subjects_subject_unique" UNIQUE("subject")
);
--> statement-breakpoint
ALTER TABLE "audit_subjects" ADD CONSTRAINT "audit_subjects_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_events_subject" ON "audit_events" USING btree ("subject","at") WHERE "audit_events"."subject" is not null;--> statement-breakpoint
CREATE INDEX "audit_events_type" ON "audit_events" USING btree ("type","at");--> statement-breakpoint
-- The rest is written by hand. audit_events is append-only for every role: rows are never changed, and none is removed before
-- the days of its type are over by the database's own clock, which the product cannot move.
CREATE FUNCTION "audit_events_append_only"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	IF TG_OP = 'DELETE' AND EXISTS (
		SELECT FROM audit_retention WHERE type = OLD.type AND OLD.at < clock_timestamp() - make_interval(days => days)
	) THEN
		RETURN OLD;
	END IF;
	RAISE EXCEPTION 'audit_events is append-only' USING ERRCODE = 'restrict_violation';
END
$$;--> statement-breakpoint
CREATE TRIGGER "audit_events_append_only" BEFORE UPDATE OR DELETE ON "audit_events" FOR EACH ROW EXECUTE FUNCTION "audit_events_append_only"();--> statement-breakpoint
CREATE TRIGGER "audit_events_no_truncate" BEFORE TRUNCATE ON "audit_events" FOR EACH STATEMENT EXECUTE FUNCTION "audit_events_append_only"();--> statement-breakpoint
-- Retention, for a run-time role that may not delete: it runs as the owner of the tables.
CREATE FUNCTION "purge_audit_events"("most" integer) RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
	WITH gone AS (
		DELETE FROM audit_events WHERE id IN (
			SELECT old.id FROM audit_retention CROSS JOIN LATERAL (
				SELECT id FROM audit_events
				WHERE type = audit_retention.type AND at < clock_timestamp() - make_interval(days => days)
				ORDER BY at LIMIT most FOR UPDATE SKIP LOCKED
			) AS old LIMIT most
		) RETURNING 1
	)
	SELECT count(*)::integer FROM gone
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION "purge_audit_events"(integer) FROM PUBLIC;
