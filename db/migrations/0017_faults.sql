CREATE TABLE "consecutive_failures" (
	"subject" "bytea" NOT NULL,
	"lane" text NOT NULL,
	"count" integer NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "consecutive_failures_subject_lane_pk" PRIMARY KEY("subject","lane")
);
--> statement-breakpoint
CREATE TABLE "reports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cardholder_id" uuid NOT NULL,
	"about" text NOT NULL,
	"reported_at" timestamp (3) with time zone NOT NULL,
	"resolved_at" timestamp (3) with time zone,
	"resolution" text,
	"resolved_by" text
);
--> statement-breakpoint
CREATE TABLE "key_fingerprints" (
	"purpose" text NOT NULL,
	"key_id" integer NOT NULL,
	"fingerprint" text NOT NULL,
	"disused_at" timestamp (3) with time zone,
	CONSTRAINT "key_fingerprints_purpose_key_id_pk" PRIMARY KEY("purpose","key_id")
);
--> statement-breakpoint
CREATE TABLE "operator_commands" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"command" text NOT NULL,
	"by" text NOT NULL,
	"reason" text,
	"details" jsonb NOT NULL
);
--> statement-breakpoint
DROP INDEX "outbox_due";--> statement-breakpoint
-- Rows of processes that are alive come back within ten seconds.
DELETE FROM "pulses";--> statement-breakpoint
ALTER TABLE "pulses" DROP CONSTRAINT "pulses_pkey";--> statement-breakpoint
ALTER TABLE "cardholders" ADD COLUMN "disputed_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "earlier_codes" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "requestor_id" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "network_tag" "bytea";--> statement-breakpoint
ALTER TABLE "confirmations" ADD COLUMN "earlier_codes" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "confirmations" ADD COLUMN "message_id" uuid;--> statement-breakpoint
ALTER TABLE "contact_changes" ADD COLUMN "earlier_codes" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "known_devices" ADD COLUMN "first_seen_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "host" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "pulses" ADD COLUMN "id" uuid PRIMARY KEY NOT NULL;--> statement-breakpoint
ALTER TABLE "pulses" ADD COLUMN "host" text NOT NULL;--> statement-breakpoint
ALTER TABLE "pulses" ADD COLUMN "pid" integer NOT NULL;--> statement-breakpoint
ALTER TABLE "pulses" ADD COLUMN "started_at" timestamp (3) with time zone NOT NULL;--> statement-breakpoint
ALTER TABLE "pulses" ADD COLUMN "round_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "proof_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "consecutive_failures_last_at" ON "consecutive_failures" USING btree ("last_at");--> statement-breakpoint
CREATE INDEX "reports_cardholder" ON "reports" USING btree ("cardholder_id","reported_at");--> statement-breakpoint
CREATE INDEX "reports_open" ON "reports" USING btree ("reported_at") WHERE "reports"."resolved_at" is null;--> statement-breakpoint
CREATE INDEX "operator_commands_at" ON "operator_commands" USING btree ("at");--> statement-breakpoint
CREATE INDEX "app_channels_secret" ON "app_channels" USING btree ("acs_trans_id") WHERE "app_channels"."secret" is not null;--> statement-breakpoint
CREATE INDEX "authentications_card" ON "authentications" USING btree ("card_id") WHERE "authentications"."card_id" is not null;--> statement-breakpoint
CREATE INDEX "confirmations_cardholder" ON "confirmations" USING btree ("cardholder_id") WHERE "confirmations"."cardholder_id" is not null;--> statement-breakpoint
CREATE INDEX "contact_changes_contact" ON "contact_changes" USING btree ("contact_id") WHERE "contact_changes"."contact_id" is not null;--> statement-breakpoint
CREATE INDEX "enrolments_cardholder" ON "enrolments" USING btree ("cardholder_id");--> statement-breakpoint
CREATE INDEX "enrolments_activation_code" ON "enrolments" USING btree ("activation_code_id");--> statement-breakpoint
CREATE INDEX "outbox_created_at" ON "outbox" USING btree ("created_at") WHERE "outbox"."acs_trans_id" is null;--> statement-breakpoint
CREATE INDEX "pairing_codes_session" ON "pairing_codes" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "trusted_merchants_cardholder" ON "trusted_merchants" USING btree ("cardholder_id");--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("kind","host","next_at") WHERE "outbox"."handed_over_at" is null and "outbox"."failed_at" is null;--> statement-breakpoint
-- Reports that are open when this version comes: as strict as a new one.
INSERT INTO "reports" ("id", "cardholder_id", "about", "reported_at") SELECT gen_random_uuid(), "id", 'change', "guarded_at" FROM "cardholders" WHERE "guarded_at" IS NOT NULL;--> statement-breakpoint
UPDATE "cardholders" SET "disputed_since" = "guarded_at" - interval '30 days' WHERE "guarded_at" IS NOT NULL;
