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
CREATE TABLE "operator_commands" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"command" text NOT NULL,
	"by" text NOT NULL,
	"reason" text,
	"details" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "proof_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "cardholders" ADD COLUMN "disputed_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "reports_cardholder" ON "reports" USING btree ("cardholder_id","reported_at");--> statement-breakpoint
CREATE INDEX "reports_open" ON "reports" USING btree ("reported_at") WHERE "reports"."resolved_at" is null;--> statement-breakpoint
CREATE INDEX "operator_commands_at" ON "operator_commands" USING btree ("at");--> statement-breakpoint
-- Reports that are open when this version comes: as strict as a new one.
INSERT INTO "reports" ("id", "cardholder_id", "about", "reported_at") SELECT gen_random_uuid(), "id", 'change', "guarded_at" FROM "cardholders" WHERE "guarded_at" IS NOT NULL;--> statement-breakpoint
UPDATE "cardholders" SET "disputed_since" = "guarded_at" - interval '30 days' WHERE "guarded_at" IS NOT NULL;
