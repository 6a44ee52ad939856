CREATE TABLE "approval_devices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cardholder_id" uuid NOT NULL,
	"name" text NOT NULL,
	"platform" text NOT NULL,
	"public_key" jsonb NOT NULL,
	"thumbprint" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"removed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "pairing_codes" (
	"cardholder_id" uuid PRIMARY KEY NOT NULL,
	"session_id" uuid NOT NULL,
	"tag" "bytea" NOT NULL,
	"key_id" integer NOT NULL,
	"code" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "approval_devices" ADD CONSTRAINT "approval_devices_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pairing_codes" ADD CONSTRAINT "pairing_codes_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pairing_codes" ADD CONSTRAINT "pairing_codes_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "approval_devices_thumbprint" ON "approval_devices" USING btree ("thumbprint") WHERE "approval_devices"."removed_at" is null;--> statement-breakpoint
CREATE INDEX "approval_devices_cardholder" ON "approval_devices" USING btree ("cardholder_id");--> statement-breakpoint
CREATE UNIQUE INDEX "pairing_codes_tag" ON "pairing_codes" USING btree ("tag");--> statement-breakpoint
CREATE INDEX "pairing_codes_expires_at" ON "pairing_codes" USING btree ("expires_at");