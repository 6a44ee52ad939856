CREATE TABLE "trusted_merchants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cardholder_id" uuid NOT NULL,
	"directory_server" text NOT NULL,
	"acquirer_bin" text NOT NULL,
	"acquirer_merchant_id" text NOT NULL,
	"merchant_name" text NOT NULL,
	"trusted_at" timestamp (3) with time zone NOT NULL,
	"removed_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "trust_asked" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "trust_wanted" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "trusted_merchants" ADD CONSTRAINT "trusted_merchants_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "trusted_merchants_merchant" ON "trusted_merchants" USING btree ("cardholder_id","directory_server","acquirer_bin","acquirer_merchant_id") WHERE "trusted_merchants"."removed_at" is null;