CREATE TABLE "change_reports" (
	"digest" "bytea" PRIMARY KEY NOT NULL,
	"change_id" uuid NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "contact_changes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cardholder_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"ending" text,
	"value" text NOT NULL,
	"masked" text NOT NULL,
	"attempts" smallint NOT NULL,
	"sends" smallint NOT NULL,
	"code_tag" "bytea",
	"code_key_id" integer,
	"code_expires_at" timestamp (3) with time zone NOT NULL,
	"last_sent_at" timestamp (3) with time zone NOT NULL,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"confirmed_at" timestamp (3) with time zone,
	"effective_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"contact_id" uuid
);
--> statement-breakpoint
ALTER TABLE "cardholders" ADD COLUMN "guarded_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "frozen_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "change_reports" ADD CONSTRAINT "change_reports_change_id_contact_changes_id_fk" FOREIGN KEY ("change_id") REFERENCES "public"."contact_changes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_changes" ADD CONSTRAINT "contact_changes_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_changes" ADD CONSTRAINT "contact_changes_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "change_reports_change" ON "change_reports" USING btree ("change_id");--> statement-breakpoint
CREATE INDEX "contact_changes_cardholder" ON "contact_changes" USING btree ("cardholder_id","requested_at");