CREATE TABLE "risk_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"card_id" uuid,
	"event" json NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "risk_rows" (
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"row" json NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "risk_rows_kind_key_pk" PRIMARY KEY("kind","key")
);
--> statement-breakpoint
ALTER TABLE "authentications" ADD COLUMN "risk" jsonb;--> statement-breakpoint
CREATE INDEX "risk_events_card" ON "risk_events" USING btree ("card_id") WHERE "risk_events"."card_id" is not null;--> statement-breakpoint
CREATE INDEX "risk_rows_changed_at" ON "risk_rows" USING btree ("kind","changed_at");--> statement-breakpoint
-- The rest is written by hand. What is remembered of a card is deleted with it.
CREATE FUNCTION "delete_history_of_card"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	DELETE FROM risk_rows WHERE kind = 'card' AND key = OLD.id::text;
	DELETE FROM risk_events WHERE card_id = OLD.id;
	RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER "cards_history" AFTER DELETE ON "cards" FOR EACH ROW EXECUTE FUNCTION "delete_history_of_card"();
