CREATE TABLE "approval_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"acs_trans_id" uuid NOT NULL,
	"cardholder_id" uuid NOT NULL,
	"content" jsonb NOT NULL,
	"nonce" "bytea" NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"device_id" uuid,
	"evidence" jsonb
);
--> statement-breakpoint
ALTER TABLE "approval_devices" ALTER COLUMN "public_key" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "approval_devices" ALTER COLUMN "thumbprint" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "approval_devices" ADD COLUMN "kind" text DEFAULT 'app' NOT NULL;--> statement-breakpoint
ALTER TABLE "approval_devices" ADD COLUMN "passkey_id" uuid;--> statement-breakpoint
ALTER TABLE "approval_devices" ADD COLUMN "secret_digest" "bytea";--> statement-breakpoint
ALTER TABLE "approval_devices" ADD COLUMN "subscription" jsonb;--> statement-breakpoint
ALTER TABLE "approval_requests" ADD CONSTRAINT "approval_requests_acs_trans_id_challenges_acs_trans_id_fk" FOREIGN KEY ("acs_trans_id") REFERENCES "public"."challenges"("acs_trans_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approval_requests" ADD CONSTRAINT "approval_requests_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approval_requests" ADD CONSTRAINT "approval_requests_device_id_approval_devices_id_fk" FOREIGN KEY ("device_id") REFERENCES "public"."approval_devices"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "approval_requests_open" ON "approval_requests" USING btree ("cardholder_id") WHERE "approval_requests"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "approval_requests_cardholder" ON "approval_requests" USING btree ("cardholder_id","created_at");--> statement-breakpoint
CREATE INDEX "approval_requests_challenge" ON "approval_requests" USING btree ("acs_trans_id");--> statement-breakpoint
CREATE INDEX "approval_requests_device" ON "approval_requests" USING btree ("device_id") WHERE "approval_requests"."device_id" is not null;--> statement-breakpoint
ALTER TABLE "approval_devices" ADD CONSTRAINT "approval_devices_passkey_id_passkeys_id_fk" FOREIGN KEY ("passkey_id") REFERENCES "public"."passkeys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "approval_devices_secret" ON "approval_devices" USING btree ("secret_digest");--> statement-breakpoint
CREATE INDEX "approval_devices_passkey" ON "approval_devices" USING btree ("passkey_id");