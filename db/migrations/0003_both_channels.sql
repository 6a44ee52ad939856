DROP INDEX "outbox_gateway_ref";--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "destination_mobile" text;