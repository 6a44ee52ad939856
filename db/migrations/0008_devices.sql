CREATE TABLE "card_browsers" (
	"card_id" uuid NOT NULL,
	"device_tag" "bytea" NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "card_browsers_card_id_device_tag_pk" PRIMARY KEY("card_id","device_tag")
);
--> statement-breakpoint
CREATE TABLE "method_results" (
	"three_ds_server_trans_id" uuid PRIMARY KEY NOT NULL,
	"device_tag" "bytea",
	"user_agent_digest" "bytea" NOT NULL,
	"time_zone" text,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "authentications" ALTER COLUMN "ares" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "device_tag" "bytea";--> statement-breakpoint
ALTER TABLE "card_browsers" ADD CONSTRAINT "card_browsers_card_id_cards_id_fk" FOREIGN KEY ("card_id") REFERENCES "public"."cards"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "card_browsers_seen_at" ON "card_browsers" USING btree ("seen_at");--> statement-breakpoint
CREATE INDEX "method_results_created_at" ON "method_results" USING btree ("created_at");