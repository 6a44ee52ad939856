DROP INDEX "outbox_due";--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "host" text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX "app_channels_secret" ON "app_channels" USING btree ("acs_trans_id") WHERE "app_channels"."secret" is not null;--> statement-breakpoint
CREATE INDEX "outbox_created_at" ON "outbox" USING btree ("created_at") WHERE "outbox"."acs_trans_id" is null;--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("kind","host","next_at") WHERE "outbox"."handed_over_at" is null and "outbox"."failed_at" is null;