ALTER TABLE "challenges" ADD COLUMN "earlier_codes" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "confirmations" ADD COLUMN "earlier_codes" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "contact_changes" ADD COLUMN "earlier_codes" jsonb DEFAULT '[]'::jsonb NOT NULL;