ALTER TABLE "app_channels" ADD COLUMN "shown" text;--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "preference" text DEFAULT 'codes' NOT NULL;--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "way" text DEFAULT 'both' NOT NULL;--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "asked_in_account" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "preferences" ADD COLUMN "asked" text;