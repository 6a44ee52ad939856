ALTER TABLE "outbox" ADD COLUMN "cardholder_id" uuid;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "about_id" uuid;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "template" text;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "gateway" text;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "gateway_ref" text;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "delivered_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "outbox_about" ON "outbox" USING btree ("about_id");--> statement-breakpoint
CREATE INDEX "outbox_cardholder" ON "outbox" USING btree ("cardholder_id","created_at");--> statement-breakpoint
CREATE INDEX "outbox_gateway_ref" ON "outbox" USING btree ("gateway_ref");