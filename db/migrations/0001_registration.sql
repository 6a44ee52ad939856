ALTER TABLE "cardholders" ADD COLUMN "wrong_facts" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "contact_changes" ADD COLUMN "challenge_id" uuid;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "provisional_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "challenge_proofs" ADD COLUMN "facts" text[];--> statement-breakpoint
ALTER TABLE "challenge_proofs" ADD COLUMN "facts_proved_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "challenge_proofs" ADD COLUMN "draft" text;--> statement-breakpoint
CREATE INDEX "contact_changes_challenge" ON "contact_changes" USING btree ("challenge_id") WHERE "contact_changes"."challenge_id" is not null;