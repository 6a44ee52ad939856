DROP INDEX "risk_rows_changed_at";--> statement-breakpoint
DROP INDEX "risk_events_card";--> statement-breakpoint
CREATE INDEX "risk_events_card" ON "risk_events" USING btree ("card_id","id") WHERE "risk_events"."card_id" is not null;--> statement-breakpoint
ALTER TABLE "risk_rows" DROP COLUMN "changed_at";--> statement-breakpoint
ALTER TABLE "risk_rows" ADD COLUMN "kept_until" timestamp (3) with time zone NOT NULL;--> statement-breakpoint
CREATE INDEX "risk_rows_kept_until" ON "risk_rows" USING btree ("kept_until");